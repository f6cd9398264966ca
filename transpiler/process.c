// Running another program: posix_spawn, one pipe for its two outputs or none, and patience.

#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

// What is kept of a program's output; the rest is read and dropped, so that it never waits for us.
enum { KEPT_BYTES = 1 << 20 };

// Whether [entry], NAME=VALUE, is a variable that [more] sets.
static bool is_replaced(const char *entry, const char *const *more)
{
    size_t size = strcspn(entry, "=") + 1;
    for (; *more; more++)
        if (strncmp(entry, *more, size) == 0) return true;
    return false;
}

// Our environment with the variables of [more].
static char **environment_with(Arena *arena, const char *const *more)
{
    size_t count = 0, more_count = 0;
    while (environ[count])
        count++;
    while (more[more_count])
        more_count++;
    char **result = ARENA_ARRAY(arena, char *, count + more_count + 1);
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (!is_replaced(environ[i], more)) result[used++] = environ[i];
    for (size_t i = 0; i < more_count; i++)
        result[used++] = arena_copy(arena, more[i], strlen(more[i]));
    return result;
}

// The signals the tool ignores are for the other program to decide about.
static int set_signals(posix_spawnattr_t *attributes)
{
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGCHLD);
    int error = posix_spawnattr_setsigdefault(attributes, &defaults);
    return error ? error : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF);
}

// Nothing on its standard input, its two outputs into one pipe.
static int set_streams(posix_spawn_file_actions_t *actions, int output)
{
    int error = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!error) error = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    if (!error) error = posix_spawn_file_actions_adddup2(actions, output, STDERR_FILENO);
    return error;
}

// Starts argv[0], looked up in PATH, with its outputs in [output]; or [path] on our own streams.
static int spawn(const char *path, char *const *argv, char *const *environment, int output,
                 pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    error = posix_spawnattr_init(&attributes);
    if (error) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    error = set_signals(&attributes);
    if (!error && !path) error = set_streams(&actions, output);
    if (!error && path)
        error = posix_spawn(child, path, &actions, &attributes, argv, environment);
    else if (!error)
        error = posix_spawnp(child, argv[0], &actions, &attributes, argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

// Everything that comes through [input] until its end.
static const char *read_text(Arena *arena, int input)
{
    char *text = arena_alloc(arena, KEPT_BYTES + 1);
    size_t size = 0;
    char dropped[4096];
    for (;;) {
        bool is_full = size == KEPT_BYTES;
        ssize_t got = read(input, is_full ? dropped : text + size,
                           is_full ? sizeof dropped : KEPT_BYTES - size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        if (!is_full) size += (size_t)got;
    }
}

static bool wait_for(pid_t child, ProcessResult *result)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return false;
    result->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return true;
}

bool process_run(Arena *arena, const char *const *argv, ProcessResult *result)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return false;
    struct sigaction ignore = {.sa_handler = SIG_IGN}, former;
    struct sigaction wait = {.sa_handler = SIG_DFL}, former_wait;
    sigaction(SIGINT, &ignore, &former);
    sigaction(SIGCHLD, &wait, &former_wait); // where it is ignored, nobody can be waited for
    pid_t child;
    static const char *const plain[] = {"LC_ALL=C", NULL}; // messages that toolchain.c can read
    int error = spawn(NULL, (char *const *)argv, environment_with(arena, plain), ends[1], &child);
    close(ends[1]);
    bool is_done = false;
    if (!error) {
        result->text = read_text(arena, ends[0]);
        is_done = wait_for(child, result);
        error = errno;
    }
    close(ends[0]);
    sigaction(SIGINT, &former, NULL);
    sigaction(SIGCHLD, &former_wait, NULL);
    errno = error;
    return is_done;
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// Waits for a process that has run since [start].
static bool wait_and_measure(pid_t child, double start, ProcessUse *use)
{
    int status;
    struct rusage usage;
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR) return false;
    use->wall = seconds_now() - start;
    use->user = seconds_of(usage.ru_utime);
    use->system = seconds_of(usage.ru_stime);
    use->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    use->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return true;
}

bool process_watch(Arena *arena, const char *path, char *const *argv, const char *const *more,
                   ProcessUse *use)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, former;
    sigaction(SIGINT, &ignore, &former);
    pid_t child;
    double start = seconds_now();
    errno = spawn(path, argv, environment_with(arena, more), -1, &child);
    bool is_done = errno == 0 && wait_and_measure(child, start, use);
    int error = errno;
    sigaction(SIGINT, &former, NULL);
    errno = error;
    return is_done;
}
// ---- processes that outlive this one ------------------------------------------------------------

// No open files but [output], and the working directory it is to have.
static int add_files(posix_spawn_file_actions_t *actions, int place, int output)
{
    int error = 0;
    for (int file = STDIN_FILENO; !error && file <= STDERR_FILENO; file++) {
        if (file == STDOUT_FILENO && output >= 0)
            error = posix_spawn_file_actions_adddup2(actions, output, file);
        else
            error = posix_spawn_file_actions_addopen(actions, file, "/dev/null", O_RDWR, 0);
    }
    if (!error) error = posix_spawn_file_actions_addfchdir_np(actions, place);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    return error;
}

static int add_attributes(posix_spawnattr_t *attributes)
{
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
    if (error) return error;
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETSIGMASK);
}

bool process_start_apart(const char *const *argv, int place, int output, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0) return false;
    int error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = add_files(&actions, place, output);
        if (!error) error = add_attributes(&attributes);
        if (!error)
            error =
                posix_spawn(child, argv[0], &actions, &attributes, (char *const *)argv, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error == 0;
}

// ---- where programs are -------------------------------------------------------------------------

const char *process_find(Arena *arena, const char *name)
{
    if (strchr(name, '/')) return access(name, X_OK) == 0 ? name : NULL;
    const char *path = getenv("PATH");
    for (const char *at = path ? path : "/usr/local/bin:/usr/bin:/bin"; at;) {
        const char *end = strchrnul(at, ':');
        char candidate[4096];
        int size = snprintf(candidate, sizeof candidate, "%.*s/%s", (int)(end - at), at, name);
        if (end > at && size > 0 && (size_t)size < sizeof candidate && access(candidate, X_OK) == 0)
            return arena_copy(arena, candidate, (size_t)size);
        at = *end ? end + 1 : NULL;
    }
    return NULL;
}

bool process_exists(const char *name)
{
    Arena arena = {0};
    bool exists = process_find(&arena, name) != NULL;
    arena_free(&arena);
    return exists;
}

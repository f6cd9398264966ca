// Running another program: posix_spawn, one pipe for its two outputs, and patience.

#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// What is kept of a program's output; the rest is read and dropped, so that it never waits for us.
enum { KEPT_BYTES = 1 << 20 };

// The environment with messages in plain English, which toolchain.c reads.
static char **plain_environment(Arena *arena)
{
    size_t count = 0;
    while (environ[count])
        count++;
    char **result = ARENA_ARRAY(arena, char *, count + 2);
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "LC_ALL=", 7) != 0) result[used++] = environ[i];
    result[used] = arena_copy(arena, "LC_ALL=C", 8);
    return result;
}

static int spawn(Arena *arena, const char *const *argv, int output, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGPIPE);
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    error = posix_spawnattr_init(&attributes);
    if (error) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    if (!error)
        error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    if (!error) error = posix_spawnattr_setsigdefault(&attributes, &defaults);
    if (!error) error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    if (!error)
        error = posix_spawnp(child, argv[0], &actions, &attributes, (char *const *)argv,
                             plain_environment(arena));
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
    sigaction(SIGINT, &ignore, &former);
    pid_t child;
    int error = spawn(arena, argv, ends[1], &child);
    close(ends[1]);
    bool is_done = false;
    if (!error) {
        result->text = read_text(arena, ends[0]);
        is_done = wait_for(child, result);
        error = errno;
    }
    close(ends[0]);
    sigaction(SIGINT, &former, NULL);
    errno = error;
    return is_done;
}

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

// Native half of stdlib/os.tb: environment, machine, other programs.
//
// A program is started by posix_spawn, with pipes for its standard streams, which `exchange` then
// serves with poll until the program has closed them; so neither side waits for the other.
#include "file.h"

#include "build/stdlib/os.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

// ------------------------------------------------------------------------------------ environment

tb_value tb_os_getenv(tb_str *name)
{
    const char *key = tb_c_text(name, TB_PLACE("getenv", "name"));
    if (key == NULL) return TB_PENDING;
    const char *value = getenv(key);
    return value ? TB_VALUE_OF(tb_str_from_system(value)) : TB_NONE_VALUE;
}

// The name of a variable, which must not be empty nor contain `=`. NULL: raised.
static const char *variable_name(tb_str *name, const char *function)
{
    const char *key = tb_c_text(name, TB_PLACE(function, "name"));
    if (key == NULL) return NULL;
    if (*key == 0) {
        tb_raise_error(&tb_error_io, "`name` of `%s` must not be empty", function);
        return NULL;
    }
    if (strchr(key, '=') == NULL) return key;
    tb_raise_error(&tb_error_value, "`name` of `%s` must not contain `=`: %V", function,
                   TB_OBJECT(name));
    return NULL;
}

static int changed(int status, tb_str *name)
{
    if (status == 0) return 0;
    tb_raise_error(&tb_error_io, "cannot change the variable %V: %s", TB_OBJECT(name),
                   strerror(errno));
    return -1;
}

int tb_os_setenv(tb_str *name, tb_str *value)
{
    const char *key = variable_name(name, "setenv");
    const char *text = key ? tb_c_text(value, TB_PLACE("setenv", "value")) : NULL;
    return text ? changed(setenv(key, text, 1), name) : -1;
}

int tb_os_unsetenv(tb_str *name)
{
    const char *key = variable_name(name, "unsetenv");
    return key ? changed(unsetenv(key), name) : -1;
}

tb_dict *tb_os_environ(void)
{
    tb_dict *dict = tb_dict_new(0);
    for (char **entry = environ; dict && *entry; entry++) {
        const char *mark = strchr(*entry, '=');
        if (mark == NULL) continue;
        tb_text name;
        tb_text_begin(&name);
        if (tb_text_add_any(&name, *entry, mark - *entry) < 0) return NULL;
        tb_str *key = tb_text_end(&name);
        tb_str *value = key ? tb_str_from_system(mark + 1) : NULL;
        if (value == NULL || tb_dict_put(dict, TB_OBJECT(key), TB_OBJECT(value)) < 0) return NULL;
    }
    return dict;
}

// ---------------------------------------------------------------------------------------- machine

tb_str *tb_os_platform(void)
{
    struct utsname system;
    return tb_str_from_system(uname(&system) < 0 ? "unknown" : system.sysname);
}

tb_str *tb_os_arch(void)
{
    struct utsname system;
    return tb_str_from_system(uname(&system) < 0 ? "unknown" : system.machine);
}

tb_str *tb_os_hostname(void)
{
    struct utsname system;
    return tb_str_from_system(uname(&system) < 0 ? "unknown" : system.nodename);
}

int64_t tb_os_cpu_count(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? count : 1;
}

int64_t tb_os_get_memory(void)
{
    int64_t size;
    int failed = tb_mul_overflows(sysconf(_SC_PHYS_PAGES), sysconf(_SC_PAGESIZE), &size);
    return failed || size < 0 ? 0 : size;
}

tb_str *tb_os_username(void)
{
    char name[256];
    const char *user = getenv("USER");
    if (getlogin_r(name, sizeof name) == 0) return tb_str_from_system(name);
    if (user && *user) return tb_str_from_system(user);
    const struct passwd *entry = getpwuid(getuid());
    return tb_str_from_system(entry ? entry->pw_name : "unknown");
}

int64_t tb_os_pid(void)
{
    return getpid();
}

int64_t tb_os_ppid(void)
{
    return getppid();
}

// -------------------------------------------------------------------------------- other programs

// The two ends of a pipe; -1: closed.
typedef struct Pipe {
    int read, write;
} Pipe;

// A program that runs, and our ends of its standard streams.
typedef struct Child {
    pid_t pid;
    Pipe in, out, err;
} Child;

static void close_end(int *fd)
{
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

static void close_pipes(Child *child)
{
    Pipe *pipes[] = {&child->in, &child->out, &child->err};
    for (int i = 0; i < 3; i++) {
        close_end(&pipes[i]->read);
        close_end(&pipes[i]->write);
    }
}

static int open_pipe(Pipe *ends)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0) return -1;
    *ends = (Pipe){fds[0], fds[1]};
    return 0;
}

// The signals we changed are as usual in the program.
static int usual_signals(posix_spawnattr_t *attributes)
{
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGINT);
    int error = posix_spawnattr_setsigdefault(attributes, &usual);
    return error ? error : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF);
}

// Starts argv[0] with the child's pipes as its standard streams. Returns an errno.
static int spawn(Child *child, char **argv)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    if ((error = posix_spawnattr_init(&attributes)) == 0) {
        const int fds[] = {child->in.read, child->out.write, child->err.write};
        for (int i = 0; i < 3 && error == 0 && fds[i] >= 0; i++)
            error = posix_spawn_file_actions_adddup2(&actions, fds[i], i);
        if (error == 0) error = usual_signals(&attributes);
        if (error == 0)
            error = posix_spawnp(&child->pid, argv[0], &actions, &attributes, argv, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

// The exit status of an ended program; the number of the signal that ended it, negative.
static int wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// ---- feeding it and collecting what it writes

// Reads what is there. 0, or -1: raised. At the end the pipe is closed.
static int collect(int *fd, tb_text *text)
{
    char block[16384];
    ssize_t got = read(*fd, block, sizeof block);
    if (got > 0) return tb_text_add(text, block, got);
    if (got == 0 || (errno != EINTR && errno != EAGAIN)) close_end(fd);
    return 0;
}

// Writes some of the input that is left; the pipe is closed when all is written or nobody reads.
static void feed(int *fd, const char **bytes, int64_t *size)
{
    ssize_t done = *size > 0 ? write(*fd, *bytes, (size_t)*size) : 0;
    if (done < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (done > 0) {
        *bytes += done;
        *size -= done;
    }
    if (done < 0 || *size == 0) close_end(fd);
}

// Serves the three pipes until the program has closed its two. 0, or -1: raised.
static int exchange(Child *child, const char *input, int64_t size, tb_text *out, tb_text *err)
{
    fcntl(child->in.write, F_SETFL, O_NONBLOCK);
    while (child->out.read >= 0 || child->err.read >= 0) {
        struct pollfd ready[] = {{child->out.read, POLLIN, 0},
                                 {child->err.read, POLLIN, 0},
                                 {child->in.write, POLLOUT, 0}};
        if (poll(ready, 3, -1) < 0) {
            if (errno != EINTR) return 0;
            if (tb_interrupt() == TB_PENDING) return -1;
            continue;
        }
        if (ready[0].revents && collect(&child->out.read, out) < 0) return -1;
        if (ready[1].revents && collect(&child->err.read, err) < 0) return -1;
        if (ready[2].revents) feed(&child->in.write, &input, &size);
    }
    return 0;
}

// Text of what a program wrote: bytes that are not UTF-8 become U+FFFD.
static tb_value text_of(const tb_text *bytes)
{
    tb_text text;
    tb_text_begin(&text);
    if (tb_text_add_any(&text, bytes->data, bytes->size) < 0) return TB_PENDING;
    return TB_VALUE_OF(tb_text_end(&text));
}

static tb_dict *result_of(int status, const tb_text *out, const tb_text *err)
{
    tb_dict *dict = tb_dict_new(3);
    if (dict == NULL || tb_dict_put_name(dict, "returncode", TB_INT62(status)) < 0) return NULL;
    if (tb_dict_put_name(dict, "stdout", text_of(out)) < 0) return NULL;
    return tb_dict_put_name(dict, "stderr", text_of(err)) < 0 ? NULL : dict;
}

// The command as C wants it: texts, then NULL. NULL: raised.
static char **arguments_of(tb_list *command)
{
    char **argv = tb_alloc(((size_t)command->count + 1) * sizeof *argv);
    for (int64_t i = 0; argv && i < command->count; i++) {
        tb_value item = tb_list_at(command, i);
        tb_value text = item == TB_PENDING ? item : tb_to_str(item);
        const char *word =
            text == TB_PENDING ? NULL : tb_c_text(TB_AS_STR(text), TB_PLACE("exec", "command"));
        if (word == NULL) return NULL;
        argv[i] = (char *)(uintptr_t)word;
    }
    return argv;
}

static int start(Child *child, char **argv)
{
    *child = (Child){0, {-1, -1}, {-1, -1}, {-1, -1}};
    int is_open =
        open_pipe(&child->in) == 0 && open_pipe(&child->out) == 0 && open_pipe(&child->err) == 0;
    int error = is_open ? spawn(child, argv) : errno;
    if (error == 0) {
        close_end(&child->in.read);
        close_end(&child->out.write);
        close_end(&child->err.write);
        return 0;
    }
    close_pipes(child);
    tb_str *name = tb_str_from_system(argv[0]);
    if (name) tb_raise_file(error, "run", name);
    return -1;
}

tb_dict *tb_os_run(tb_list *command, tb_value input)
{
    Child child;
    tb_text out, err;
    tb_value feed_text = TB_IS(input, &tb_class_bytes) ? input : tb_to_str(input);
    char **argv = feed_text == TB_PENDING || tb_out_flush() < 0 ? NULL : arguments_of(command);
    if (argv == NULL || start(&child, argv) < 0) return NULL;
    tb_text_begin(&out);
    tb_text_begin(&err);
    int is_text = TB_IS_STR(feed_text);
    const char *bytes =
        is_text ? TB_AS_STR(feed_text)->data : (const char *)TB_AS_BYTES(feed_text)->data;
    int64_t size = is_text ? TB_AS_STR(feed_text)->size : TB_AS_BYTES(feed_text)->size;
    int served = exchange(&child, bytes, size, &out, &err);
    close_pipes(&child);
    if (served < 0) kill(child.pid, SIGTERM);
    int status = wait_for(child.pid);
    tb_dict *result = served < 0 ? NULL : result_of(status, &out, &err);
    tb_text_drop(&out);
    tb_text_drop(&err);
    return result;
}

// As system(3): while the command runs Ctrl-C is its business alone.
int64_t tb_os_system(tb_str *command)
{
    const char *line = tb_c_text(command, TB_PLACE("system", "command"));
    if (line == NULL || tb_out_flush() < 0) return INT64_MIN;
    char shell[] = "/bin/sh", option[] = "-c";
    char *argv[] = {shell, option, (char *)(uintptr_t)line, NULL};
    Child child = {0, {-1, -1}, {-1, -1}, {-1, -1}};
    struct sigaction ignore = {.sa_handler = SIG_IGN}, former;
    sigaction(SIGINT, &ignore, &former);
    int error = spawn(&child, argv);
    int status = error ? error : wait_for(child.pid);
    sigaction(SIGINT, &former, NULL);
    if (error == 0) return status;
    tb_raise_error(&tb_error_io, "cannot run the shell: %s", strerror(error));
    return INT64_MIN;
}

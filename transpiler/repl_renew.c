// `:reset`: a fresh process in the place of the one that held a session.
//
// A process never gives back all it took: the collector keeps what it knows about every page it
// once had, and what was freed lies between what is in use. So the same program is started again by
// the same process (execve), which keeps its number, terminal, folder and environment, and is as
// small as on the first day. What the prompt must not lose travels in a file without a name, whose
// number the variable TOMBO_RESUME tells:
//
//     STATUS SIZE NEWLINE    SIZE bytes of input, read but not run yet    the history
#include "repl_state.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "repl_edit.h"

static const char variable[] = "TOMBO_RESUME";

// Writes what the other process needs. False when that fails.
static bool write_state(const Repl *repl, FILE *file)
{
    Text input = {0};
    if (repl->has_next_line) text_add(&input, repl->next_line.bytes, repl->next_line.size);
    const ReplInput *rest = &repl->input;
    if (rest->at < rest->bytes.size)
        text_add(&input, rest->bytes.bytes + rest->at, rest->bytes.size - rest->at);
    fprintf(file, "%d %zu\n", repl->status, input.size);
    if (input.size) fwrite(input.bytes, 1, input.size, file);
    if (repl->editor) editor_write_history(repl->editor, file);
    text_free(&input);
    return fflush(file) == 0 && !ferror(file) && fseek(file, 0, SEEK_SET) == 0;
}

void repl_renew(const Repl *repl)
{
    char number[16];
    int memory = memfd_create("session", 0);
    FILE *file = memory < 0 ? NULL : fdopen(memory, "w+");
    if (!file) {
        if (memory >= 0) close(memory);
        return;
    }
    snprintf(number, sizeof number, "%d", memory);
    if (write_state(repl, file) && setenv(variable, number, 1) == 0) {
        if (repl->is_terminal) signal(SIGINT, SIG_IGN); // until the other listens
        execv("/proc/self/exe", repl->command_line);
        if (repl->is_terminal) session_listen();
        unsetenv(variable);
    }
    fclose(file);
}

// The file that the variable tells of; NULL: there is none.
static FILE *open_state(void)
{
    const char *number = getenv(variable);
    int memory = number ? (int)strtol(number, NULL, 10) : -1;
    unsetenv(variable);
    if (memory <= STDERR_FILENO || fcntl(memory, F_SETFD, FD_CLOEXEC) < 0) return NULL;
    return fdopen(memory, "r");
}

FILE *repl_take_over(Repl *repl)
{
    size_t size;
    FILE *file = open_state();
    if (!file) return NULL;
    prctl(PR_SET_NAME, "tombo"); // and not "exe"
    bool is_read = fscanf(file, "%d %zu", &repl->status, &size) == 2 && getc(file) == '\n';
    Text *bytes = &repl->input.bytes;
    if (is_read) bytes->size = fread(text_room(bytes, size), 1, size, file);
    return file;
}

// The prompt's loop: read an entry, do what it says, until it is left.
#include "repl_state.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "repl_edit.h"

enum { USUAL_WIDTH = 80 };

static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 10) return size.ws_col;
    return USUAL_WIDTH;
}

static ShowOptions show_options(const Repl *repl)
{
    return (ShowOptions){.color = repl->is_color,
                         .is_quiet = repl->is_quiet,
                         .is_terminal = repl->is_terminal,
                         .width = terminal_width()};
}

// Whether there is nothing in the text but blanks and comments.
static bool is_blank(const char *text)
{
    for (;;) {
        text += strspn(text, " \t\n");
        if (*text != '#') return *text == '\0';
        text += strcspn(text, "\n");
    }
}

void repl_enter(Repl *repl, const char *text, size_t size)
{
    if (is_blank(text)) return;
    session_set_show(repl->session, show_options(repl));
    switch (session_run(repl->session, text, size)) {
    case ENTRY_DONE:
        break;
    case ENTRY_REJECTED:
        repl_teach(repl, text);
        repl->status = STATUS_REJECTED;
        break;
    case ENTRY_FAILED:
        repl->status = STATUS_FAILED;
        break;
    case ENTRY_EXIT:
        repl->is_leaving = true;
        repl->status = session_exit_status(repl->session);
        break;
    }
}

static void run_entry(Repl *repl)
{
    const char *text = repl->entry.bytes;
    if (!repl_command(repl, text)) repl_enter(repl, text, repl->entry.size);
}

// Whether the terminal can move its cursor.
static bool is_smart_terminal(void)
{
    const char *kind = getenv("TERM");
    return kind && *kind && strcmp(kind, "dumb") != 0;
}

static void begin_terminal(Repl *repl, FILE *former)
{
    session_listen();
    if (is_smart_terminal())
        repl->editor = editor_new(repl->session, &repl->input, repl->is_color, former);
    if (!former) printf("Tombo " TOMBO_VERSION ". `:help` says what there is, Ctrl-D leaves.\n");
}

static void begin(Repl *repl)
{
    repl->is_terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    repl->is_color = color_is_wanted(stdout, repl->messages->color);
    FILE *former = repl_take_over(repl);
    if (repl->is_terminal) begin_terminal(repl, former);
    if (former) fclose(former);
}

int repl_run(const Messages *messages, bool is_quiet, char *const *command_line)
{
    Repl repl = {.messages = messages, .command_line = command_line, .is_quiet = is_quiet};
    repl.session = session_new(messages, (ShowOptions){.width = USUAL_WIDTH});
    if (!repl.session) return STATUS_FAILED;
    begin(&repl);
    while (!repl.is_leaving && repl_read(&repl)) {
        run_entry(&repl);
        fflush(stdout);
    }
    session_end(repl.session);
    editor_free(repl.editor);
    text_free(&repl.entry);
    text_free(&repl.next_line);
    text_free(&repl.input.bytes);
    return repl.is_terminal && !repl.is_leaving ? STATUS_OK : repl.status;
}

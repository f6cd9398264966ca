// `:commands`, and what users of other prompts type without thinking: `%time e`, `!ls`, `?name`,
// `help(x)`, `dir()`, `exit`.
#include "repl_state.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "files.h"

typedef struct CommandRow {
    const char *name;
    const char *argument; // as shown
    const char *summary;
    void (*run)(Repl *repl, const char *argument); // NULL argument: none was given
} CommandRow;

// ---- what commands do ---------------------------------------------------------------------------

static void complain(const Repl *repl, const char *text)
{
    message_error(repl->messages, "%s", text);
}

static void list_commands(void);

static void run_help(Repl *repl, const char *topic)
{
    if (topic)
        repl_help(repl, topic);
    else
        list_commands();
}

static void run_reset(Repl *repl, const char *argument)
{
    (void)argument;
    session_end(repl->session);
    printf("Interpreter reset\n");
    fflush(stdout);
    repl_renew(repl);
    session_reset(repl->session); // where processes cannot be replaced
}

static void run_load(Repl *repl, const char *path)
{
    EntryResult result = session_load(repl->session, path);
    if (result == ENTRY_REJECTED) repl->status = STATUS_REJECTED;
    if (result == ENTRY_FAILED) repl->status = STATUS_FAILED;
    if (result != ENTRY_EXIT) return;
    repl->is_leaving = true;
    repl->status = session_exit_status(repl->session);
}

static void run_save(Repl *repl, const char *path)
{
    FILE *file = fopen(path, "w");
    if (file) session_save(repl->session, file);
    if (file && fclose(file) == 0)
        printf("saved to %s\n", path);
    else
        message_error(repl->messages, "cannot write `%s`: %s", path, strerror(errno));
}

static void run_type(Repl *repl, const char *text)
{
    session_type(repl->session, text);
}

static void run_c(Repl *repl, const char *text)
{
    if (!text && !*session_last_entry(repl->session))
        complain(repl, "there is no entry to show the C of");
    else
        session_emit(repl->session, text, STAGE_C);
}

static void run_emit(Repl *repl, const char *argument)
{
    size_t size = strcspn(argument, " \t");
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        if (strlen(stage_names[stage]) != size || strncmp(stage_names[stage], argument, size) != 0)
            continue;
        const char *text = argument + size + strspn(argument + size, " \t");
        session_emit(repl->session, *text ? text : NULL, (Stage)stage);
        return;
    }
    complain(repl, "`:emit` needs a stage: lexer, parser, resolve, infer, lower or c");
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void run_time(Repl *repl, const char *text)
{
    double start = seconds_now();
    repl_enter(repl, text, strlen(text));
    double seconds = seconds_now() - start;
    if (seconds < 1)
        printf("%.3f ms, compiling included\n", seconds * 1e3);
    else
        printf("%.3f s, compiling included\n", seconds);
}

static void run_memory(Repl *repl, const char *argument)
{
    (void)argument;
    session_report_memory(repl->session, stdout);
}

static void run_vars(Repl *repl, const char *argument)
{
    (void)argument;
    session_list(repl->session, false);
}

static void run_undo(Repl *repl, const char *argument)
{
    (void)argument;
    const char *text = session_undo(repl->session);
    if (text)
        printf("undone: %s", text);
    else
        printf("there is nothing to undo\n");
}

// Runs the user's editor on a file. Returns whether it ended well.
static bool edit_file(const Repl *repl, Arena *arena, const char *path)
{
    const char *editor = getenv("VISUAL");
    if (!editor || !*editor) editor = getenv("EDITOR");
    if (!editor || !*editor) editor = "vi";
    int status = system(arena_format(arena, "%s '%s'", editor, path));
    if (status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    message_error(repl->messages, "the editor `%s` failed", editor);
    message_help(repl->messages, "set EDITOR to the one you like");
    return false;
}

static void run_edit(Repl *repl, const char *argument)
{
    (void)argument;
    Arena arena = {0};
    const char *text = session_last_entry(repl->session);
    const char *folder = file_create_folder(&arena);
    const char *path = folder ? arena_format(&arena, "%s/entry.tb", folder) : NULL;
    if (!path || !file_write(&arena, path, text, strlen(text))) {
        message_error(repl->messages, "cannot make a file to edit: %s", strerror(errno));
    } else if (edit_file(repl, &arena, path)) {
        Source *source = source_read(&arena, path);
        if (source) repl_enter(repl, source->text, source->size);
    }
    if (path) unlink(path);
    if (folder) rmdir(folder);
    arena_free(&arena);
}

static void run_quit(Repl *repl, const char *argument)
{
    (void)argument;
    repl->is_leaving = true;
    repl->status = STATUS_OK;
}

// clang-format off
static const CommandRow rows[] = {
    {"help",  "[NAME]",      "this list, or what is known of a name", run_help},
    {"doc",   "NAME",        "what is known of a name",                repl_help},
    {"vars",  "",            "the names there are, with type and value", run_vars},
    {"type",  "EXPRESSION",  "the type of an expression, which is not run", run_type},
    {"time",  "ENTRY",       "run an entry and say how long it took",  run_time},
    {"c",     "[ENTRY]",     "the C of an entry; of the last one",     run_c},
    {"emit",  "STAGE [ENTRY]", "what a stage of the compiler makes of an entry", run_emit},
    {"load",  "FILE",        "run a file as an entry",                 run_load},
    {"save",  "FILE",        "write the entries so far to a file",     run_save},
    {"edit",  "",            "edit the last entry in your editor and run it", run_edit},
    {"undo",  "",            "take back what the last entry did to names", run_undo},
    {"mem",   "",            "what the session takes",                 run_memory},
    {"reset", "",            "drop every name and give the memory back", run_reset},
    {"quit",  "",            "leave; so do exit, quit and Ctrl-D",     run_quit},
};
// clang-format on
static const int row_count = sizeof rows / sizeof *rows;

static void list_commands(void)
{
    for (int i = 0; i < row_count; i++)
        printf("  :%-6s %-15s %s\n", rows[i].name, rows[i].argument, rows[i].summary);
    printf("  %-23s %s\n  %-23s %s\n  %-23s %s\n  %-23s %s\n", "!COMMAND",
           "run a command of the system", "?NAME, NAME?", "the same as :help NAME", "%time ENTRY",
           "the same as :time ENTRY", "_", "the last value shown");
}

void repl_each_command(void (*each)(void *data, const char *name), void *data)
{
    for (int i = 0; i < row_count; i++)
        each(data, rows[i].name);
}

// ---- finding them -------------------------------------------------------------------------------

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static void unknown_command(const Repl *repl, const char *name)
{
    int first = 0, next;
    while (first < row_count && !begins_with(rows[first].name, name))
        first++;
    for (next = first + 1; next < row_count && !begins_with(rows[next].name, name);)
        next++;
    if (next < row_count) {
        message_error(repl->messages, "`:%s` can be `:%s` or `:%s`", name, rows[first].name,
                      rows[next].name);
        return;
    }
    Nearest nearest = {.wanted = name};
    for (int i = 0; i < row_count; i++)
        nearest_offer(&nearest, rows[i].name);
    message_error(repl->messages, "there is no command `:%s`", name);
    if (nearest.best)
        message_help(repl->messages, "did you mean `:%s`?", nearest.best);
    else
        message_help(repl->messages, "`:help` lists the commands");
}

// The row of a command, or of the only one that begins like that.
static const CommandRow *find_row(const char *name)
{
    const CommandRow *found = NULL;
    for (int i = 0; i < row_count; i++) {
        if (strcmp(rows[i].name, name) == 0) return &rows[i];
        if (!begins_with(rows[i].name, name)) continue;
        if (found) return NULL;
        found = &rows[i];
    }
    return found;
}

static void run_row(Repl *repl, const CommandRow *row, const char *argument)
{
    bool needs_argument = *row->argument && *row->argument != '[';
    if (needs_argument && !*argument) {
        message_error(repl->messages, "`:%s` needs something: :%s %s", row->name, row->name,
                      row->argument);
        return;
    }
    row->run(repl, *argument ? argument : NULL);
}

// `:name argument`
static void run_command(Repl *repl, Arena *arena, const char *text)
{
    size_t size = strcspn(text, " \t\n");
    const char *name = arena_copy(arena, text, size);
    const char *argument = text + size + strspn(text + size, " \t\n");
    const CommandRow *row = *name ? find_row(name) : find_row("help");
    if (row)
        run_row(repl, row, argument);
    else
        unknown_command(repl, name);
}

static void run_system(const Repl *repl, const char *command)
{
    enum { NO_SUCH_COMMAND = 127 }; // as shells say it
    fflush(stdout);
    int status = system(command);
    if (status == -1)
        message_error(repl->messages, "cannot run a shell: %s", strerror(errno));
    else if (WIFEXITED(status) && WEXITSTATUS(status) == NO_SUCH_COMMAND)
        message_help(repl->messages, "`!` runs a command of the system; to negate, write `not`");
    else if (WIFEXITED(status) && WEXITSTATUS(status))
        message_error(repl->messages, "the command ended with status %d", WEXITSTATUS(status));
}

// `help(x)` and the like, whatever [name] stands before the brackets. NULL: it is no such call.
static const char *called_with(Arena *arena, const char *text, const char *name)
{
    size_t size = strlen(name);
    if (strncmp(text, name, size) != 0) return NULL;
    const char *open = text + size + strspn(text + size, " \t");
    size_t length = strlen(open);
    if (*open != '(' || open[length - 1] != ')') return NULL;
    bool is_quoted =
        length > 4 && (open[1] == '"' || open[1] == '\'') && open[length - 2] == open[1];
    return is_quoted ? arena_copy(arena, open + 2, length - 4)
                     : arena_copy(arena, open + 1, length - 2);
}

static bool is_word(const char *text, const char *word)
{
    return strcmp(text, word) == 0;
}

// What looks like an entry but is meant for the prompt, unless the user has given it a meaning.
static bool run_word(Repl *repl, Arena *arena, const char *text)
{
    bool is_leaving = is_word(text, "exit") || is_word(text, "quit") || is_word(text, "quit()") ||
                      is_word(text, "exit()");
    if (is_leaving && !session_has(repl->session, "exit") && !session_has(repl->session, "quit")) {
        run_quit(repl, NULL);
        return true;
    }
    const char *topic = is_word(text, "help") ? "" : called_with(arena, text, "help");
    if (topic && !session_has(repl->session, "help")) {
        run_help(repl, *topic ? topic : NULL);
        return true;
    }
    const char *inside = called_with(arena, text, "dir");
    if (!inside || *inside || session_has(repl->session, "dir")) return false;
    session_list(repl->session, true);
    return true;
}

// [text] without blanks at its ends.
static const char *trim(Arena *arena, const char *text)
{
    text += strspn(text, " \t\n");
    size_t size = strlen(text);
    while (size && isspace((unsigned char)text[size - 1]))
        size--;
    return arena_copy(arena, text, size);
}

static bool run_any(Repl *repl, Arena *arena, const char *text)
{
    size_t size = strlen(text);
    if (*text == ':') {
        run_command(repl, arena, text + 1);
    } else if (strncmp(text, "%time ", 6) == 0) {
        run_time(repl, text + 6);
    } else if (*text == '%') {
        run_command(repl, arena, text + 1);
    } else if (*text == '!') {
        run_system(repl, text + 1);
    } else if (*text == '?') {
        run_help(repl, text[1] ? trim(arena, text + 1) : NULL);
    } else if (size > 1 && text[size - 1] == '?' && !strpbrk(text, " \t\n(")) {
        run_help(repl, arena_copy(arena, text, size - 1));
    } else {
        return run_word(repl, arena, text);
    }
    return true;
}

bool repl_command(Repl *repl, const char *text)
{
    Arena arena = {0};
    bool is_command = run_any(repl, &arena, trim(&arena, text));
    arena_free(&arena);
    return is_command;
}

// Reading the command line: a table of commands, a table of options, and one walk over the
// arguments. The manual that `tombo help` prints comes from the same tables.

#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

typedef struct CommandRow {
    const char *name;
    const char *usage;
    const char *summary;
    const char *manual; // more about it
} CommandRow;

static const CommandRow commands[COMMAND_COUNT] = {
    [COMMAND_RUN] = {"run", "run [OPTIONS] FILE [ARGUMENTS]", "compile in memory and run, at once",
                     "Everything behind FILE belongs to the program. `tombo FILE` does the same, "
                     "and so does a first\n"
                     "line `#!/usr/bin/env tombo`. FILE may be `-` for standard input.\n"},
    [COMMAND_BUILD] =
        {"build", "build [OPTIONS] FILE [-o PROGRAM]", "make a native executable",
         "The program is called like FILE without its extension unless -o says otherwise.\n"},
    [COMMAND_CHECK] = {"check", "check [OPTIONS] FILE", "report mistakes and warnings, run nothing",
                       ""},
    [COMMAND_EMIT] = {"emit", "emit [--after=STAGE] FILE",
                      "print what a stage of the compiler makes of a program",
                      "The stages are lexer, parser, resolve, infer, lower and c. The exit status "
                      "is 2 if one up to\n"
                      "the stage reported a mistake.\n"},
    [COMMAND_REPL] =
        {"repl", "repl", "the prompt; `tombo` alone does the same",
         "Entries are run as they are typed. From a pipe they are read without prompts, "
         "and the exit\n"
         "status is that of the last one that failed.\n"},
    [COMMAND_CACHE] =
        {"cache", "cache [add FILE | clear]", "the programs that `tombo run` has built",
         "A program that ran for more than a moment is built in the background; the next run of "
         "the "
         "same text\n"
         "starts what was built. The cache is in $XDG_CACHE_HOME/tombo or ~/.cache/tombo; "
         "TOMBO_CACHE=off turns it\n"
         "off. Alone, the command shows what there is; `add FILE` builds a program into it now, "
         "`clear` empties it.\n"},
    [COMMAND_MEM] =
        {"mem", "mem [OPTIONS] FILE [ARGUMENTS]", "run a program and show what memory it takes",
         "Everything behind FILE belongs to the program, which is built as by `tombo build` and "
         "runs on the same\n"
         "standard streams. When it has ended, a report follows on standard error: the size of the "
         "process at its\n"
         "start and at most, what was allocated, the collections, and what is live at the end by "
         "kind of object.\n"
         "The variables of the top level keep what they hold until then. The exit status is the "
         "program's.\n\n"
         "`tombo mem --profile` measures the standard scenarios instead (an item of a list, a "
         "function, a String …)\n"
         "and writes what each takes to standard output.\n"},
    [COMMAND_BENCH] =
        {"bench", "bench [OPTIONS] FILE [ARGUMENTS]", "run a program and show where its time goes",
         "Everything behind FILE belongs to the program, which is built as by `tombo build` and "
         "runs on the same\n"
         "standard streams. When it has ended, a report follows on standard error: wall, user and "
         "system time, peak\n"
         "memory, allocations, collections, and the functions most of the time was spent in, found "
         "by looking at\n"
         "the program every few milliseconds (this needs `addr2line`, which comes with gcc). The "
         "exit status is\n"
         "the program's.\n"},
    [COMMAND_HELP] = {"help", "help [COMMAND]", "this list, or more about a command", ""},
    [COMMAND_VERSION] = {"version", "version", "the version", ""},
};

typedef enum OptionId {
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_QUIET,
    OPTION_COLOR,
    OPTION_JSON,
    OPTION_CODE,
    OPTION_OUTPUT,
    OPTION_DEBUG,
    OPTION_STATIC,
    OPTION_COMPILER,
    OPTION_TARGET,
    OPTION_EMIT_C,
    OPTION_KEEP_C,
    OPTION_SANITIZE,
    OPTION_AFTER,
    OPTION_NO_TIER,
    OPTION_MAX_HEAP,
    OPTION_PROFILE,
    OPTION_SVG,
    OPTION_RUNS,
} OptionId;

typedef enum ValueKind {
    VALUE_NONE,
    VALUE_OPTIONAL, // --name or --name=value
    VALUE_NEEDED,   // --name=value or --name value
} ValueKind;

typedef struct OptionRow {
    OptionId id;
    const char *name;
    const char *short_name;
    unsigned commands; // a bit for each that takes it
    ValueKind value;
    const char *shown;
    const char *summary;
} OptionRow;

#define ON(command) (1u << COMMAND_##command)
#define ON_ALL      ((1u << COMMAND_COUNT) - 1)
#define ON_REPORTS  (ON(MEM) | ON(BENCH))
#define ON_PROGRAMS (ON(RUN) | ON(BUILD) | ON(CHECK) | ON(EMIT) | ON_REPORTS)

// clang-format off
static const OptionRow option_rows[] = {
    {OPTION_CODE,     "",           "-e", ON_PROGRAMS, VALUE_NEEDED,   "-e CODE",         "the program is CODE itself; no FILE"},
    {OPTION_OUTPUT,   "--output",   "-o", ON(BUILD),   VALUE_NEEDED,   "-o PROGRAM",      "the executable's name"},
    {OPTION_DEBUG,    "--debug",    "",   ON(BUILD),   VALUE_NONE,     "--debug",         "for gdb: not optimised, with Tombo lines and names"},
    {OPTION_STATIC,   "--static",   "",   ON(BUILD),   VALUE_NONE,     "--static",        "link everything in; needs no library when it runs"},
    {OPTION_COMPILER, "--cc",       "",   ON(BUILD),   VALUE_NEEDED,   "--cc=COMPILER",   "the C compiler (default: gcc, cc or clang)"},
    {OPTION_TARGET,   "--target",   "",   ON(BUILD),   VALUE_NEEDED,   "--target=MACHINE", "for another machine, like aarch64-linux-gnu"},
    {OPTION_EMIT_C,   "--emit-c",   "",   ON(BUILD),   VALUE_OPTIONAL, "--emit-c[=FILE]", "write the C text instead (default: PROGRAM.c)"},
    {OPTION_KEEP_C,   "--keep-c",   "",   ON(BUILD),   VALUE_NONE,     "--keep-c",        "leave the C text as PROGRAM.c too"},
    {OPTION_SANITIZE, "--sanitize", "",   ON(BUILD),   VALUE_OPTIONAL, "--sanitize",      "with address and undefined-behaviour checks"},
    {OPTION_AFTER,    "--after",    "",   ON(EMIT),    VALUE_NEEDED,   "--after=STAGE",   "the stage (default: c)"},
    {OPTION_NO_TIER,  "--no-tier",  "",   ON(RUN),     VALUE_NONE,     "--no-tier",       "only what is compiled in memory: no cache, no optimised code"},
    {OPTION_NO_TIER,  "--no-cache", "",   ON(RUN),     VALUE_NONE,     "--no-cache",      "the same"},
    {OPTION_MAX_HEAP, "--max-heap", "",   ON(RUN) | ON(REPL), VALUE_NEEDED, "--max-heap=SIZE", "memory for the program's values, like 512M (built programs: TOMBO_MAX_HEAP)"},
    {OPTION_QUIET,    "--quiet",    "-q", ON(REPL),    VALUE_NONE,     "--quiet",         "show no values of entries"},
    {OPTION_PROFILE,  "--profile",  "",   ON(MEM),     VALUE_NONE,     "--profile",       "the standard scenarios; no FILE"},
    {OPTION_SVG,      "--svg",      "",   ON(MEM),     VALUE_NEEDED,   "--svg=PICTURE",   "write a chart of the heap over time, too"},
    {OPTION_RUNS,     "--runs",     "",   ON(BENCH),   VALUE_NEEDED,   "--runs=N",        "run it N times and show medians"},
    {OPTION_OUTPUT,   "--output",   "-o", ON_REPORTS,  VALUE_NEEDED,   "-o REPORT",       "write the report to this file"},
    {OPTION_JSON,     "--json",     "",   ON_REPORTS,  VALUE_NONE,     "--json",          "the report as JSON, messages too"},
    {OPTION_JSON,     "--json",     "",   ON_ALL & ~ON_REPORTS, VALUE_NONE, "--json",     "messages as JSON, one object a line"},
    {OPTION_COLOR,    "--color",    "",   ON_ALL,      VALUE_NEEDED,   "--color=WHEN",    "auto, always or never"},
    {OPTION_HELP,     "--help",     "-h", ON_ALL,      VALUE_NONE,     "--help",          "the manual"},
    {OPTION_VERSION,  "--version",  "-V", ON_ALL,      VALUE_NONE,     "--version",       "the version"},
};
// clang-format on

enum { OPTION_ROW_COUNT = sizeof option_rows / sizeof *option_rows };

// ---- the walk -----------------------------------------------------------------------------------

typedef struct Walk {
    Options *options;
    char **next; // the argument to be read
    bool has_command;
    bool has_file;
    bool has_ended; // the options, by `--`
} Walk;

static bool reject(Walk *walk, const char *help)
{
    message_help(&walk->options->messages, "%s", help);
    return false;
}

// The rest of [argument] behind the option's name: NULL when it is another option, "" or "=value"
// when it is this one.
static const char *match_option(const OptionRow *row, const char *argument)
{
    if (*row->short_name && strcmp(argument, row->short_name) == 0) return "";
    size_t size = strlen(row->name);
    if (size == 0 || strncmp(argument, row->name, size) != 0) return NULL;
    return argument[size] == '\0' || argument[size] == '=' ? argument + size : NULL;
}

static bool set_color(Walk *walk, const char *value)
{
    static const char *const names[] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(value, names[i]) != 0) continue;
        walk->options->messages.color = (ColorMode)i;
        return true;
    }
    message_error(&walk->options->messages, "--color takes auto, always or never, not `%s`", value);
    return false;
}

static bool set_stage(Walk *walk, const char *value)
{
    Nearest nearest = {.wanted = value};
    for (int i = 0; i < STAGE_COUNT; i++) {
        nearest_offer(&nearest, stage_names[i]);
        if (strcmp(value, stage_names[i]) != 0) continue;
        walk->options->stage = (Stage)i;
        return true;
    }
    message_error(&walk->options->messages, "there is no stage `%s`", value);
    if (nearest.best) message_help(&walk->options->messages, "did you mean `%s`?", nearest.best);
    return reject(walk, "the stages are lexer, parser, resolve, infer, lower and c");
}

static bool set_sanitizers(Walk *walk, const char *value)
{
    bool is_known = !value || strcmp(value, "address") == 0 || strcmp(value, "undefined") == 0 ||
                    strcmp(value, "address,undefined") == 0;
    walk->options->build.is_sanitized = true;
    if (is_known) return true;
    message_error(&walk->options->messages, "--sanitize knows address and undefined, not `%s`",
                  value);
    return false;
}

// Whether [text] is a number of bytes as the runtime reads it (TOMBO_MAX_HEAP): 65536, 64K, 2G.
static bool is_size(const char *text)
{
    enum { MOST_DIGITS = 18 };
    size_t digits = strspn(text, "0123456789");
    const char *unit = text + digits;
    if (digits == 0 || digits > MOST_DIGITS) return false;
    return !*unit || (strchr("kKmMgG", *unit) && !unit[1]);
}

static bool set_max_heap(Walk *walk, const char *value)
{
    walk->options->max_heap = value;
    if (is_size(value)) return true;
    message_error(&walk->options->messages, "--max-heap takes a size like 512M, not `%s`", value);
    return false;
}

static bool set_runs(Walk *walk, const char *value)
{
    enum { MOST = 1000 };
    char *end;
    long count = strtol(value, &end, 10);
    walk->options->run_count = (int)count;
    if (end != value && !*end && count >= 1 && count <= MOST) return true;
    message_error(&walk->options->messages, "--runs takes a number from 1 to %d, not `%s`", MOST,
                  value);
    return false;
}

// Nothing behind --help and --version counts.
static bool skip_rest(Walk *walk)
{
    while (*walk->next)
        walk->next++;
    return true;
}

// Takes one option in; [value] is NULL when it has none.
static bool set_option(Walk *walk, OptionId id, const char *value)
{
    Options *options = walk->options;
    switch (id) {
    case OPTION_HELP:
        options->topic = walk->has_command ? options->command : COMMAND_HELP;
        options->command = COMMAND_HELP;
        return skip_rest(walk);
    case OPTION_VERSION:
        options->command = COMMAND_VERSION;
        return skip_rest(walk);
    case OPTION_COLOR:
        return set_color(walk, value);
    case OPTION_QUIET:
        options->is_quiet = true;
        return true;
    case OPTION_JSON:
        options->messages.json = true;
        return true;
    case OPTION_CODE:
        options->input = (Input){.path = "<code>", .code = value};
        walk->has_file = true;
        return true;
    case OPTION_OUTPUT:
        options->build.output = value;
        return true;
    case OPTION_DEBUG:
        options->build.is_debug = true;
        return true;
    case OPTION_STATIC:
        options->build.is_static = true;
        return true;
    case OPTION_COMPILER:
        options->build.compiler = value;
        return true;
    case OPTION_TARGET:
        options->build.target = value;
        return true;
    case OPTION_EMIT_C:
        options->emits_c = true;
        options->c_path = value;
        return true;
    case OPTION_KEEP_C:
        options->build.keeps_c = true;
        return true;
    case OPTION_SANITIZE:
        return set_sanitizers(walk, value);
    case OPTION_AFTER:
        return set_stage(walk, value);
    case OPTION_NO_TIER:
        options->is_first_tier = true;
        return true;
    case OPTION_MAX_HEAP:
        return set_max_heap(walk, value);
    case OPTION_PROFILE:
        options->is_profile = true;
        return true;
    case OPTION_SVG:
        options->svg_path = value;
        return true;
    case OPTION_RUNS:
        return set_runs(walk, value);
    }
    return false;
}

static bool reject_option(Walk *walk, const char *argument)
{
    const Options *options = walk->options;
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(argument, "="), argument);
    Nearest nearest = {.wanted = name};
    for (int i = 0; i < OPTION_ROW_COUNT; i++)
        if (option_rows[i].commands & 1u << options->command)
            nearest_offer(&nearest, option_rows[i].name);
    if (walk->has_command)
        message_error(&options->messages, "`tombo %s` has no option `%s`",
                      commands[options->command].name, name);
    else
        message_error(&options->messages, "there is no option `%s`", name);
    if (nearest.best) message_help(&options->messages, "did you mean `%s`?", nearest.best);
    return false;
}

static bool read_option(Walk *walk)
{
    const Messages *messages = &walk->options->messages;
    const char *argument = *walk->next++;
    for (int i = 0; i < OPTION_ROW_COUNT; i++) {
        const OptionRow *row = &option_rows[i];
        const char *rest = match_option(row, argument);
        if (!rest || !(row->commands & 1u << walk->options->command)) continue;
        const char *value = *rest == '=' ? rest + 1 : NULL;
        if (row->value == VALUE_NEEDED && !value) value = *walk->next ? *walk->next++ : NULL;
        if (row->value == VALUE_NEEDED && !value) {
            message_error(messages, "`%s` needs a value: %s", argument, row->shown);
            return false;
        }
        if (row->value == VALUE_NONE && value) {
            message_error(messages, "`%s` takes no value", row->name);
            return false;
        }
        return set_option(walk, row->id, value);
    }
    return reject_option(walk, argument);
}

static bool find_command(const char *name, Command *command)
{
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(name, commands[i].name) != 0) continue;
        *command = (Command)i;
        return true;
    }
    return false;
}

static bool reject_command(Walk *walk, const char *name)
{
    Nearest nearest = {.wanted = name};
    for (int i = 0; i < COMMAND_COUNT; i++)
        nearest_offer(&nearest, commands[i].name);
    message_error(&walk->options->messages, "there is no command and no file `%s`", name);
    if (nearest.best)
        message_help(&walk->options->messages, "did you mean `tombo %s`?", nearest.best);
    return reject(walk, "`tombo help` lists the commands");
}

// The first word is a command, or a program to be run.
static bool read_first_word(Walk *walk)
{
    Options *options = walk->options;
    const char *word = *walk->next;
    if (find_command(word, &options->command)) {
        walk->has_command = true;
        walk->next++;
        return true;
    }
    bool is_file = strcmp(word, "-") == 0 || strchr(word, '/') || file_is_source(word) ||
                   access(word, F_OK) == 0;
    if (!is_file) return reject_command(walk, word);
    walk->has_command = true; // `run`, without saying so
    return true;
}

static bool takes_file(const Options *options)
{
    switch (options->command) {
    case COMMAND_HELP:
    case COMMAND_VERSION:
    case COMMAND_REPL:
        return false;
    case COMMAND_MEM:
        return !options->is_profile;
    case COMMAND_CACHE:
        return options->action && strcmp(options->action, "clear") != 0;
    default:
        return true;
    }
}

// A word that is no option.
static bool read_word(Walk *walk)
{
    Options *options = walk->options;
    char *word = *walk->next++;
    if (options->command == COMMAND_HELP) {
        if (find_command(word, &options->topic)) return true;
        return reject_command(walk, word);
    }
    if (options->command == COMMAND_CACHE && !options->action) {
        options->action = word;
        // `tier` is what a running program starts (tier.h), and of no use to people.
        if (strcmp(word, "add") == 0 || strcmp(word, "clear") == 0 || strcmp(word, "tier") == 0)
            return true;
        message_error(&options->messages, "`tombo cache` knows add and clear, not `%s`", word);
        return false;
    }
    if (!walk->has_file && takes_file(options)) {
        options->input.path = word;
        walk->has_file = true;
        return true;
    }
    message_error(&options->messages, "`%s` is one argument too many", word);
    return reject(walk, "`tombo help COMMAND` shows what a command takes");
}

// Whether what follows belongs to the program.
static bool is_at_program(const Walk *walk)
{
    Command command = walk->options->command;
    bool runs_it = command == COMMAND_RUN || command == COMMAND_MEM || command == COMMAND_BENCH;
    return runs_it && walk->has_file;
}

static bool read_argument(Walk *walk)
{
    const char *argument = *walk->next;
    bool is_option = !walk->has_ended && argument[0] == '-' && argument[1] != '\0';
    if (is_option && strcmp(argument, "--") == 0) {
        walk->has_ended = true;
        walk->next++;
        return true;
    }
    if (is_option) return read_option(walk);
    if (!walk->has_command && !walk->has_ended) return read_first_word(walk);
    return read_word(walk);
}

// Commands that need a program and were given none: `tombo` alone is the prompt.
static bool settle_input(Walk *walk)
{
    Options *options = walk->options;
    if (walk->has_file || !takes_file(options)) return true;
    if (walk->has_command) {
        message_error(&options->messages, "`tombo %s` needs a file: tombo %s",
                      commands[options->command].name, commands[options->command].usage);
        return false;
    }
    options->command = COMMAND_REPL;
    return true;
}

bool options_parse(Options *options, int argc, char **argv)
{
    *options = (Options){.command_line = argv,
                         .command = COMMAND_RUN,
                         .stage = STAGE_C,
                         .topic = COMMAND_HELP,
                         .run_count = 1};
    Walk walk = {.options = options, .next = argv + 1};
    while (*walk.next && !is_at_program(&walk))
        if (!read_argument(&walk)) return false;
    if (!settle_input(&walk)) return false;
    options->argc = (int)(argv + argc - walk.next) + 1;
    options->argv = walk.next - 1;
    if (options->input.path) options->argv[0] = (char *)options->input.path;
    return true;
}

// ---- the manual ---------------------------------------------------------------------------------

static void print_options(Command topic)
{
    printf("\noptions:\n");
    for (int i = 0; i < OPTION_ROW_COUNT; i++)
        if (option_rows[i].commands & 1u << topic)
            printf("  %-18s %s\n", option_rows[i].shown, option_rows[i].summary);
}

void options_print_help(Command topic)
{
    if (topic != COMMAND_HELP) {
        printf("usage: tombo %s\n\n%s\n%s%s", commands[topic].usage, commands[topic].summary,
               *commands[topic].manual ? "\n" : "", commands[topic].manual);
        print_options(topic);
        return;
    }
    printf("Tombo " TOMBO_VERSION ", a language that reads like a script and runs like C\n\n"
           "usage: tombo                      the prompt\n"
           "       tombo FILE [ARGUMENTS]     run a program\n"
           "       tombo -e CODE [ARGUMENTS]  run what is said right here\n"
           "       tombo COMMAND ...\n\ncommands:\n");
    for (int i = 0; i < COMMAND_COUNT; i++)
        printf("  %-8s %s\n", commands[i].name, commands[i].summary);
    printf("\n`tombo help COMMAND` says more. Exit status: 0; 1 the program failed; 2 it did not "
           "compile,\n"
           "or bad usage; 3 a fault of Tombo itself.\n");
}

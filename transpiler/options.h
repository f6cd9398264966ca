// The command line: what it asks for, as data.
#ifndef OPTIONS_H
#define OPTIONS_H

#include "driver.h"
#include "toolchain.h"

typedef enum Command {
    COMMAND_RUN,
    COMMAND_BUILD,
    COMMAND_CHECK,
    COMMAND_EMIT,
    COMMAND_REPL,
    COMMAND_CACHE,
    COMMAND_MEM,
    COMMAND_BENCH,
    COMMAND_HELP,
    COMMAND_VERSION,
    COMMAND_COUNT
} Command;

typedef struct Options {
    char **command_line; // the whole of it, as main got it
    Command command;
    Messages messages;
    Input input; // the program
    int argc;    // RUN, MEM, BENCH: the program's arguments, argv[0] being its name
    char **argv;
    Stage stage;          // EMIT
    BuildOptions build;   // BUILD; `output` NULL: to be named after the program. MEM, BENCH: the
                          // report's file; NULL: standard error
    bool emits_c;         // BUILD: write C instead of an executable
    const char *c_path;   // where to; NULL: to be named after the output
    bool is_quiet;        // REPL
    bool is_first_tier;   // RUN: neither uses nor fills the cache of built programs
    const char *max_heap; // RUN, REPL: how large the heap may get, like "64M"; NULL: not said
    bool is_profile;      // MEM: the standard scenarios instead of a program
    const char *svg_path; // MEM: where a picture of the heap goes; NULL: nowhere
    int run_count;        // BENCH
    const char *action;   // CACHE: "add", "clear"; NULL: show what there is
    Command topic;        // HELP; COMMAND_HELP: everything
} Options;

// Reads the command line. Says what is wrong with it and returns false: the tool then ends with
// STATUS_REJECTED.
bool options_parse(Options *options, int argc, char **argv);

// Writes the manual of a command, or with COMMAND_HELP the list of commands, to standard output.
void options_print_help(Command topic);

#endif

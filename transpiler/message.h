// What the tool itself says, apart from diagnostics about a program's text: usage, files, faults of
// Tombo. All of it goes to standard error, in the layout of diagnostics; with `json` set as objects
// like theirs.
#ifndef MESSAGE_H
#define MESSAGE_H

#include "diag.h"

// The exit statuses of the tool (LANGUAGE.md section 11).
typedef enum ExitStatus {
    STATUS_OK = 0,
    STATUS_FAILED = 1,   // the program failed, or its output could not be written
    STATUS_REJECTED = 2, // it did not compile, or bad usage
    STATUS_INTERNAL = 3, // a fault of Tombo itself
} ExitStatus;

typedef struct Messages {
    ColorMode color;
    bool json;
} Messages;

// `error: …`: one sentence, no full stop.
void message_error(const Messages *messages, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// `help: …`, after an error.
void message_help(const Messages *messages, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// `internal error: …`, with a request to report it.
void message_internal(const Messages *messages, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Whether everything written to standard output has arrived there. Says so and returns false if
// not.
bool message_output_is_written(const Messages *messages);

#endif

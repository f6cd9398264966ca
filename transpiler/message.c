// The tool's own messages, and the check that its output arrived.

#include "message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void say(const Messages *messages, const char *severity, const char *pen, const char *format,
                va_list args)
{
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0) text = NULL;
    const char *shown = text ? text : "out of memory";
    if (messages->json) {
        fprintf(stderr, "{\"severity\":\"%s\",\"message\":", severity);
        json_write_string(stderr, shown);
        fputs("}\n", stderr);
    } else {
        bool is_colored = color_is_wanted(stderr, messages->color);
        fprintf(stderr, "%s%s%s: ", is_colored ? pen : "", severity, is_colored ? "\x1b[0m" : "");
        diag_write_text(stderr, shown);
        fputc('\n', stderr);
    }
    free(text);
}

void message_error(const Messages *messages, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(messages, "error", "\x1b[1;31m", format, args);
    va_end(args);
}

void message_help(const Messages *messages, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(messages, "help", "\x1b[1;32m", format, args);
    va_end(args);
}

void message_internal(const Messages *messages, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(messages, "internal error", "\x1b[1;31m", format, args);
    va_end(args);
    message_help(
        messages,
        "this is a fault of Tombo, not of the program; please report it with the program and "
        "what `tombo --version` prints");
}

bool message_output_is_written(const Messages *messages)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return true;
    message_error(messages, "cannot write to standard output: %s", strerror(errno));
    return false;
}

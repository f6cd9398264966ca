// Reading a program and saying what is wrong with it.

#include "command.h"

#include <errno.h>
#include <string.h>

bool command_read(const Options *options, Compilation *compilation)
{
    if (driver_read(compilation, options->input)) return true;
    message_error(&options->messages, "cannot read `%s`: %s", options->input.path, strerror(errno));
    return false;
}

ExitStatus command_render(const Options *options, Compilation *compilation)
{
    const Diags *diags = &compilation->compiler.diags;
    diags_render(diags, stderr, options->messages.color, options->messages.json);
    return diags->error_count == 0 ? STATUS_OK : STATUS_REJECTED;
}

ExitStatus command_compile(const Options *options, Compilation *compilation, Stage stage,
                           Purpose purpose)
{
    if (!command_read(options, compilation)) return STATUS_REJECTED;
    driver_compile(compilation, stage, purpose);
    return command_render(options, compilation);
}

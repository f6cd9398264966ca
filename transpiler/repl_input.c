// Bytes of standard input for the prompt; see repl_input.h.
#include "repl_input.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

static bool has_byte(const ReplInput *input)
{
    return input->at < input->bytes.size;
}

int input_byte(ReplInput *input)
{
    enum { PART = 4096 };
    if (!has_byte(input)) {
        input->at = input->bytes.size = 0;
        ssize_t size = read(STDIN_FILENO, text_room(&input->bytes, PART), PART);
        if (size < 0) return errno == EINTR ? -2 : -1;
        if (size == 0) return -1;
        input->bytes.size = (size_t)size;
    }
    return (unsigned char)input->bytes.bytes[input->at++];
}

bool input_is_waiting(const ReplInput *input, int wait_ms)
{
    struct pollfd standard = {.fd = STDIN_FILENO, .events = POLLIN};
    return has_byte(input) || poll(&standard, 1, wait_ms) > 0;
}

bool input_line(ReplInput *input, Text *line)
{
    int byte = 0;
    line->size = 0;
    while (byte != '\n' && (byte = input_byte(input)) != -1)
        if (byte >= 0) text_add(line, (char[]){(char)byte}, 1);
    bool is_some = line->size > 0;
    if (is_some && byte != '\n') text_add(line, "\n", 1);
    text_end(line);
    return is_some;
}

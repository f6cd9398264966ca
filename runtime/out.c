// Standard output through a buffer of our own. stdio would do, but cannot tell after the fact why a
// write failed, and drops what it holds only at exit.
#include "out.h"

#include "error.h"
#include "gc.h"
#include "stack.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define STDOUT_NAME "standard output"

// Decides what to do after a failed write: 0 try again, -1 raised.
static int recover(int fd, const char *what)
{
    int reason = errno;
    if (reason == EINTR) return tb_interrupt() == TB_PENDING ? -1 : 0;
    if (reason == EAGAIN || reason == EWOULDBLOCK) {
        struct pollfd ready = {fd, POLLOUT, 0};
        poll(&ready, 1, -1); // a failure shows again at the next write
        return 0;
    }
    tb_raise_error(&tb_error_io, "cannot write to %s: %s", what, strerror(reason));
    return -1;
}

int tb_out_write_fd(int fd, const char *bytes, int64_t size, const char *what)
{
    while (size > 0) {
        ssize_t done = write(fd, bytes, (size_t)size);
        if (done < 0) {
            if (recover(fd, what) < 0) return -1;
            continue;
        }
        bytes += done;
        size -= done;
    }
    return 0;
}

int tb_out_flush(void)
{
    tb_out *out = &tb_rt.out;
    int64_t size = out->used;
    out->used = 0;
    return size == 0 ? 0 : tb_out_write_fd(STDOUT_FILENO, out->buffer, size, STDOUT_NAME);
}

static int begin(tb_out *out)
{
    out->buffer = tb_alloc_plain(TB_OUT_SIZE);
    if (out->buffer == NULL) return -1;
    out->line_buffered = isatty(STDOUT_FILENO);
    return 0;
}

int tb_out_write(const char *bytes, int64_t size)
{
    tb_out *out = &tb_rt.out;
    if (TB_UNLIKELY(out->buffer == NULL) && begin(out) < 0) return -1;
    if (size > TB_OUT_SIZE - out->used) {
        if (tb_out_flush() < 0) return -1;
        if (size >= TB_OUT_SIZE) return tb_out_write_fd(STDOUT_FILENO, bytes, size, STDOUT_NAME);
    }
    if (size == 0) return 0;
    memcpy(out->buffer + out->used, bytes, (size_t)size);
    out->used += size;
    if (out->line_buffered && memchr(bytes, '\n', (size_t)size) != NULL) return tb_out_flush();
    return 0;
}

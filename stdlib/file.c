// Files behind one buffer. `fill` brings bytes in and `tb_file_flush` takes them out; everything
// above works on the buffer. Start reading at tb_file_line, the fast path of reading by lines.
//
// The chain of files open for writing runs through complemented addresses, which the collector does
// not take for references: a file that is dropped is finalized, and leaves the chain.
#include "file.h"

#include "text.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_SIZE 65536
#define LARGE_SIZE 262144 // files from here on are read straight into their texts

// ----------------------------------------------------------------------------------------- errors

static tb_class *class_of_reason(int reason)
{
    switch (reason) {
    case ENOENT:
        return &tb_error_file_not_found;
    case EACCES:
    case EPERM:
        return &tb_error_permission;
    case EEXIST:
        return &tb_error_file_exists;
    default:
        return &tb_error_io;
    }
}

static int add_words(tb_text *text, const char *words)
{
    return tb_text_add(text, words, (int64_t)strlen(words));
}

tb_value tb_raise_about(tb_class *cls, const char *before, tb_str *path, const char *after)
{
    tb_text text;
    tb_text_begin(&text);
    if (add_words(&text, before) < 0 || add_words(&text, "`") < 0 ||
        tb_text_add_str(&text, path) < 0 || add_words(&text, "`") < 0 ||
        add_words(&text, after) < 0)
        return TB_PENDING;
    tb_str *message = tb_text_end(&text);
    return message ? tb_raise_message(cls, TB_OBJECT(message)) : TB_PENDING;
}

tb_value tb_raise_file(int reason, const char *verb, tb_str *path)
{
    char before[64], after[160];
    snprintf(before, sizeof before, "cannot %s ", verb);
    snprintf(after, sizeof after, ": %s", strerror(reason));
    return tb_raise_about(class_of_reason(reason), before, path, after);
}

int tb_file_retry(void)
{
    int reason = errno;
    if (reason != EINTR) return 0;
    if (tb_interrupt() == TB_PENDING) return -1;
    errno = reason;
    return 1;
}

int tb_file_fail(const char *verb, tb_str *path)
{
    tb_raise_file(errno, verb, path);
    return -1;
}

static int not_text(tb_str *path, const char *bytes, int64_t at)
{
    char after[80];
    snprintf(after, sizeof after, " is not UTF-8 text: byte 0x%02x at %lld of the part read",
             (unsigned char)bytes[at], (long long)at);
    tb_raise_about(&tb_error_value, "", path, after);
    return -1;
}

// ------------------------------------------------------------------------- the chain of open files

static tb_file *shown(uint64_t link)
{
    return link ? (tb_file *)(uintptr_t)~link : NULL;
}

static uint64_t hidden(const tb_file *file)
{
    return file ? ~(uint64_t)(uintptr_t)file : 0;
}

static int flush_all(void)
{
    int result = 0;
    for (tb_file *file = shown(tb_rt.open_files); file; file = shown(file->next)) {
        if (result < 0) tb_catch(NULL, 0); // only the last failure is reported
        if (tb_file_flush(file) < 0) result = -1;
    }
    return result;
}

static void link_file(tb_file *file)
{
    tb_rt.at_end = flush_all;
    file->next = tb_rt.open_files;
    if (file->next) shown(file->next)->previous = hidden(file);
    tb_rt.open_files = hidden(file);
}

static void unlink_file(tb_file *file)
{
    if (file->next) shown(file->next)->previous = file->previous;
    if (file->previous)
        shown(file->previous)->next = file->next;
    else if (shown(tb_rt.open_files) == file)
        tb_rt.open_files = file->next;
    file->next = file->previous = 0;
}

// Closes a file that nothing refers to any more. There is nobody to tell about a failure.
static void drop(void *object)
{
    tb_file *file = object;
    if (file->fd < 0) return;
    unlink_file(file);
    if (file->state == TB_FILE_WRITING) {
        while (file->start < file->end) {
            ssize_t done =
                write(file->fd, file->buffer + file->start, (size_t)(file->end - file->start));
            if (done < 0 && errno != EINTR) break;
            if (done > 0) file->start += done;
        }
    }
    close(file->fd);
    file->fd = -1;
}

// ------------------------------------------------------------------------------- opening, closing

static int open_flags(int flags)
{
    int mode = flags & TB_FILE_READ ? flags & TB_FILE_WRITE ? O_RDWR : O_RDONLY : O_WRONLY;
    if (flags & TB_FILE_CREATE) mode |= O_CREAT;
    if (flags & TB_FILE_TRUNCATE) mode |= O_TRUNC;
    if (flags & TB_FILE_APPEND) mode |= O_APPEND;
    if (flags & TB_FILE_NEW) mode |= O_CREAT | O_EXCL;
    return mode | O_CLOEXEC;
}

// Where the process has no descriptor left, files that nothing refers to give theirs back.
static int open_or_collect(const char *name, int mode)
{
    int fd = open(name, mode, 0666);
    if (fd >= 0 || (errno != EMFILE && errno != ENFILE)) return fd;
    tb_gc_collect();
    return open(name, mode, 0666);
}

int tb_file_open(tb_file *file, tb_str *path, int flags)
{
    const char *name = tb_c_text(path, TB_PLACE("open", "path"));
    if (name == NULL) return -1;
    int fd, again = 0;
    do
        fd = open_or_collect(name, open_flags(flags));
    while (fd < 0 && (again = tb_file_retry()) > 0);
    if (fd < 0) return again < 0 ? -1 : tb_file_fail("open", path);
    struct stat info;
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        close(fd);
        errno = EISDIR;
        return tb_file_fail("open", path);
    }
    *file = (tb_file){.cls = &tb_file_class, .path = path, .fd = fd, .flags = flags};
    return 0;
}

tb_file *tb_file_object(tb_str *path, tb_str *mode, int flags)
{
    tb_file *file = tb_alloc(sizeof *file);
    if (file == NULL || tb_file_open(file, path, flags) < 0) return NULL;
    file->mode = mode;
    tb_gc_on_drop(file, drop);
    if (flags & TB_FILE_WRITE) link_file(file);
    return file;
}

int tb_file_close(tb_file *file)
{
    if (file->fd < 0) return 0;
    int flushed = tb_file_flush(file);
    if (file->flags & TB_FILE_STANDARD) return flushed;
    int fd = file->fd;
    unlink_file(file);
    file->fd = -1;
    tb_free(file->buffer);
    file->buffer = NULL;
    file->start = file->end = file->capacity = 0;
    // Linux has closed the descriptor even when close says EINTR.
    if (close(fd) < 0 && errno != EINTR && flushed == 0) return tb_file_fail("close", file->path);
    return flushed;
}

// A File object for an open descriptor; [flags] say what may be done with it. NULL: MemoryError.
static tb_file *standard_file(int fd, const char *name, const char *mode, int flags)
{
    tb_file *file = tb_alloc(sizeof *file);
    if (file == NULL) return NULL;
    *file = (tb_file){.cls = &tb_file_class, .fd = fd, .flags = flags | TB_FILE_STANDARD};
    file->path = tb_str_from_c(name);
    file->mode = tb_str_from_c(mode);
    return file->path && file->mode ? file : NULL;
}

tb_file *tb_file_input(void)
{
    if (tb_rt.input == NULL)
        tb_rt.input = standard_file(STDIN_FILENO, "standard input", "r", TB_FILE_READ);
    return tb_rt.input;
}

tb_file *tb_file_output(int fd)
{
    const char *name = fd == STDOUT_FILENO ? "standard output" : "standard error";
    return standard_file(fd, name, "w", TB_FILE_WRITE);
}

// ---------------------------------------------------------------------------------------- reading

int64_t tb_file_read_block(int fd, char *out, int64_t size, tb_str *path)
{
    ssize_t got;
    int again = 0;
    do
        got = read(fd, out, (size_t)size);
    while (got < 0 && (again = tb_file_retry()) > 0);
    if (got >= 0) return got;
    return again < 0 ? -1 : tb_file_fail("read", path);
}

static int raise_closed(const tb_file *file)
{
    tb_raise_about(&tb_error_value, "the file ", file->path, " is closed");
    return -1;
}

// Makes the file ready for reading. 0, or -1: raised.
static int begin_reading(tb_file *file)
{
    if (TB_LIKELY(file->state == TB_FILE_READING && file->fd >= 0)) return 0;
    if (file->fd < 0) return raise_closed(file);
    if (!(file->flags & TB_FILE_READ)) {
        tb_raise_about(&tb_error_io, "the file ", file->path, " is not open for reading");
        return -1;
    }
    if (tb_file_flush(file) < 0) return -1;
    file->state = TB_FILE_READING;
    return 0;
}

// Room for at least [size] bytes behind those not read yet, which move to the front.
static int make_room(tb_file *file, int64_t size)
{
    int64_t unread = file->end - file->start;
    if (file->start > 0 && unread > 0)
        memmove(file->buffer, file->buffer + file->start, (size_t)unread);
    file->start = 0;
    file->end = unread;
    if (file->capacity - unread >= size) return 0;
    size_t capacity;
    if (tb_size_mul((size_t)unread, 2, (size_t)size, &capacity) < 0) return -1;
    char *buffer = tb_resize(file->buffer, (size_t)unread, capacity, 1);
    if (buffer == NULL) return -1;
    file->buffer = buffer;
    file->capacity = (int64_t)capacity;
    return 0;
}

// Reads on behind the bytes not read yet: 1 some came, 0 the file ends, -1 raised.
static int fill(tb_file *file)
{
    if (file->capacity - file->end < BLOCK_SIZE / 2 && make_room(file, BLOCK_SIZE) < 0) return -1;
    char *at = file->buffer + file->end;
    int64_t got = tb_file_read_block(file->fd, at, file->capacity - file->end, file->path);
    if (got <= 0) return (int)got;
    file->end += got;
    if (!file->has_return) file->has_return = memchr(at, '\r', (size_t)got) != NULL;
    return 1;
}

// Drops the "\n" that completes the "\r" the last line ended with. 0, or -1: raised.
static int skip_newline(tb_file *file)
{
    if (file->start == file->end && fill(file) < 0) return -1;
    file->after_return = 0;
    if (file->start < file->end && file->buffer[file->start] == '\n') file->start++;
    return 0;
}

// The bytes as what the file's mode gives: Bytes, or a checked String. TB_PENDING: raised.
static tb_value as_value(tb_file *file, const char *bytes, int64_t size)
{
    if (file->flags & TB_FILE_BINARY) return tb_bytes_new((const uint8_t *)bytes, size);
    int64_t valid = tb_utf8_check(bytes, size);
    if (TB_UNLIKELY(valid < size)) {
        not_text(file->path, bytes, valid);
        return TB_PENDING;
    }
    return TB_VALUE_OF(tb_str_new(bytes, size));
}

// Where the first line of the [size] bytes at [text] ends, looking from [from] on; -1: not there.
// A "\r" ends a line of text too; has_return saves looking for one where there is none.
static int64_t find_end(const tb_file *file, const char *text, int64_t from, int64_t size)
{
    const char *newline = memchr(text + from, '\n', (size_t)(size - from));
    int64_t end = newline ? newline - text : size;
    if (file->has_return && !(file->flags & TB_FILE_BINARY)) {
        const char *mark = memchr(text + from, '\r', (size_t)(end - from));
        if (mark) return mark - text;
    }
    return newline ? end : -1;
}

// Takes the line of [size] bytes, and what ends it, out of the buffer.
static void take_line(tb_file *file, int64_t size)
{
    const char *end = file->buffer + file->start + size;
    file->start += size + 1;
    if (*end != '\r') return;
    if (file->start == file->end)
        file->after_return = 1;
    else if (end[1] == '\n')
        file->start++;
}

tb_value tb_file_line(tb_file *file)
{
    if (begin_reading(file) < 0) return TB_PENDING;
    if (file->after_return && skip_newline(file) < 0) return TB_PENDING;
    for (int64_t looked = 0;;) {
        const char *text = file->buffer + file->start;
        int64_t size = file->end - file->start;
        int64_t at = size > looked ? find_end(file, text, looked, size) : -1;
        if (at >= 0) {
            take_line(file, at);
            return as_value(file, text, at);
        }
        looked = size;
        int more = fill(file);
        if (more < 0) return TB_PENDING;
        if (more > 0) continue;
        if (size == 0) return TB_MISSING;
        text = file->buffer + file->start;
        file->start = file->end;
        return as_value(file, text, size);
    }
}

// Turns every "\r\n" and "\r" into "\n", in place. Returns the new size.
static int64_t unify_newlines(char *text, int64_t size)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < size; i++) {
        char byte = text[i];
        if (byte == '\r') {
            if (i + 1 < size && text[i + 1] == '\n') i++;
            byte = '\n';
        }
        text[kept++] = byte;
    }
    return kept;
}

// How many bytes a regular file seems to hold from [at] on; 0 of another file.
static int64_t expected_size(const tb_file *file, off_t at)
{
    struct stat info;
    if (at < 0 || fstat(file->fd, &info) < 0 || !S_ISREG(info.st_mode)) return 0;
    return info.st_size > at ? info.st_size - at : 0;
}

// Reads up to [size] bytes to [out], as many as there are. Returns their number; -1: raised.
static int64_t read_up_to(const tb_file *file, char *out, int64_t size)
{
    int64_t count = 0, got = 1;
    for (; count < size && got > 0; count += got) {
        got = tb_file_read_block(file->fd, out + count, size - count, file->path);
        if (got < 0) return -1;
    }
    return count;
}

static tb_value read_text(const tb_file *file, int64_t size)
{
    tb_str *s = tb_str_alloc(size, size - 1); // as if it were not ASCII: that takes the most room
    if (!s) return TB_PENDING;
    char *bytes = tb_str_bytes(s);
    int64_t count = read_up_to(file, bytes, size);
    if (count < 0) return TB_PENDING;
    if (memchr(bytes, '\r', (size_t)count)) count = unify_newlines(bytes, count);
    int64_t valid = tb_utf8_check(bytes, count);
    if (valid < count) {
        not_text(file->path, bytes, valid);
        return TB_PENDING;
    }
    tb_str_settle(s, count, tb_utf8_length(bytes, count));
    return TB_OBJECT(s);
}

static tb_value read_binary(const tb_file *file, int64_t size)
{
    tb_bytes *bytes = tb_bytes_alloc(size);
    if (!bytes) return TB_PENDING;
    int64_t count = read_up_to(file, (char *)tb_bytes_data(bytes), size);
    if (count < 0) return TB_PENDING;
    return count == size ? TB_OBJECT(bytes) : tb_bytes_new(bytes->data, count);
}

// What is expected of a large regular file goes straight to where it stays, so that it is not there
// twice. TB_MISSING: it is not large, or turned out longer, and nothing was read.
static tb_value rest_at_once(tb_file *file)
{
    off_t at = lseek(file->fd, 0, SEEK_CUR);
    int64_t size = expected_size(file, at);
    if (size < LARGE_SIZE || file->start < file->end) return TB_MISSING;
    int is_binary = file->flags & TB_FILE_BINARY;
    tb_value content = is_binary ? read_binary(file, size) : read_text(file, size);
    if (content == TB_PENDING) return TB_PENDING;
    int more = fill(file);
    if (more <= 0) return more == 0 ? content : TB_PENDING;
    file->start = file->end = 0;
    lseek(file->fd, at, SEEK_SET);
    return TB_MISSING;
}

// Makes room for what a regular file still holds, so that the buffer need not grow by steps.
static int expect_rest(tb_file *file)
{
    int64_t size = expected_size(file, lseek(file->fd, 0, SEEK_CUR));
    return size ? make_room(file, size + BLOCK_SIZE) : 0;
}

tb_value tb_file_rest(tb_file *file)
{
    if (begin_reading(file) < 0) return TB_PENDING;
    if (file->after_return && skip_newline(file) < 0) return TB_PENDING;
    tb_value whole = rest_at_once(file);
    if (whole != TB_MISSING) return whole;
    if (expect_rest(file) < 0) return TB_PENDING;
    int more;
    while ((more = fill(file)) > 0)
        ;
    if (more < 0) return TB_PENDING;
    char *text = file->buffer + file->start;
    int64_t size = file->end - file->start;
    file->start = file->end;
    if (file->has_return && !(file->flags & TB_FILE_BINARY)) size = unify_newlines(text, size);
    return as_value(file, text, size);
}

// ---- a given number of bytes or code points

static tb_value read_bytes(tb_file *file, int64_t count)
{
    while (file->end - file->start < count) {
        int more = fill(file);
        if (more < 0) return TB_PENDING;
        if (more == 0) break;
    }
    int64_t size = file->end - file->start < count ? file->end - file->start : count;
    const char *bytes = file->buffer + file->start;
    file->start += size;
    return tb_bytes_new((const uint8_t *)bytes, size);
}

// Has the buffer hold a whole code point. 1, 0 at the end of the file, -1 raised.
static int need_code(tb_file *file)
{
    if (file->start == file->end) {
        int more = fill(file);
        if (more <= 0) return more;
    }
    while (file->end - file->start < tb_utf8_size((uint8_t)file->buffer[file->start])) {
        int more = fill(file);
        if (more < 0) return -1;
        if (more == 0) return not_text(file->path, file->buffer + file->start, 0);
    }
    const char *at = file->buffer + file->start;
    int64_t size = tb_utf8_size((uint8_t)*at);
    return tb_utf8_check(at, size) < size ? not_text(file->path, at, 0) : 1;
}

static tb_value read_codes(tb_file *file, int64_t count)
{
    tb_text text;
    int got = 0;
    tb_text_begin(&text);
    while (count > 0 && (got = need_code(file)) > 0) {
        const char *at = file->buffer + file->start;
        int64_t size = tb_utf8_size((uint8_t)*at);
        file->start += size;
        int is_return = *at == '\r';
        if (tb_text_add(&text, is_return ? "\n" : at, size) < 0) return TB_PENDING;
        count--;
        if (is_return && skip_newline(file) < 0) got = -1;
        if (got < 0) break;
    }
    if (got >= 0) return TB_VALUE_OF(tb_text_end(&text));
    tb_text_drop(&text);
    return TB_PENDING;
}

tb_value tb_file_read(tb_file *file, int64_t count)
{
    if (begin_reading(file) < 0) return TB_PENDING;
    if (file->flags & TB_FILE_BINARY) return read_bytes(file, count);
    if (file->after_return && skip_newline(file) < 0) return TB_PENDING;
    return read_codes(file, count);
}

// ---------------------------------------------------------------------------------------- writing

// Writes past the buffer. 0, or -1: raised.
static int write_out(const tb_file *file, const char *bytes, int64_t size)
{
    char name[PATH_MAX + 3]; // a longer path could not be opened
    snprintf(name, sizeof name, "`%.*s`", (int)file->path->size, file->path->data);
    return tb_out_write_fd(file->fd, bytes, size, name);
}

int tb_file_flush(tb_file *file)
{
    if (file->flags & TB_FILE_STANDARD) return file->fd == STDOUT_FILENO ? tb_out_flush() : 0;
    int64_t size = file->end - file->start, start = file->start;
    if (file->state == TB_FILE_IDLE) return 0;
    int is_writing = file->state == TB_FILE_WRITING;
    file->state = TB_FILE_IDLE;
    file->start = file->end = 0;
    file->after_return = 0;
    if (size == 0) return 0;
    if (is_writing) return write_out(file, file->buffer + start, size);
    // Give back what was read ahead, for a write that follows.
    lseek(file->fd, -size, SEEK_CUR);
    return 0;
}

static int begin_writing(tb_file *file)
{
    if (file->state == TB_FILE_WRITING && file->fd >= 0) return 0;
    if (file->fd < 0) return raise_closed(file);
    if (!(file->flags & TB_FILE_WRITE)) {
        tb_raise_about(&tb_error_io, "the file ", file->path, " is not open for writing");
        return -1;
    }
    if (tb_file_flush(file) < 0) return -1;
    file->state = TB_FILE_WRITING;
    return file->capacity >= BLOCK_SIZE ? 0 : make_room(file, BLOCK_SIZE);
}

int tb_file_write(tb_file *file, const char *bytes, int64_t size)
{
    if (file->flags & TB_FILE_STANDARD) {
        if (file->fd == STDOUT_FILENO) return tb_out_write(bytes, size);
        return tb_out_write_fd(file->fd, bytes, size, "standard error");
    }
    if (begin_writing(file) < 0) return -1;
    if (size > file->capacity - file->end) {
        if (tb_file_flush(file) < 0) return -1;
        file->state = TB_FILE_WRITING;
    }
    if (size > file->capacity) return write_out(file, bytes, size);
    if (size > 0) memcpy(file->buffer + file->end, bytes, (size_t)size);
    file->end += size;
    return 0;
}

int64_t tb_file_seek(tb_file *file, int64_t offset, int whence)
{
    if (file->fd < 0) return raise_closed(file);
    if (tb_file_flush(file) < 0) return -1;
    off_t at = lseek(file->fd, offset, whence);
    return at < 0 ? tb_file_fail("move in", file->path) : at;
}

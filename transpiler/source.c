// Reading source text and finding lines and columns in it. Lines are indexed as far as questions
// go: a program without mistakes asks late or never, and where the parser gave up at once the rest
// does not matter.

#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_CHUNK_BYTES = 64 << 10, FIRST_INDEXED_BYTES = 64 << 10 };

// Folds CR LF and CR to LF in place and returns the new size. Most files have no CR and are left
// untouched.
static size_t fold_line_ends(char *text, size_t size)
{
    char *out = memchr(text, '\r', size);
    if (!out) return size;
    const char *end = text + size;
    for (const char *in = out; in < end; in++) {
        if (*in == '\r' && in + 1 < end && in[1] == '\n') continue;
        *out++ = *in == '\r' ? '\n' : *in;
    }
    *out = '\0';
    return (size_t)(out - text);
}

// Makes a source of a buffer in [arena] that has a NUL behind its [size] bytes.
static Source *adopt(Arena *arena, const char *path, char *text, size_t size)
{
    if (size >= UINT32_MAX) {
        errno = EFBIG;
        return NULL;
    }
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        size -= 3;
    }
    Source *source = ARENA_NEW(arena, Source);
    source->path = arena_copy(arena, path, strlen(path));
    source->size = (uint32_t)fold_line_ends(text, size);
    source->text = text;
    source->arena = arena;
    return source;
}

Source *source_from_text(Arena *arena, const char *path, const char *text, size_t size)
{
    if (size >= UINT32_MAX) {
        errno = EFBIG;
        return NULL;
    }
    return adopt(arena, path, arena_copy(arena, text, size), size);
}

// ---- reading ------------------------------------------------------------------------------------

typedef struct Buffer {
    char *bytes;
    size_t size;
    size_t capacity;
} Buffer;

static void buffer_reserve(Buffer *buffer, Arena *arena, size_t capacity)
{
    char *bytes = arena_alloc(arena, capacity);
    if (buffer->size) memcpy(bytes, buffer->bytes, buffer->size);
    buffer->bytes = bytes;
    buffer->capacity = capacity;
}

// Room for the whole of a regular file and one more byte, so that the read that finds its end needs
// no second buffer.
static size_t first_capacity(int file)
{
    struct stat info;
    bool is_sized = fstat(file, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
    if (!is_sized || info.st_size >= UINT32_MAX) return READ_CHUNK_BYTES;
    return (size_t)info.st_size + 2;
}

// Reads to the end of the file, always leaving room for a NUL. False with errno set when that
// fails.
static bool read_all(Arena *arena, int file, Buffer *buffer)
{
    buffer_reserve(buffer, arena, first_capacity(file));
    for (;;) {
        if (buffer->capacity - buffer->size < 2)
            buffer_reserve(buffer, arena, buffer->capacity * 2);
        ssize_t got = read(file, buffer->bytes + buffer->size, buffer->capacity - buffer->size - 1);
        if (got == 0) return true;
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        buffer->size += (size_t)got;
        if (buffer->size >= UINT32_MAX) {
            errno = EFBIG;
            return false;
        }
    }
}

Source *source_read(Arena *arena, const char *path)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int file = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return NULL;
    Buffer buffer = {0};
    bool is_read = read_all(arena, file, &buffer);
    int error = errno;
    if (!is_stdin) close(file);
    errno = error;
    if (!is_read) return NULL;
    return adopt(arena, is_stdin ? "<stdin>" : path, buffer.bytes, buffer.size);
}

// ---- characters ---------------------------------------------------------------------------------

uint32_t utf8_size(const char *text, size_t size)
{
    unsigned char lead = (unsigned char)text[0];
    if (lead < 0x80) return 1;
    uint32_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || length > size) return 0;
    for (uint32_t i = 1; i < length; i++)
        if (((unsigned char)text[i] & 0xC0) != 0x80) return 0;
    unsigned char second = (unsigned char)text[1];
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
    return length;
}

// ---- positions ----------------------------------------------------------------------------------

static uint32_t count_newlines(const char *at, const char *end)
{
    uint32_t count = 0;
    for (; (at = memchr(at, '\n', (size_t)(end - at))); at++)
        count++;
    return count;
}

static bool is_ascii(const char *text, size_t size)
{
    uint64_t seen = 0, word;
    size_t i = 0;
    for (; size - i >= sizeof word; i += sizeof word) {
        memcpy(&word, text + i, sizeof word);
        seen |= word;
    }
    for (; i < size; i++)
        seen |= (unsigned char)text[i];
    return !(seen & 0x8080808080808080u);
}

// Indexes the bytes up to [to] too.
static void index_more(Source *source, uint32_t to)
{
    const char *at = source->text + source->indexed, *end = source->text + to;
    uint32_t count = source->line_count;
    uint32_t *starts =
        ARENA_ARRAY(source->arena, uint32_t, (size_t)count + count_newlines(at, end));
    memcpy(starts, source->line_starts, sizeof *starts * count);
    source->is_ascii = source->is_ascii && is_ascii(at, to - source->indexed);
    while ((at = memchr(at, '\n', (size_t)(end - at))))
        starts[count++] = (uint32_t)(++at - source->text);
    source->line_starts = starts;
    source->line_count = count;
    source->indexed = to;
}

// Makes all lines known that start at [offset] or before. The index at least doubles each time, so
// that asking in ascending order is linear.
static void index_to(Source *source, uint32_t offset)
{
    if (offset > source->size) offset = source->size;
    if (!source->line_starts) {
        source->line_starts = ARENA_NEW(source->arena, uint32_t);
        source->line_count = 1;
        source->is_ascii = true;
    } else if (offset <= source->indexed) {
        return;
    }
    uint64_t to = 2 * (uint64_t)source->indexed;
    if (to < FIRST_INDEXED_BYTES) to = FIRST_INDEXED_BYTES;
    if (to < offset) to = offset;
    index_more(source, to < source->size ? (uint32_t)to : source->size);
}

uint32_t source_line_count(Source *source)
{
    index_to(source, source->size);
    return source->line_count;
}

static bool is_in_line(const Source *source, uint32_t line, uint32_t offset)
{
    return line < source->line_count && source->line_starts[line] <= offset &&
           (line + 1 == source->line_count || offset < source->line_starts[line + 1]);
}

// The index of the last line that starts at [offset] or before. Mostly it is the one asked for last
// or the next.
static uint32_t find_line(const Source *source, uint32_t offset)
{
    uint32_t last = source->cursor.line ? source->cursor.line - 1 : 0;
    if (is_in_line(source, last, offset)) return last;
    if (is_in_line(source, last + 1, offset)) return last + 1;
    uint32_t low = 0;
    uint32_t high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

// Counts from the line's start, or from where the last question about this line ended.
static uint32_t count_column(const Source *source, uint32_t line, uint32_t offset)
{
    uint32_t start = source->line_starts[line];
    if (source->is_ascii) return offset - start + 1;
    uint32_t column = 1;
    if (source->cursor.line == line + 1 && source->cursor.offset <= offset) {
        start = source->cursor.offset;
        column = source->cursor.column;
    }
    // Every byte that begins a character moves on by one, but for the first of the stretch.
    for (uint32_t i = start; i < offset; i++)
        if (!is_continuation(source->text[i + 1])) column++;
    return column;
}

Position source_position(Source *source, uint32_t offset)
{
    if (offset > source->size) offset = source->size;
    index_to(source, offset);
    uint32_t line = find_line(source, offset);
    uint32_t column = count_column(source, line, offset);
    source->cursor.line = line + 1;
    source->cursor.offset = offset;
    source->cursor.column = column;
    return (Position){line + 1, column};
}

uint32_t source_width(Source *source, uint32_t offset, uint32_t size)
{
    index_to(source, offset + size);
    if (source->is_ascii) return size;
    uint32_t count = 0;
    for (uint32_t i = 0; i < size; i++)
        count += !is_continuation(source->text[offset + i]);
    return count;
}

const char *source_line(Source *source, uint32_t line, uint32_t *size)
{
    *size = 0;
    while (source->line_count < line && (!source->line_starts || source->indexed < source->size))
        index_to(source, source->indexed + 1);
    if (line < 1 || line > source->line_count) return "";
    const char *start = source->text + source->line_starts[line - 1];
    const char *end = source->text + source->size;
    const char *newline = memchr(start, '\n', (size_t)(end - start));
    *size = (uint32_t)((newline ? newline : end) - start);
    return start;
}

// File objects: what `open`, `lines`, `stdin()`, `stdout()` and `stderr()` give, and their methods.
#include "file.h"

#include "build/stdlib/io.h"
#include "build/stdlib/sys.h"

#include <string.h>
#include <unistd.h>

static tb_file *self_of(tb_value self)
{
    return TB_PTR(tb_file, self);
}

static tb_value done(int status)
{
    return status < 0 ? TB_PENDING : TB_NONE_VALUE;
}

// ---------------------------------------------------------------------------------------- reading

static tb_value file_read(tb_fn *fn, tb_value self, tb_value size)
{
    (void)fn;
    if (size == TB_MISSING || size == TB_NONE_VALUE) return tb_file_rest(self_of(self));
    int64_t count = tb_arg_whole(size, TB_PLACE("read", "size"));
    if (count == INT64_MIN) return TB_PENDING;
    return count < 0 ? tb_file_rest(self_of(self)) : tb_file_read(self_of(self), count);
}
TB_METHOD(file_read, "read", 0, "size")

static tb_value file_read_line(tb_fn *fn, tb_value self)
{
    (void)fn;
    tb_value line = tb_file_line(self_of(self));
    return line == TB_MISSING ? TB_NONE_VALUE : line;
}
TB_METHOD(file_read_line, "read_line", 0)

static tb_value file_lines(tb_fn *fn, tb_value self)
{
    (void)fn;
    tb_list *list = tb_list_new(0);
    if (list == NULL) return TB_PENDING;
    for (;;) {
        tb_value line = tb_file_line(self_of(self));
        if (line == TB_MISSING) return TB_OBJECT(list);
        if (line == TB_PENDING || tb_list_push(list, line) < 0) return TB_PENDING;
    }
}
TB_METHOD(file_lines, "lines", 0)

static int next_line(void *file, tb_value *item)
{
    tb_value line = tb_file_line(file);
    if (line == TB_PENDING) return -1;
    if (line == TB_MISSING) return 0;
    *item = line;
    return 1;
}

static tb_value file_iter(tb_fn *fn, tb_value self)
{
    (void)fn;
    return tb_iterator_new(next_line, self_of(self));
}
TB_METHOD(file_iter, "iter", 0)

// ---------------------------------------------------------------------------------------- writing

// Writes [content] as the file's mode wants it. 0, or -1: raised.
static int write_value(tb_file *file, tb_value content, const char *function)
{
    tb_place place = TB_PLACE(function, "content");
    if (file->flags & TB_FILE_BINARY) {
        if (TB_IS(content, &tb_class_bytes))
            return tb_file_write(file, (const char *)TB_AS_BYTES(content)->data,
                                 TB_AS_BYTES(content)->size);
        tb_raise_arg(place, "Bytes for a binary file", content);
        return -1;
    }
    tb_str *text = tb_arg_str(content, place);
    return text ? tb_file_write(file, text->data, text->size) : -1;
}

static tb_value file_write(tb_fn *fn, tb_value self, tb_value content)
{
    (void)fn;
    return done(write_value(self_of(self), content, "write"));
}
TB_METHOD(file_write, "write", 1, "content")

static tb_value file_write_line(tb_fn *fn, tb_value self, tb_value content)
{
    (void)fn;
    if (content == TB_MISSING) return done(tb_file_write(self_of(self), "\n", 1));
    if (write_value(self_of(self), content, "write_line") < 0) return TB_PENDING;
    return done(tb_file_write(self_of(self), "\n", 1));
}
TB_METHOD(file_write_line, "write_line", 0, "content")

static tb_value file_write_lines(tb_fn *fn, tb_value self, tb_value lines)
{
    tb_iter it;
    tb_value item;
    int got = tb_iter_start(&it, lines);
    if (got < 0) return TB_PENDING;
    while ((got = tb_iter_next(&it, &item)) > 0)
        if (file_write_line(fn, self, item) == TB_PENDING) return TB_PENDING;
    return done(got);
}
TB_METHOD(file_write_lines, "write_lines", 1, "lines")

static tb_value file_flush(tb_fn *fn, tb_value self)
{
    (void)fn;
    return done(tb_file_flush(self_of(self)));
}
TB_METHOD(file_flush, "flush", 0)

// ------------------------------------------------------------------------------- places, closing

// "start", "current", "end", or 0, 1, 2 as for lseek. -1: raised.
static int whence_of(tb_value v)
{
    static const char *const names[] = {"start", "current", "end"};
    static const int codes[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    for (int i = 0; i < 3; i++) {
        if (v == TB_INT62(i)) return codes[i];
        if (TB_IS_STR(v) && TB_AS_STR(v)->size == (int64_t)strlen(names[i]) &&
            !memcmp(TB_AS_STR(v)->data, names[i], strlen(names[i])))
            return codes[i];
    }
    tb_raise_error(&tb_error_value,
                   "`whence` of `seek` must be \"start\", \"current\" or \"end\", not %V", v);
    return -1;
}

static tb_value file_seek(tb_fn *fn, tb_value self, tb_value position, tb_value whence)
{
    (void)fn;
    int code = whence == TB_MISSING ? SEEK_SET : whence_of(whence);
    int64_t offset = code < 0 ? INT64_MIN : tb_arg_whole(position, TB_PLACE("seek", "position"));
    if (offset == INT64_MIN) return TB_PENDING;
    int64_t at = tb_file_seek(self_of(self), offset, code);
    return at < 0 ? TB_PENDING : tb_int_from(at);
}
TB_METHOD(file_seek, "seek", 1, "position", "whence")

// Asking for the place gives back what was read ahead: the buffer is filled anew afterwards.
static tb_value file_tell(tb_fn *fn, tb_value self)
{
    (void)fn;
    int64_t at = tb_file_seek(self_of(self), 0, SEEK_CUR);
    return at < 0 ? TB_PENDING : tb_int_from(at);
}
TB_METHOD(file_tell, "tell", 0)

static tb_value file_close(tb_fn *fn, tb_value self)
{
    (void)fn;
    return done(tb_file_close(self_of(self)));
}
TB_METHOD(file_close, "close", 0)

// ----------------------------------------------------------------------------------------- fields

static tb_value file_path(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_OBJECT(self_of(self)->path);
}
TB_PROPERTY(file_path, "path")

static tb_value file_mode(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_OBJECT(self_of(self)->mode);
}
TB_PROPERTY(file_mode, "mode")

static tb_value file_closed(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_BOOL_VALUE(self_of(self)->fd < 0);
}
TB_PROPERTY(file_closed, "closed")

static tb_value file_is_terminal(tb_fn *fn, tb_value self)
{
    (void)fn;
    return TB_BOOL_VALUE(self_of(self)->fd >= 0 && isatty(self_of(self)->fd));
}
TB_METHOD(file_is_terminal, "is_terminal", 0)

// `<File data.txt>`
static tb_value file_to_string(tb_fn *fn, tb_value self)
{
    (void)fn;
    tb_str *parts[] = {tb_str_from_c("<File "), self_of(self)->path, tb_str_char('>')};
    if (parts[0] == NULL) return TB_PENDING;
    tb_value values[] = {TB_OBJECT(parts[0]), TB_OBJECT(parts[1]), TB_OBJECT(parts[2])};
    return tb_str_join_parts(3, values);
}
TB_METHOD(file_to_string, "to_string", 0)

static const tb_method file_methods[] = {
    TB_METHOD_ROW(file_read),        TB_METHOD_ROW(file_read_line), TB_METHOD_ROW(file_lines),
    TB_METHOD_ROW(file_iter),        TB_METHOD_ROW(file_write),     TB_METHOD_ROW(file_write_line),
    TB_METHOD_ROW(file_write_lines), TB_METHOD_ROW(file_flush),     TB_METHOD_ROW(file_seek),
    TB_METHOD_ROW(file_tell),        TB_METHOD_ROW(file_close),     TB_METHOD_ROW(file_path),
    TB_METHOD_ROW(file_mode),        TB_METHOD_ROW(file_closed),    TB_METHOD_ROW(file_is_terminal),
    TB_METHOD_ROW(file_to_string),
};

tb_class tb_file_class = TB_NATIVE_CLASS("File", file_methods,
                                         .special = {
                                             [TB_SPECIAL_ITER] = &file_iter_method,
                                             [TB_SPECIAL_CLOSE] = &file_close_method,
                                             [TB_SPECIAL_TO_STRING] = &file_to_string_method,
                                         });

// ---------------------------------------------------------------------------------------- opening

// The flags that a mode such as "r", "wb" or "r+" means; -1: ValueError.
static int flags_of_mode(const tb_str *mode)
{
    static const struct {
        char letter;
        int flags;
    } kinds[] = {{'r', TB_FILE_READ},
                 {'w', TB_FILE_WRITE | TB_FILE_CREATE | TB_FILE_TRUNCATE},
                 {'a', TB_FILE_WRITE | TB_FILE_CREATE | TB_FILE_APPEND},
                 {'x', TB_FILE_WRITE | TB_FILE_NEW}};
    int flags = 0, kind_count = 0;
    for (int64_t i = 0; i < mode->size; i++) {
        char letter = mode->data[i];
        int known = letter == 't';
        if (letter == '+') flags |= TB_FILE_READ | TB_FILE_WRITE, known = 1;
        if (letter == 'b') flags |= TB_FILE_BINARY, known = 1;
        for (int k = 0; k < 4; k++)
            if (letter == kinds[k].letter) flags |= kinds[k].flags, known = 1, kind_count++;
        if (!known) kind_count = 2;
    }
    if (kind_count == 1) return flags;
    tb_raise_error(&tb_error_value,
                   "`mode` of `open` must be r, w, a or x, with + or b if wanted, not %V",
                   TB_OBJECT(mode));
    return -1;
}

tb_value tb_io_open(tb_str *path, tb_str *mode)
{
    int flags = flags_of_mode(mode);
    return flags < 0 ? TB_PENDING : TB_VALUE_OF(tb_file_object(path, mode, flags));
}

// The next line of a file that is closed at its end.
static int next_line_and_close(void *file, tb_value *item)
{
    int got = next_line(file, item);
    return got == 0 && tb_file_close(file) < 0 ? -1 : got;
}

tb_value tb_io_lines(tb_str *path)
{
    tb_file *file = tb_file_object(path, tb_str_char('r'), TB_FILE_READ);
    return file ? tb_iterator_new(next_line_and_close, file) : TB_PENDING;
}

tb_value tb_sys_stdin(void)
{
    return TB_VALUE_OF(tb_file_input());
}

tb_value tb_sys_stdout(void)
{
    return TB_VALUE_OF(tb_file_output(STDOUT_FILENO));
}

tb_value tb_sys_stderr(void)
{
    return TB_VALUE_OF(tb_file_output(STDERR_FILENO));
}

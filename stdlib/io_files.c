// Whole files: reading, replacing, copying, asking about them. A part of stdlib/io.tb's native
// half.
//
// A file is never overwritten in place: the new content goes to a file beside it, which then takes
// its place (a Draft). So whoever reads meanwhile, and whatever happens to us, the file is the old
// one or the new one.
#include "file.h"

#include "build/stdlib/io.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define COPY_SIZE 131072

// The C string of a path, for the function called [name_].
#define PATH(path_, name_) tb_c_text(path_, TB_PLACE(name_, "path"))

// ---------------------------------------------------------------------------------------- reading

static tb_value read_whole(tb_str *path, int flags)
{
    tb_file file;
    if (tb_file_open(&file, path, TB_FILE_READ | flags) < 0) return TB_PENDING;
    tb_value content = tb_file_rest(&file);
    // A failure of closing what was only read does not matter, and one of reading came first.
    close(file.fd);
    tb_free(file.buffer);
    return content;
}

tb_str *tb_io_read_file(tb_str *path)
{
    tb_value text = read_whole(path, 0);
    return text == TB_PENDING ? NULL : TB_AS_STR(text);
}

tb_bytes *tb_io_read_bytes(tb_str *path)
{
    tb_value bytes = read_whole(path, TB_FILE_BINARY);
    return bytes == TB_PENDING ? NULL : TB_AS_BYTES(bytes);
}

// ---------------------------------------------------------------------------------------- drafts

// The new content of a file on its way.
typedef struct Draft {
    tb_str *path;          // as the program named it
    char title[PATH_MAX];  // the same in quotes, for messages
    int fd;                // where to write
    char target[PATH_MAX]; // what to replace, links resolved; "": `fd` is the file itself
    char name[PATH_MAX];   // the draft's own name
} Draft;

// Devices, pipes and settings of the kernel are written to, not replaced.
static int open_in_place(Draft *draft, const char *path)
{
    draft->target[0] = 0;
    draft->fd = open(path, O_WRONLY | O_CLOEXEC);
    return draft->fd < 0 ? tb_file_fail("write", draft->path) : 0;
}

// Whether a file is one of the kernel's own, where nothing else can be made: a setting in /proc or
// /sys.
static int is_of_kernel(const char *path)
{
    static const long systems[] = {PROC_SUPER_MAGIC,    SYSFS_MAGIC,   CGROUP_SUPER_MAGIC,
                                   CGROUP2_SUPER_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC};
    struct statfs info;
    if (statfs(path, &info) < 0) return 0;
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++)
        if ((long)info.f_type == systems[i]) return 1;
    return 0;
}

// Where a path with nothing behind it leads: itself, or what the link there names. 0, or -1 with
// errno.
static int resolve_missing(char target[PATH_MAX], const char *path)
{
    char link[PATH_MAX];
    ssize_t size = readlink(path, link, PATH_MAX - 1);
    link[size > 0 ? size : 0] = 0;
    const char *slash = strrchr(path, '/');
    int folder = slash && link[0] != '/' ? (int)(slash - path) + 1 : 0;
    int length = size > 0 ? snprintf(target, PATH_MAX, "%.*s%s", folder, path, link)
                          : snprintf(target, PATH_MAX, "%s", path);
    errno = ENAMETOOLONG;
    return length < PATH_MAX ? 0 : -1;
}

// The path a draft is to replace, links resolved. 0, or -1: raised.
static int resolve_target(Draft *draft, const char *path)
{
    if (realpath(path, draft->target)) return 0;
    if (errno == ENOENT && resolve_missing(draft->target, path) == 0) return 0;
    return tb_file_fail("write", draft->path);
}

// Makes a file of a new name beside the target. 0, or -1 with errno.
static int make_draft(Draft *draft)
{
    const char *slash = strrchr(draft->target, '/');
    int folder = slash ? (int)(slash - draft->target) + 1 : 0;
    for (int attempt = 0; attempt < 100; attempt++) {
        uint64_t mark;
        if (getrandom(&mark, sizeof mark, 0) != (ssize_t)sizeof mark) return -1;
        int size = snprintf(draft->name, PATH_MAX, "%.*s.tombo-%016llx", folder, draft->target,
                            (unsigned long long)mark);
        if (size >= PATH_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        draft->fd = open(draft->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (draft->fd >= 0 || errno != EEXIST) return draft->fd < 0 ? -1 : 0;
    }
    return -1;
}

// Begins the new content of [path]. 0, or -1: raised.
static int draft_begin(Draft *draft, tb_str *path, const char *function)
{
    const char *name = PATH(path, function);
    struct stat old;
    if (name == NULL) return -1;
    draft->path = path;
    snprintf(draft->title, sizeof draft->title, "`%s`", name);
    int exists = stat(name, &old) == 0;
    if (exists && S_ISDIR(old.st_mode)) {
        errno = EISDIR;
        return tb_file_fail("write", path);
    }
    if (exists && (!S_ISREG(old.st_mode) || is_of_kernel(name))) return open_in_place(draft, name);
    if (exists && access(name, W_OK) < 0) return tb_file_fail("write", path);
    if (resolve_target(draft, name) < 0) return -1;
    if (make_draft(draft) < 0)
        return tb_file_fail(exists ? "make a new file beside" : "write", path);
    // Owner and mode as before, as far as we may.
    if (exists && fchown(draft->fd, old.st_uid, old.st_gid) < 0 &&
        fchown(draft->fd, (uid_t)-1, old.st_gid) < 0)
        errno = 0;
    if (exists && fchmod(draft->fd, old.st_mode & 07777) < 0) errno = 0;
    return 0;
}

// Ends it: the draft takes the file's place when [is_good], else it goes away. 0, or -1: raised.
static int draft_end(Draft *draft, int is_good)
{
    int closed = close(draft->fd);
    if (is_good && closed < 0 && errno != EINTR) is_good = tb_file_fail("write", draft->path) == 0;
    if (draft->target[0] == 0) return is_good ? 0 : -1;
    if (is_good && rename(draft->name, draft->target) == 0) return 0;
    if (is_good) tb_file_fail("write", draft->path);
    unlink(draft->name);
    return -1;
}

// ---------------------------------------------------------------------------------------- writing

// What a program hands over to be written.
typedef struct Content {
    const char *bytes;
    int64_t size;
    tb_value keep; // holds them
} Content;

// The bytes of Bytes, and of anything else its text. 0, or -1: raised.
static int content_of(tb_value v, Content *out)
{
    if (TB_IS(v, &tb_class_bytes)) {
        *out = (Content){(const char *)TB_AS_BYTES(v)->data, TB_AS_BYTES(v)->size, v};
        return 0;
    }
    tb_value text = tb_to_str(v);
    if (text == TB_PENDING) return -1;
    *out = (Content){TB_AS_STR(text)->data, TB_AS_STR(text)->size, text};
    return 0;
}

int tb_io_write_file(tb_str *path, tb_value content)
{
    Content bytes;
    Draft draft;
    if (content_of(content, &bytes) < 0 || draft_begin(&draft, path, "write_file") < 0) return -1;
    int written = tb_out_write_fd(draft.fd, bytes.bytes, bytes.size, draft.title);
    return draft_end(&draft, written == 0) < 0 ? -1 : 1;
}

int tb_io_append_file(tb_str *path, tb_value content)
{
    Content bytes;
    tb_file file;
    if (content_of(content, &bytes) < 0) return -1;
    if (tb_file_open(&file, path, TB_FILE_WRITE | TB_FILE_APPEND | TB_FILE_CREATE) < 0) return -1;
    int written = tb_file_write(&file, bytes.bytes, bytes.size);
    int closed = tb_file_close(&file);
    return written < 0 || closed < 0 ? -1 : 1;
}

// ------------------------------------------------------------------------------ copying, renaming

// The path of [src]'s last part in the folder [dst], or [dst] itself when it is no folder.
static tb_str *target_in(tb_str *src, tb_str *dst, const char *function)
{
    const char *name = tb_c_text(dst, TB_PLACE(function, "dst"));
    struct stat info;
    if (name == NULL) return NULL;
    if (stat(name, &info) < 0 || !S_ISDIR(info.st_mode)) return dst;
    int64_t base = src->size;
    while (base > 0 && src->data[base - 1] != '/')
        base--;
    tb_text text;
    tb_text_begin(&text);
    if (tb_text_add_str(&text, dst) < 0 || tb_text_add(&text, "/", 1) < 0 ||
        tb_text_add(&text, src->data + base, src->size - base) < 0)
        return NULL;
    return tb_text_end(&text);
}

// Copies what is left of [from] to the draft. 0, or -1: raised.
static int copy_bytes(int from, tb_str *src, const Draft *to)
{
    char *block = tb_alloc_plain(COPY_SIZE);
    if (block == NULL) return -1;
    int64_t got;
    int is_good = 1;
    while (is_good && (got = tb_file_read_block(from, block, COPY_SIZE, src)) != 0)
        is_good = got > 0 && tb_out_write_fd(to->fd, block, got, to->title) == 0 &&
                  tb_interrupt() != TB_PENDING;
    tb_free(block);
    return is_good ? 0 : -1;
}

// Copies the open file [from] to [dst] with mode and times. 0, or -1: raised.
static int copy_open(int from, tb_str *src, tb_str *dst)
{
    Draft draft;
    struct stat info, old;
    if (fstat(from, &info) < 0) return tb_file_fail("copy", src);
    if (S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return tb_file_fail("copy", src);
    }
    const char *name = tb_c_text(dst, TB_PLACE("copy_file", "dst"));
    if (name == NULL) return -1;
    if (stat(name, &old) == 0 && old.st_dev == info.st_dev && old.st_ino == info.st_ino) {
        tb_raise_about(&tb_error_io, "cannot copy ", src, " to itself");
        return -1;
    }
    if (draft_begin(&draft, dst, "copy_file") < 0) return -1;
    int copied = copy_bytes(from, src, &draft);
    if (copied == 0 && draft.target[0]) {
        struct timespec times[] = {info.st_atim, info.st_mtim};
        if (fchmod(draft.fd, info.st_mode & 07777) < 0 || futimens(draft.fd, times) < 0)
            copied = tb_file_fail("copy the mode and times to", dst);
    }
    return draft_end(&draft, copied == 0);
}

int tb_io_copy_file(tb_str *src, tb_str *dst)
{
    const char *name = tb_c_text(src, TB_PLACE("copy_file", "src"));
    tb_str *target = name ? target_in(src, dst, "copy_file") : NULL;
    if (target == NULL) return -1;
    int from, again = 0;
    do
        from = open(name, O_RDONLY | O_CLOEXEC);
    while (from < 0 && (again = tb_file_retry()) > 0);
    if (from < 0) return again < 0 ? -1 : tb_file_fail("copy", src);
    int copied = copy_open(from, src, target);
    close(from);
    return copied < 0 ? -1 : 1;
}

int tb_io_rename(tb_str *src, tb_str *dst)
{
    const char *from = tb_c_text(src, TB_PLACE("move_file", "src"));
    const char *to = from ? tb_c_text(dst, TB_PLACE("move_file", "dst")) : NULL;
    if (to == NULL) return -1;
    if (rename(from, to) == 0) return 1;
    return errno == EXDEV ? 0 : tb_file_fail("move", src);
}

// ------------------------------------------------------------------------------ questions, removal

// What stat says about [path], following links or not: 1, 0 when there is nothing, -1: raised.
static int look(tb_str *path, const char *function, int is_followed, struct stat *info)
{
    const char *name = PATH(path, function);
    if (name == NULL) return -1;
    return (is_followed ? stat(name, info) : lstat(name, info)) == 0;
}

int tb_io_is_file(tb_str *path)
{
    struct stat info;
    int found = look(path, "is_file", 1, &info);
    return found > 0 ? S_ISREG(info.st_mode) : found;
}

int tb_io_is_dir(tb_str *path)
{
    struct stat info;
    int found = look(path, "is_dir", 1, &info);
    return found > 0 ? S_ISDIR(info.st_mode) : found;
}

int tb_io_is_link(tb_str *path)
{
    struct stat info;
    int found = look(path, "is_link", 0, &info);
    return found > 0 ? S_ISLNK(info.st_mode) : found;
}

int tb_io_exists(tb_str *path)
{
    struct stat info;
    return look(path, "path_exists", 1, &info);
}

int64_t tb_io_file_size(tb_str *path)
{
    struct stat info;
    int found = look(path, "file_size", 1, &info);
    if (found == 0) tb_file_fail("read the size of", path);
    return found > 0 ? info.st_size : INT64_MIN;
}

double tb_io_file_time(tb_str *path)
{
    struct stat info;
    int found = look(path, "file_time", 1, &info);
    if (found == 0) tb_file_fail("read the time of", path);
    return found > 0 ? (double)info.st_mtim.tv_sec + 1e-9 * (double)info.st_mtim.tv_nsec : NAN;
}

int tb_io_delete_file(tb_str *path)
{
    const char *name = PATH(path, "delete_file");
    if (name == NULL) return -1;
    return unlink(name) == 0 ? 1 : tb_file_fail("delete", path);
}

// ------------------------------------------------------------------------------------------ links

int tb_io_make_link(tb_str *target, tb_str *path)
{
    const char *to = tb_c_text(target, TB_PLACE("make_link", "target"));
    const char *name = to ? PATH(path, "make_link") : NULL;
    if (name == NULL) return -1;
    return symlink(to, name) == 0 ? 1 : tb_file_fail("make the link", path);
}

tb_str *tb_io_read_link(tb_str *path)
{
    char target[PATH_MAX];
    const char *name = PATH(path, "read_link");
    if (name == NULL) return NULL;
    ssize_t size = readlink(name, target, sizeof target - 1);
    if (size < 0) {
        tb_file_fail("read the link", path);
        return NULL;
    }
    target[size] = 0;
    return tb_str_from_system(target);
}

// Paths, temporary files and whole-file writes.

#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *file_folder(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash) return ".";
    if (slash == path) return "/";
    return arena_format(arena, "%s%.*s", path[0] == '-' ? "./" : "", (int)(slash - path), path);
}

const char *file_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool file_is_source(const char *path)
{
    size_t size = strlen(path);
    return size > 3 && (strcmp(path + size - 3, ".tb") == 0 || strcmp(path + size - 3, ".to") == 0);
}

const char *file_stem(Arena *arena, const char *path)
{
    const char *base = file_base(path);
    return arena_copy(arena, base, strlen(base) - (file_is_source(base) ? 3 : 0));
}

// Long names are cut: the temporary one must fit NAME_MAX too.
static char *name_beside(Arena *arena, const char *path)
{
    return arena_format(arena, "%s/.%.200s.XXXXXX", file_folder(arena, path), file_base(path));
}

const char *file_create_beside(Arena *arena, const char *path)
{
    char *name = name_beside(arena, path);
    int file = mkstemp(name);
    if (file < 0) return NULL;
    close(file);
    return name;
}

const char *file_create_folder(Arena *arena)
{
    const char *parent = getenv("TMPDIR");
    if (!parent || parent[0] != '/') parent = "/tmp";
    return mkdtemp(arena_format(arena, "%s/tombo-XXXXXX", parent));
}

static bool write_all(int file, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t written = write(file, text, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        text += written;
        size -= (size_t)written;
    }
    return true;
}

static bool write_and_close(int file, const char *text, size_t size)
{
    bool is_written = write_all(file, text, size);
    int error = errno;
    if (close(file) == 0 && is_written) return true;
    if (!is_written) errno = error;
    return false;
}

bool file_replace(const char *temporary, const char *path, bool is_program)
{
    mode_t mask = umask(0);
    umask(mask);
    struct stat former;
    mode_t mode = stat(path, &former) == 0 ? former.st_mode & 0777 : 0666 & ~mask;
    if (is_program) mode |= 0111 & ~mask;
    return chmod(temporary, mode) == 0 && rename(temporary, path) == 0;
}

bool file_write(Arena *arena, const char *path, const char *text, size_t size)
{
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        int device = open(path, O_WRONLY | O_CLOEXEC);
        return device >= 0 && write_and_close(device, text, size);
    }
    char *temporary = name_beside(arena, path);
    int file = mkstemp(temporary);
    if (file < 0) return false;
    if (write_and_close(file, text, size) && file_replace(temporary, path, false)) return true;
    int error = errno;
    unlink(temporary);
    errno = error;
    return false;
}

// Folders: listing, making, removing, searching by pattern. A part of stdlib/io.tb's native half.
#include "file.h"

#include "build/stdlib/io.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *c_path(tb_str *path, const char *function)
{
    return tb_c_text(path, TB_PLACE(function, "path"));
}

// ---------------------------------------------------------------------------------------- listing

static int push_name(tb_list *list, const char *name)
{
    tb_str *text = tb_str_from_system(name);
    return text ? tb_list_push(list, TB_OBJECT(text)) : -1;
}

// Whether an entry is a folder or a link to one.
static int is_folder(DIR *dir, const struct dirent *entry)
{
    struct stat info;
    if (entry->d_type == DT_DIR) return 1;
    if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN) return 0;
    return fstatat(dirfd(dir), entry->d_name, &info, 0) == 0 && S_ISDIR(info.st_mode);
}

// Adds the names in [dir] to [files]; those of folders to [folders] unless it is NULL. Closes it.
static int list_open(DIR *dir, tb_str *path, tb_list *folders, tb_list *files)
{
    const struct dirent *entry;
    int result = 0;
    errno = 0;
    while (result == 0 && (entry = readdir(dir)) != NULL) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            result = push_name(folders && is_folder(dir, entry) ? folders : files, name);
        errno = 0;
    }
    if (result == 0 && errno != 0) result = tb_file_fail("list", path);
    closedir(dir);
    return result;
}

static int sort_names(tb_list *names)
{
    return tb_list_sort(names, TB_NONE_VALUE, 0);
}

tb_list *tb_io_list_dir(tb_str *path)
{
    const char *name = c_path(path, "list_dir");
    tb_list *names = name ? tb_list_new(0) : NULL;
    if (names == NULL) return NULL;
    DIR *dir = opendir(name);
    if (dir == NULL) {
        tb_file_fail("list", path);
        return NULL;
    }
    return list_open(dir, path, NULL, names) == 0 && sort_names(names) == 0 ? names : NULL;
}

tb_value tb_io_scan_dir(tb_str *path)
{
    const char *name = c_path(path, "walk_dir");
    tb_list *folders = name ? tb_list_new(0) : NULL;
    tb_list *files = folders ? tb_list_new(0) : NULL;
    if (files == NULL) return TB_PENDING;
    DIR *dir = opendir(name);
    if (dir == NULL) return TB_NONE_VALUE;
    if (list_open(dir, path, folders, files) < 0) return TB_PENDING;
    if (sort_names(folders) < 0 || sort_names(files) < 0) return TB_PENDING;
    return tb_tuple_pair(TB_OBJECT(folders), TB_OBJECT(files));
}

tb_list *tb_io_glob(tb_str *pattern)
{
    glob_t found;
    const char *text = tb_c_text(pattern, TB_PLACE("glob", "pattern"));
    tb_list *names = text ? tb_list_new(0) : NULL;
    if (names == NULL) return NULL;
    int status = glob(text, GLOB_NOSORT | GLOB_NOESCAPE, NULL, &found);
    if (status == GLOB_NOSPACE) return tb_gc_raise((size_t)pattern->size);
    if (status != 0) return names;
    int result = 0;
    for (size_t i = 0; i < found.gl_pathc && result == 0; i++)
        result = push_name(names, found.gl_pathv[i]);
    globfree(&found);
    return result == 0 && sort_names(names) == 0 ? names : NULL;
}

// --------------------------------------------------------------------------------- making,
// removing

int tb_io_make_dir(tb_str *path)
{
    const char *name = c_path(path, "make_dir");
    if (name == NULL) return -1;
    return mkdir(name, 0777) == 0 ? 1 : tb_file_fail("make the folder", path);
}

int tb_io_remove_dir(tb_str *path)
{
    const char *name = c_path(path, "remove_dir");
    if (name == NULL) return -1;
    return rmdir(name) == 0 ? 1 : tb_file_fail("remove the folder", path);
}

// ------------------------------------------------------------------------------------ where we are

int tb_io_change_dir(tb_str *path)
{
    const char *name = c_path(path, "change_dir");
    if (name == NULL) return -1;
    return chdir(name) == 0 ? 1 : tb_file_fail("change to the folder", path);
}

tb_str *tb_io_current_dir(void)
{
    char path[PATH_MAX];
    if (getcwd(path, sizeof path)) return tb_str_from_system(path);
    tb_raise_error(&tb_error_io, "cannot find out the current folder: %s", strerror(errno));
    return NULL;
}

tb_str *tb_io_home_dir(void)
{
    const char *home = getenv("HOME");
    if (home && *home) return tb_str_from_system(home);
    const struct passwd *user = getpwuid(getuid());
    return tb_str_from_system(user ? user->pw_dir : "/");
}

// Native half of stdlib/tempfile.tb and stdlib/path.tb: what only the system can do for them.
#include "file.h"

#include "build/stdlib/path.h"
#include "build/stdlib/tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The C string of a part of the name to be made. NULL: ValueError when it could lead elsewhere.
static const char *name_part(tb_str *part, const char *param)
{
    const char *text = tb_c_text(part, TB_PLACE("temp_file", param));
    if (text == NULL || strchr(text, '/') == NULL) return text;
    tb_raise_error(&tb_error_value, "`%s` must not contain a `/`: %V", param, TB_OBJECT(part));
    return NULL;
}

// Makes a file or folder nobody else can look into, with a name nobody has. Returns its path.
tb_str *tb_tempfile_make(tb_str *folder, tb_str *prefix, tb_str *suffix, int is_folder)
{
    char path[PATH_MAX];
    const char *where = tb_c_text(folder, TB_PLACE("temp_file", "folder"));
    const char *before = where ? name_part(prefix, "prefix") : NULL;
    const char *after = before ? name_part(suffix, "suffix") : NULL;
    if (after == NULL) return NULL;
    int size = snprintf(path, sizeof path, "%s/%sXXXXXX%s", where, before, after);
    errno = ENAMETOOLONG;
    int made = -1;
    if (size > 0 && size < PATH_MAX && is_folder) made = mkdtemp(path) ? 0 : -1;
    if (size > 0 && size < PATH_MAX && !is_folder)
        made = mkostemps(path, (int)suffix->size, O_CLOEXEC);
    if (made < 0) {
        tb_raise_file(errno, "make something temporary in", folder);
        return NULL;
    }
    if (!is_folder) close(made);
    return tb_str_from_system(path);
}

int tb_path_matches(tb_str *path, tb_str *pattern)
{
    const char *text = tb_c_text(path, TB_PLACE("path_matches", "path"));
    const char *shape = text ? tb_c_text(pattern, TB_PLACE("path_matches", "pattern")) : NULL;
    if (shape == NULL) return -1;
    const char *slash = strrchr(text, '/');
    if (slash && !strchr(shape, '/')) text = slash + 1;
    return fnmatch(shape, text, FNM_PATHNAME | FNM_NOESCAPE) == 0;
}

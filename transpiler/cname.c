// See cname.h. Reserved are C's keywords, names that start like the runtime's (tb_, TB_), and the few standard names
// that gcc warns about when they are redefined.
#include "cname.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static const char *const reserved[] = {
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
    "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
    "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "asm",
    "typeof", "main", "exit", "abs", "labs", "malloc", "free", "printf", "puts", "memcpy", "memset", "memmove",
    "strlen", "sin", "cos", "tan", "exp", "log", "pow", "sqrt", "floor", "ceil", "round", "y0", "y1", "j0", "j1",
    "gamma", "index", "signal", "linux", "unix", "i386", "NULL", "bool", "true", "false", "at_", "self_", "args_",
    "fail", "INT64_MIN", "INT64_MAX",
};

static bool is_reserved(const char *text)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (!strcmp(reserved[i], text)) return true;
    return false;
}

void cnames_init(CNames *names, Arena *arena, const CNames *outer)
{
    *names = (CNames){.arena = arena, .outer = outer};
    names_init(&names->names, arena);
}

static bool is_taken(const CNames *names, const char *text)
{
    if (is_reserved(text)) return true;
    size_t size = strlen(text);
    for (const CNames *scope = names; scope; scope = scope->outer) {
        Name *name = name_find((Names *)(uintptr_t)&scope->names, text, size);
        if (name && map_get(&scope->taken, name)) return true;
    }
    return false;
}

// Whether no name may begin like this: the runtime's do, or C keeps such names for itself.
static bool has_reserved_start(const char *text)
{
    return !strncmp(text, "tb_", 3) || !strncmp(text, "TB_", 3) || !strncmp(text, "__", 2) ||
           (text[0] == '_' && isupper((unsigned char)text[1]));
}

// Letters, digits and `_` stay; every other byte becomes `_`; a leading digit gets one in front, a reserved start `x`.
static char *sanitize(Arena *arena, const char *wanted)
{
    size_t size = strlen(wanted);
    char *text = arena_alloc(arena, size + 3);
    char *out = text + 1;
    if (!size || isdigit((unsigned char)*wanted)) *out++ = '_';
    for (const char *in = wanted; *in; in++)
        *out++ = isalnum((unsigned char)*in) || *in == '_' ? *in : '_';
    text[0] = 'x';
    return has_reserved_start(text + 1) ? text : text + 1;
}

const char *cname_unique(CNames *names, const char *wanted)
{
    const char *base = sanitize(names->arena, wanted);
    Name *first = name_from(&names->names, base);
    intptr_t suffix = (intptr_t)map_get(&names->taken, first);
    const char *text = base;
    while (is_taken(names, text))
        text = arena_format(names->arena, "%s_%d", base, (int)(suffix = suffix < 2 ? 2 : suffix + 1));
    map_put(&names->taken, names->arena, first, (void *)(suffix ? suffix : 1));
    map_put(&names->taken, names->arena, name_from(&names->names, text), (void *)(intptr_t)1);
    return text;
}

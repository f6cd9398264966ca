// See cname.h. Reserved are C's keywords, names that start like the runtime's (tb_, TB_), the few
// standard names that gcc warns about when they are redefined, and the emitter's own, which end
// with `_`.
#include "cname.h"

#include <stdbool.h>
#include <string.h>

static const char *const reserved[] = {
    "auto",     "break",  "case",   "char",     "const",     "continue",  "default",  "do",
    "double",   "else",   "enum",   "extern",   "float",     "for",       "goto",     "if",
    "inline",   "int",    "long",   "register", "restrict",  "return",    "short",    "signed",
    "sizeof",   "static", "struct", "switch",   "typedef",   "union",     "unsigned", "void",
    "volatile", "while",  "asm",    "typeof",   "main",      "exit",      "abs",      "labs",
    "malloc",   "free",   "printf", "puts",     "memcpy",    "memset",    "memmove",  "strlen",
    "sin",      "cos",    "tan",    "exp",      "log",       "pow",       "sqrt",     "floor",
    "ceil",     "round",  "y0",     "y1",       "j0",        "j1",        "gamma",    "index",
    "signal",   "linux",  "unix",   "i386",     "NULL",      "bool",      "true",     "false",
    "at_",      "self_",  "args_",  "fail",     "INT64_MIN", "INT64_MAX", "caches_",  "sources_",
    "start_",
};

void cnames_init(CNames *names, Arena *arena, Names *table, const CNames *outer)
{
    *names = (CNames){.arena = arena, .table = table, .outer = outer};
    if (outer) return;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        map_put(&names->taken, arena, name_from(table, reserved[i]), (void *)(intptr_t)1);
}

void cnames_clear(CNames *names)
{
    map_clear(&names->taken);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// `t12_` and the like: the emitter's temporaries.
static bool is_temporary(const Name *name)
{
    const char *end = name->text + name->size;
    return name->text[0] == 't' && name->size >= 3 && end[-1] == '_' && is_digit(end[-2]);
}

static bool is_taken(const CNames *names, const Name *name)
{
    if (is_temporary(name)) return true;
    for (const CNames *scope = names; scope; scope = scope->outer)
        if (map_get(&scope->taken, name)) return true;
    return false;
}

// Whether no name may begin like this: the runtime's do, or C keeps such names for itself.
static bool has_reserved_start(const char *text)
{
    bool is_tb =
        (text[0] == 't' || text[0] == 'T') && (text[1] == 'b' || text[1] == 'B') && text[2] == '_';
    return is_tb || (text[0] == '_' && (text[1] == '_' || (text[1] >= 'A' && text[1] <= 'Z')));
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

static bool is_c_name(const char *text)
{
    if (!*text || is_digit(*text) || has_reserved_start(text)) return false;
    while (is_word_byte(*text))
        text++;
    return !*text;
}

// Letters, digits and `_` stay; every other byte becomes `_`; a leading digit gets one in front, a
// reserved start `x`.
static const char *sanitize(Arena *arena, const char *wanted)
{
    size_t size = strlen(wanted);
    char *text = arena_alloc(arena, size + 3);
    char *out = text + 1;
    if (!size || is_digit(*wanted)) *out++ = '_';
    for (const char *in = wanted; *in; in++)
        *out++ = is_word_byte(*in) ? *in : '_';
    text[0] = 'x';
    return has_reserved_start(text + 1) ? text : text + 1;
}

const char *cname_unique(CNames *names, const char *wanted)
{
    Name *base =
        name_from(names->table, is_c_name(wanted) ? wanted : sanitize(names->arena, wanted));
    intptr_t suffix = (intptr_t)map_get(&names->taken, base);
    Name *name = base;
    while (is_taken(names, name)) {
        suffix = suffix < 2 ? 2 : suffix + 1;
        name =
            name_from(names->table, arena_format(names->arena, "%s_%d", base->text, (int)suffix));
    }
    map_put(&names->taken, names->arena, name, (void *)(intptr_t)1);
    if (suffix) map_put(&names->taken, names->arena, base, (void *)suffix);
    return name->text;
}

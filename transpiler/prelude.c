// Picks pieces of the runtime's header by looking up every name that begins with `tb_` or `TB_`, in
// the program and then in the pieces themselves.

#include "prelude.h"

#include <stdlib.h>

static bool is_name_character(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static int compare_symbol(const void *name, const void *symbol)
{
    return strcmp(name, ((const RuntimeSymbol *)symbol)->name);
}

const RuntimeSymbol *prelude_symbol(const char *name)
{
    return bsearch(name, runtime_symbols, (size_t)runtime_symbol_count, sizeof *runtime_symbols,
                   compare_symbol);
}

// The first row whose name is not before [name].
static int lower_bound(const char *name)
{
    int low = 0;
    int high = prelude_name_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (strcmp(prelude_names[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void need_piece(Prelude *prelude, int number)
{
    if (prelude->wanted[number]) return;
    prelude->wanted[number] = true;
    int start = prelude_pieces[number].start;
    prelude_need(prelude, prelude_text + start, (size_t)(prelude_pieces[number + 1].start - start));
}

static void need_name(Prelude *prelude, const char *text, size_t size)
{
    uint32_t known_count = prelude->seen.count;
    const Name *name = name_of(&prelude->seen, text, size);
    if (prelude->seen.count == known_count) return;
    const RuntimeSymbol *symbol = prelude_symbol(name->text);
    if (symbol) VEC_PUSH(prelude->arena, prelude->symbols, symbol);
    int row = lower_bound(name->text);
    for (; row < prelude_name_count && strcmp(prelude_names[row].name, name->text) == 0; row++)
        need_piece(prelude, prelude_names[row].piece);
}

static void start(Prelude *prelude)
{
    names_init(&prelude->seen, prelude->arena);
    prelude->wanted = ARENA_ARRAY(prelude->arena, bool, prelude_piece_count);
    for (int i = 0; i < prelude_piece_count; i++)
        if (prelude_pieces[i].is_basic) need_piece(prelude, i);
}

void prelude_need(Prelude *prelude, const char *text, size_t size)
{
    if (!prelude->wanted) start(prelude);
    const char *end = text + size;
    for (const char *at = text; at < end; at++) {
        if (!is_name_character(*at)) continue;
        const char *name = at;
        while (at < end && is_name_character(*at))
            at++;
        bool is_ours = at - name > 3 && name[2] == '_' && (name[1] == 'b' || name[1] == 'B') &&
                       (name[0] == 't' || name[0] == 'T');
        if (is_ours) need_name(prelude, name, (size_t)(at - name));
    }
}

void prelude_write(const Prelude *prelude, Text *text)
{
    for (int i = 0; i < prelude_piece_count; i++) {
        int piece_start = prelude_pieces[i].start;
        if (prelude->wanted[i])
            text_add(text, prelude_text + piece_start,
                     (size_t)(prelude_pieces[i + 1].start - piece_start));
    }
}

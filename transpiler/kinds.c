// Kinds of objects in a table, the largest first.

#include "kinds.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void kinds_add(KindList *kinds, Arena *arena, Kind kind)
{
    for (int i = 0; i < kinds->count; i++) {
        Kind *known = &kinds->items[i];
        if (known->is_own_class != kind.is_own_class || strcmp(known->name, kind.name) != 0)
            continue;
        known->count += kind.count;
        known->size += kind.size;
        return;
    }
    kind.name = arena_copy(arena, kind.name, strlen(kind.name));
    VEC_PUSH(arena, *kinds, kind);
}

static int by_size(const void *a, const void *b)
{
    const Kind *first = a, *second = b;
    if (first->size != second->size) return first->size < second->size ? 1 : -1;
    return strcmp(first->name, second->name);
}

void kinds_sort(KindList *kinds)
{
    if (kinds->count) qsort(kinds->items, (size_t)kinds->count, sizeof *kinds->items, by_size);
}

// ---- how numbers look ---------------------------------------------------------------------------

const char *kinds_number(int64_t number, NumberText *text)
{
    char digits[32];
    int size = snprintf(digits, sizeof digits, "%" PRId64, number);
    int at = 0;
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0 && digits[i - 1] != '-') text->text[at++] = ',';
        text->text[at++] = digits[i];
    }
    text->text[at] = '\0';
    return text->text;
}

const char *kinds_size(int64_t size, NumberText *text)
{
    enum { KB = 1 << 10, MB = 1 << 20, GB = 1 << 30 };
    if (size < 10 * KB) {
        NumberText number;
        snprintf(text->text, sizeof text->text, "%.20s bytes", kinds_number(size, &number));
    } else if (size < MB) {
        snprintf(text->text, sizeof text->text, "%.1f KB", (double)size / KB);
    } else if (size < GB) {
        snprintf(text->text, sizeof text->text, "%.1f MB", (double)size / MB);
    } else {
        snprintf(text->text, sizeof text->text, "%.2f GB", (double)size / GB);
    }
    return text->text;
}

// ---- the table ----------------------------------------------------------------------------------

static void put_row(FILE *out, const char *what, const char *count, const char *size,
                    const char *each)
{
    fprintf(out, "  %-26s %12s %14s", what, count, size);
    if (*each) fprintf(out, " %12s", each);
    fprintf(out, "\n");
}

static void put_kind(FILE *out, const Kind *kind)
{
    NumberText count, size, each;
    char name[64];
    snprintf(name, sizeof name, "%s%s", kind->is_own_class ? "class " : "", kind->name);
    put_row(out, name, kinds_number(kind->count, &count), kinds_number(kind->size, &size),
            kinds_number((kind->size + kind->count / 2) / kind->count, &each));
}

void kinds_print(const KindTable *table, FILE *out)
{
    NumberText count, size;
    int64_t objects = 0;
    put_row(out, table->title, "objects", "bytes", "bytes each");
    for (int i = 0; i < table->kinds->count; i++) {
        put_kind(out, &table->kinds->items[i]);
        objects += table->kinds->items[i].count;
    }
    put_row(out, "buffers and shared parts", "", kinds_number(table->other, &size), "");
    put_row(out, "in all", kinds_number(objects, &count), kinds_number(table->total, &size), "");
}

// Counting what the heap holds.
//
// The collector knows blocks, not objects. A block is an object when its first word is the address
// of a class (an object of tb_class_class in the heap or in the program's data) and its size fits.
// A buffer of raw Ints looks like one by accident when its first item is just such an address. So
// there are three walks: the first hides the parts of containers, whose layout leaves no doubt; the
// second counts what can be seen; the third shows the parts again.
#include "survey.h"
#include "dict.h"
#include "func.h"
#include "gc.h"
#include "set.h"
#include "str.h"

extern char __data_start[], _end[]; // of the executable's writable data, by the linker

static int lies_within(uintptr_t address, const char *start, size_t size)
{
    return address - (uintptr_t)start < size;
}

// The class that [word] is the address of, or NULL.
static const tb_class *class_at(const tb_survey *survey, uintptr_t word)
{
    size_t scanned;
    if (word == 0 || word % sizeof(void *) != 0) return NULL;
    int is_readable = lies_within(word, __data_start, (size_t)(_end - __data_start)) ||
                      lies_within(word, survey->code, survey->code_size) ||
                      tb_gc_block_at(word, &scanned) != NULL;
    if (!is_readable) return NULL;
    const tb_class *cls = (const tb_class *)word;
    return cls->cls == &tb_class_class && cls->kind >= 0 && cls->kind < TB_KIND_COUNT ? cls : NULL;
}

// ------------------------------------------------------------------------------------------- parts

// The size of the block at [part], 0 when it is none.
static size_t part_size(const void *part)
{
    size_t scanned;
    const void *block = tb_gc_block_at((uintptr_t)part, &scanned);
    return block ? tb_gc_block_size(block) : 0;
}

enum { PARTS_MOST = 2 };

// The bytes that an object of class [cls] has at least.
static size_t least_size(const tb_class *cls)
{
    if (cls == &tb_class_list) return sizeof(tb_list);
    if (cls == &tb_class_dict) return sizeof(tb_dict);
    if (cls == &tb_class_set) return sizeof(tb_set);
    if (cls == &tb_class_string) return sizeof(tb_str);
    if (cls->kind == TB_INSTANCE)
        return sizeof(tb_instance) + (size_t)cls->slot_count * sizeof(tb_value);
    return sizeof(tb_object);
}

static int list_parts(const tb_list *list, const void **parts)
{
    int is_sound = list->kind >= TB_ITEMS_BOXED && list->kind <= TB_ITEMS_BOOL &&
                   list->count >= 0 && (!list->as.data || list->count <= list->capacity);
    parts[0] = list->as.data;
    return is_sound ? 1 : 0;
}

static int table_parts(const tb_table *table, const void **parts)
{
    int is_sound = table->count >= 0 && table->count <= table->used &&
                   table->used <= table->capacity && table->slots >= 0;
    parts[0] = table->index;
    parts[1] = table->entries;
    return is_sound ? 2 : 0;
}

// The buffer several strings share belongs to the one that ends it.
static int shared_parts(const tb_str_shared *s, const void **parts)
{
    parts[0] = s->crumbs;
    parts[1] = s->buffer;
    return part_size(s->buffer) > 0 && s->buffer->used == s->head.size ? 2 : 1;
}

// The addresses of the blocks that [object] has for itself beside its own; some may be none.
// Returns their number.
static int parts_of(const tb_object *object, const void **parts)
{
    const tb_class *cls = object->cls;
    if (cls == &tb_class_list) return list_parts((const tb_list *)object, parts);
    if (cls == &tb_class_dict) return table_parts(&((const tb_dict *)object)->table, parts);
    if (cls == &tb_class_set) return table_parts(&((const tb_set *)object)->table, parts);
    if (cls == &tb_class_string && ((const tb_str *)object)->flags & TB_STR_SHARED)
        return shared_parts((const tb_str_shared *)object, parts);
    return 0;
}

static size_t parts_size(const tb_object *object)
{
    const void *parts[PARTS_MOST];
    size_t size = 0;
    for (int i = parts_of(object, parts) - 1; i >= 0; i--)
        size += part_size(parts[i]);
    return size;
}

size_t tb_object_size(const tb_object *object)
{
    size_t size = part_size(object);
    return size ? size + parts_size(object) : 0;
}

// ------------------------------------------------------------------------------------------- walks

// The class of the object that a block is, or NULL.
static const tb_class *class_of_block(const tb_survey *survey, const void *block, size_t size)
{
    const tb_class *cls = size < sizeof cls ? NULL : class_at(survey, *(const uintptr_t *)block);
    return cls && size >= least_size(cls) ? cls : NULL;
}

static void each_part(const tb_survey *survey, const void *block, size_t size,
                      void (*act)(const void *part))
{
    const void *parts[PARTS_MOST];
    if (!class_of_block(survey, block, size)) return;
    for (int i = parts_of(block, parts) - 1; i >= 0; i--)
        if (part_size(parts[i])) act(parts[i]);
}

static void hide_parts(void *block, size_t size, void *survey)
{
    each_part(survey, block, size, tb_gc_hide_block);
}

static void show_parts(void *block, size_t size, void *survey)
{
    each_part(survey, block, size, tb_gc_show_block);
}

// -------------------------------------------------------------------------------------------- rows

// The row of [cls]; NULL when the table is full.
static tb_survey_row *row_of(tb_survey *survey, const tb_class *cls)
{
    if (cls->made_from) cls = cls->made_from;
    size_t at = ((uintptr_t)cls >> 4) % TB_SURVEY_KINDS;
    while (survey->rows[at].cls && survey->rows[at].cls != cls)
        at = (at + 1) % TB_SURVEY_KINDS;
    tb_survey_row *row = &survey->rows[at];
    if (row->cls) return row;
    if (survey->row_count == TB_SURVEY_KINDS - 1) return NULL; // one stays free to end searches
    survey->row_count++;
    row->cls = cls;
    return row;
}

static void count_block(void *block, size_t size, void *survey_pointer)
{
    tb_survey *survey = survey_pointer;
    const tb_class *cls = class_of_block(survey, block, size);
    tb_survey_row *row = cls ? row_of(survey, cls) : NULL;
    if (cls) size += parts_size(block);
    survey->total += size;
    survey->object_count++;
    if (!row) return;
    row->count++;
    row->size += size;
    survey->attributed += size;
}

void tb_survey_take(tb_survey *survey)
{
    *survey = (tb_survey){.code = survey->code, .code_size = survey->code_size};
    tb_gc_each_block(hide_parts, survey);
    tb_gc_each_block(count_block, survey);
    tb_gc_each_block(show_parts, survey);
}

static const char *row_name(const tb_class *cls)
{
    if (cls == &tb_class_int) return "Int (big)";
    if (cls == &tb_class_float) return "Float (boxed)";
    if (cls == &tb_class_bound) return "Function (bound method)";
    if (cls == &tb_class_function) return "Function (closure)";
    return cls->name;
}

void tb_survey_each(const tb_survey *survey,
                    void (*each)(const char *name, int is_own_class, const tb_survey_row *row,
                                 void *data),
                    void *data)
{
    for (size_t i = 0; i < TB_SURVEY_KINDS; i++) {
        const tb_survey_row *row = &survey->rows[i];
        if (row->cls) each(row_name(row->cls), row->cls->kind == TB_INSTANCE, row, data);
    }
}

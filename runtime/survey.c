// Counting what the heap holds.
//
// The collector knows blocks, not objects. A block is an object when its first word is the address
// of a class: an object of tb_class_class in the heap or in the program's data. A buffer of raw
// Ints could look like one by accident, if its first item were just such an address; the parts it
// would then be thought to have are only asked about, never read.
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

static size_t table_size(const tb_table *table)
{
    return part_size(table->index) + part_size(table->entries);
}

// The buffer several strings share counts for the one that ends it.
static size_t shared_size(const tb_str_shared *s)
{
    size_t size = part_size(s->crumbs), buffer_size = part_size(s->buffer);
    int is_last = buffer_size > 0 && s->buffer->used == s->head.size;
    return is_last ? size + buffer_size : size;
}

// The bytes of the blocks that [object] has for itself, without its own.
static size_t parts_size(const tb_object *object)
{
    const tb_class *cls = object->cls;
    if (cls == &tb_class_list) return part_size(((const tb_list *)object)->as.data);
    if (cls == &tb_class_dict) return table_size(&((const tb_dict *)object)->table);
    if (cls == &tb_class_set) return table_size(&((const tb_set *)object)->table);
    if (cls == &tb_class_string && ((const tb_str *)object)->flags & TB_STR_SHARED)
        return shared_size((const tb_str_shared *)object);
    return 0;
}

size_t tb_object_size(const tb_object *object)
{
    size_t size = part_size(object);
    return size ? size + parts_size(object) : 0;
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
    survey->block_count++;
    survey->total += size;
    const tb_class *cls = size < sizeof cls ? NULL : class_at(survey, *(const uintptr_t *)block);
    tb_survey_row *row = cls ? row_of(survey, cls) : NULL;
    if (!row) return;
    size += parts_size(block);
    row->count++;
    row->size += size;
    survey->attributed += size;
}

void tb_survey_take(tb_survey *survey)
{
    *survey = (tb_survey){.code = survey->code, .code_size = survey->code_size};
    tb_gc_each_block(count_block, survey);
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

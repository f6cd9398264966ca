// What the heap holds, by kind of object: for `tombo mem` and the prompt's `:mem`.
//
// An object counts with the blocks that are its own: a list with its buffer, a dict with its two
// arrays. What no object owns alone (variables that closures share, the state of iterators, buffers
// of files, the runtime's own tables) is the rest, `other`.
#ifndef TB_SURVEY_H
#define TB_SURVEY_H

#include "value.h"

#include <stddef.h>

#define TB_SURVEY_KINDS 509 // a prime: the rows are a hash table, one kind behind the other

// Objects of one class; for classes made by one class statement again and again, of all of them.
typedef struct tb_survey_row {
    const tb_class *cls; // NULL: no row
    int64_t count;
    size_t size; // in bytes, the allocator's rounding included
} tb_survey_row;

typedef struct tb_survey {
    tb_survey_row rows[TB_SURVEY_KINDS];
    int64_t row_count;
    int64_t object_count; // those in no row included, a block of no object among them
    size_t total;         // bytes of all blocks
    size_t attributed;    // of them those in rows
    // Where classes can lie beside the heap and the executable's own data: the prompt's code.
    const char *code;
    size_t code_size;
} tb_survey;

// Counts what the last collection left; to be called right behind it. `code` and `code_size` of
// [survey] are set, the rest is written. In the malloc flavour there is nothing to be counted.
void tb_survey_take(tb_survey *survey);

// The bytes of an object's own blocks; 0 when it is in none: it came with the program, or this is
// the malloc flavour.
size_t tb_object_size(const tb_object *object);

// Calls [each] with every row that has objects, in no order. [name] is the class's; what it says
// about kinds that share one name is in brackets: "Int (big)", "Function (bound method)".
void tb_survey_each(const tb_survey *survey,
                    void (*each)(const char *name, int is_own_class, const tb_survey_row *row,
                                 void *data),
                    void *data);

#endif

// The hash of a key. Equal values must hash alike: numbers across their types, ranges by the items
// they give. Everything is mixed with the process's secret, so that nobody can send keys that
// collide.
#include "compare.h"

#include "bytes.h"
#include "error.h"
#include "float.h"
#include "frames.h"
#include "func.h"
#include "int.h"
#include "object.h"
#include "range.h"
#include "siphash.h"
#include "str.h"
#include "tuple.h"

#define FRAMES_INLINE 8 // depth of tuples that needs no block

static uint64_t secret(void)
{
    return TB_LIKELY(tb_rt.hash_key.first) ? tb_rt.hash_key.second : tb_hash_secret()->second;
}

static uint64_t hash_word(uint64_t word)
{
    return tb_word_hash(word, secret());
}

// Adds one more hash to that of a sequence; the order matters.
static uint64_t combine(uint64_t hash, uint64_t more)
{
    return hash_word((hash << 5 | hash >> 59) ^ more);
}

// ------------------------------------------------------------------------------------------- atoms

static uint64_t hash_range(const tb_range *range)
{
    uint64_t hash = tb_int_hash(range->length, secret());
    if (range->length == TB_INT62(0)) return hash;
    hash = combine(hash, tb_int_hash(range->from, secret()));
    return range->length == TB_INT62(1) ? hash : combine(hash, tb_int_hash(range->step, secret()));
}

static uint64_t hash_function(tb_value v)
{
    if (TB_IS(v, &tb_class_function) && TB_AS_FN(v)->info->flags & TB_FN_LIBRARY)
        return hash_word((uint64_t)TB_AS_FN(v)->info->line); // see is_same_library_function
    if (!TB_IS(v, &tb_class_bound)) return hash_word(v);
    const tb_bound *bound = TB_PTR(tb_bound, v);
    return combine(hash_word(bound->target), bound->self);
}

// Objects are their own key unless their class defines when two are equal; then it must define
// `hash` too.
static uint64_t hash_object(tb_value v, int *failed)
{
    tb_fn *hash = tb_special_of(v, TB_SPECIAL_HASH);
    if (!hash && !tb_special_of(v, TB_SPECIAL_EQUALS)) return hash_word(v);
    *failed = 1;
    if (!hash) {
        tb_raise_error(&tb_error_type, "%A cannot be a key (it defines `equals` without `hash`)",
                       v);
        return 0;
    }
    tb_value result = tb_call_method_fn(hash, v, 0, NULL);
    if (result == TB_PENDING) return 0;
    if (!TB_IS_INT(result)) {
        tb_raise_error(&tb_error_type, "`hash` of %A returned %A, not an Int", v, result);
        return 0;
    }
    *failed = 0;
    return tb_int_hash(result, secret());
}

// The hash of anything but a tuple.
static uint64_t hash_atom(tb_value v, int *failed)
{
    switch (TB_KIND(v)) {
    case TB_BOOL:
        return tb_int_hash(TB_INT62(v == TB_TRUE), secret());
    case TB_INT:
        return tb_int_hash(v, secret());
    case TB_FLOAT:
        return tb_float_hash(tb_float_get(v), secret());
    case TB_STRING:
        return tb_str_hash(TB_AS_STR(v));
    case TB_BYTES:
        return tb_bytes_hash(TB_AS_BYTES(v));
    case TB_RANGE:
        return hash_range(TB_AS_RANGE(v));
    case TB_FUNCTION:
        return hash_function(v);
    case TB_INSTANCE:
    case TB_NATIVE:
        return hash_object(v, failed);
    case TB_LIST:
    case TB_DICT:
    case TB_SET:
        *failed = 1;
        tb_raise_error(&tb_error_type, "%A cannot be a key (it can change)", v);
        return 0;
    default:
        return hash_word(v);
    }
}

// ------------------------------------------------------------------------------------------ tuples

// A tuple being hashed: the items before `position` are in `hash`.
typedef struct Frame {
    const tb_tuple *tuple;
    int64_t position;
    uint64_t hash;
} Frame;

typedef struct Stack {
    Frame *frames;
    int64_t depth;
    int64_t capacity;
    Frame first[FRAMES_INLINE];
} Stack;

static int stack_grow(Stack *stack)
{
    Frame *frames = tb_frames_grow(stack->frames, stack->first, &stack->capacity, sizeof *frames);
    if (!frames) return -1;
    stack->frames = frames;
    return 0;
}

static int stack_push(Stack *stack, const tb_tuple *tuple)
{
    if (stack->depth == stack->capacity && stack_grow(stack) < 0) return -1;
    stack->frames[stack->depth++] = (Frame){tuple, 0, hash_word((uint64_t)tuple->count)};
    return 0;
}

// Hashes a tuple and all tuples within it, without recursion.
static uint64_t hash_tuple(Stack *stack, const tb_tuple *tuple, int *failed)
{
    uint64_t hash = 0; // of the tuple that was finished last
    *failed = stack_push(stack, tuple) < 0;
    while (!*failed && stack->depth > 0) {
        Frame *frame = &stack->frames[stack->depth - 1];
        if (frame->position == frame->tuple->count) {
            hash = frame->hash;
            stack->depth--;
            if (stack->depth > 0) {
                frame--;
                frame->hash = combine(frame->hash, hash);
            }
            continue;
        }
        tb_value item = frame->tuple->items[frame->position++];
        if (TB_IS_TUPLE(item))
            *failed = stack_push(stack, TB_AS_TUPLE(item)) < 0;
        else
            frame->hash = combine(frame->hash, hash_atom(item, failed));
    }
    return hash;
}

// Most tuples that are keys have a few items and no tuple among them: no stack is needed.
static int is_flat(const tb_tuple *tuple)
{
    for (int64_t i = 0; i < tuple->count; i++)
        if (TB_IS_TUPLE(tuple->items[i])) return 0;
    return 1;
}

static uint64_t hash_flat(const tb_tuple *tuple, int *failed)
{
    uint64_t hash = hash_word((uint64_t)tuple->count);
    for (int64_t i = 0; i < tuple->count && !*failed; i++) {
        tb_value item = tuple->items[i];
        hash = combine(hash, TB_IS_INT62(item) ? hash_word((uint64_t)TB_INT62_GET(item))
                                               : hash_atom(item, failed));
    }
    return hash;
}

uint64_t tb_hash(tb_value v, int *failed)
{
    *failed = 0;
    if (TB_IS_STR(v)) return tb_str_hash(TB_AS_STR(v));
    if (TB_IS_INT62(v)) return hash_word((uint64_t)TB_INT62_GET(v));
    if (!TB_IS_TUPLE(v)) return hash_atom(v, failed);
    if (is_flat(TB_AS_TUPLE(v))) return hash_flat(TB_AS_TUPLE(v), failed);
    Stack stack;
    stack.frames = stack.first;
    stack.depth = 0;
    stack.capacity = FRAMES_INLINE;
    uint64_t hash = hash_tuple(&stack, TB_AS_TUPLE(v), failed);
    tb_frames_free(stack.frames, stack.first);
    return hash;
}

// Values: the 64-bit word every boxed Tombo value is, and the layout of the objects it can point to.
//
// A `tb_value` tags itself by its low bits:
//     ......00   an Int that fits 62 bits, shifted left by two
//     ......01   a pointer to an object, plus one
//     ......1x   a Float: the bits of the double rotated left by 4, plus 3. Exponents far from 1.0 do not
//                fit this form; such a double lives in a `tb_box` object (see float.h).
// The word 1 (a null pointer plus one) is no value: as a result it says "an error is pending".
//
// This header is also the prelude of generated code compiled in memory, where no system header exists:
// it includes nothing there and stays small.
#ifndef TB_VALUE_H
#define TB_VALUE_H

#ifdef TB_NO_SYSTEM_HEADERS
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long int64_t;
typedef unsigned long uint64_t;
typedef unsigned long uintptr_t;
#define INT64_MIN (-0x7fffffffffffffffL - 1)
#define INT64_MAX 0x7fffffffffffffffL
#else
#include <stdint.h>
#endif

#ifdef __TINYC__
#define TB_LIKELY(x) (x)
#define TB_UNLIKELY(x) (x)
#define TB_COLD
#else
#define TB_LIKELY(x) __builtin_expect(!!(x), 1)
#define TB_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define TB_COLD __attribute__((cold))
#endif

typedef uint64_t tb_value;

// ---------------------------------------------------------------------------------------- classes

// What kind of object a class describes; also the kind of an immediate value (see tb_kind_of).
typedef enum tb_kind {
    TB_NONE,
    TB_BOOL,
    TB_INT,
    TB_FLOAT,
    TB_STRING,
    TB_BYTES,
    TB_LIST,
    TB_TUPLE,
    TB_DICT,
    TB_SET,
    TB_RANGE,
    TB_FUNCTION,
    TB_CLASS,
    TB_INSTANCE, // of a class written in Tombo, errors included
    TB_MODULE,
    TB_ITERATOR, // a lazy sequence made by the runtime
    TB_NATIVE,   // a library's own object: file, pattern, date, …
    TB_MISSING_KIND,
    TB_KIND_COUNT
} tb_kind;

// Special methods a class may define; the index into tb_class.special.
typedef enum tb_special {
    TB_SPECIAL_TO_STRING,
    TB_SPECIAL_EQUALS,
    TB_SPECIAL_HASH,
    TB_SPECIAL_COMPARE,
    TB_SPECIAL_LEN,
    TB_SPECIAL_GET_ITEM,
    TB_SPECIAL_SET_ITEM,
    TB_SPECIAL_CONTAINS,
    TB_SPECIAL_ITER,
    TB_SPECIAL_NEXT,
    TB_SPECIAL_CALL,
    TB_SPECIAL_ADD,
    TB_SPECIAL_SUB,
    TB_SPECIAL_MUL,
    TB_SPECIAL_DIV,
    TB_SPECIAL_NEG,
    TB_SPECIAL_CLOSE,
    TB_SPECIAL_INIT,
    TB_SPECIAL_COUNT
} tb_special;

typedef struct tb_class tb_class;

// The head of every heap object.
typedef struct tb_object {
    tb_class *cls;
} tb_object;

// How a field's word in an instance is to be read.
typedef enum tb_slot_kind { TB_SLOT_VALUE, TB_SLOT_INT, TB_SLOT_FLOAT, TB_SLOT_BOOL } tb_slot_kind;

// ---------------------------------------------------------------------------------- object layouts

#define TB_STR_ASCII 1u  // every code point is below 128, so length == size
#define TB_STR_SHARED 2u // `data` lies in a growing buffer other strings share (a tb_str_shared)
#define TB_STR_CRUMBS 4u // a breadcrumb table follows the bytes (see str.c)

// An immutable text: UTF-8, always valid. Followed by its bytes and a NUL unless shared.
typedef struct tb_str {
    tb_class *cls;
    uint32_t hash; // 0: not computed yet
    uint32_t flags;
    int64_t length; // in code points
    int64_t size;   // in bytes
    const char *data;
} tb_str;

typedef struct tb_bytes {
    tb_class *cls;
    uint32_t hash;
    int64_t size;
    const uint8_t *data; // points behind this head
} tb_bytes;

// What a list's items are. A list starts with the narrowest kind and is generalised once, to boxed,
// when something else arrives.
typedef enum tb_items { TB_ITEMS_BOXED, TB_ITEMS_INT, TB_ITEMS_FLOAT, TB_ITEMS_BOOL } tb_items;

typedef struct tb_list {
    tb_class *cls;
    int64_t count;
    int64_t capacity; // negative: no buffer yet, room for that many was asked for
    int64_t kind;     // a tb_items; an empty list may have any kind
    union {
        void *data;
        tb_value *items;
        int64_t *ints;
        double *floats;
        uint8_t *bools;
    } as;
} tb_list;

typedef struct tb_tuple {
    tb_class *cls;
    int64_t count;
    tb_value items[];
} tb_tuple;

// One entry of a dict or set. A deleted entry has the key TB_PENDING; see table.h.
typedef struct tb_entry {
    tb_value key;
    tb_value value;
} tb_entry;

typedef struct tb_dict tb_dict;   // see dict.h
typedef struct tb_set tb_set;     // see set.h
typedef struct tb_range tb_range; // see range.h

// What is fixed about a function: made once, shared by all its closures.
typedef struct tb_fn_info {
    const char *name; // "" for a lambda
    const char *file;
    int32_t line;
    int16_t param_count;    // the rest parameter included, `self` of a method not
    int16_t required_count; // leading parameters without default
    int16_t rest_index;     // position of the rest parameter, or -1
    int16_t flags;          // TB_FN_…
    const char *const *params; // param_count names
} tb_fn_info;

#define TB_FN_METHOD 1   // the code takes `self` as its first argument after the function itself
#define TB_FN_ARRAY 2    // more than TB_DIRECT_MAX parameters: the code takes (fn, const tb_value *args)
#define TB_FN_PROPERTY 4 // a method of the runtime without parameters: reading the attribute calls it
#define TB_FN_LIBRARY 8  // of the standard library: left out of traces

// Up to this many parameters (`self` of a method included) are passed as C arguments: code(fn, a, b, …).
#define TB_DIRECT_MAX 8

typedef tb_value (*tb_code)(void); // cast to the real type before a call

// A function value: code, what it captured. A parameter left out is passed as TB_MISSING and the
// function's own first lines give it its default.
typedef struct tb_fn {
    tb_class *cls;
    tb_code code;
    const tb_fn_info *info;
    tb_value free[]; // captured values; a captured variable that changes is a pointer to its tb_cell, plus one
} tb_fn;

// A variable that is captured and changes afterwards.
typedef struct tb_cell {
    tb_value value;
} tb_cell;

// An object of a class written in Tombo. Fields the class does not declare live in `extra`.
typedef struct tb_instance {
    tb_class *cls;
    tb_dict *extra; // NULL until needed
    union {
        tb_value value;
        int64_t integer;
        double number;
    } slots[]; // one that holds nothing yet has `value` TB_MISSING, whatever its kind
} tb_instance;

typedef struct tb_slot {
    const tb_str *name;
    int64_t kind; // a tb_slot_kind; slot i of the instance
} tb_slot;

typedef struct tb_method {
    const tb_str *name;
    tb_fn *function;
} tb_method;

struct tb_class {
    tb_class *cls; // tb_class_class
    const char *name;
    tb_class *base;
    int64_t kind; // a tb_kind
    const tb_fn_info *init_info; // how the class is called; NULL: no arguments
    int64_t slot_count;          // inherited slots come first
    const tb_slot *slots;
    int64_t method_count; // own methods only
    const tb_method *methods;
    tb_fn *special[TB_SPECIAL_COUNT]; // inherited ones included after tb_class_ready
    tb_dict *variables;               // class variables made by the class body or by assignment
    const char *type_name; // what `type(v)` gives, of a TB_NATIVE class for which that is not `name`
    const tb_class *made_from; // the static class this one is a copy of (tb_class_copy), or NULL
};

extern tb_class tb_class_none, tb_class_bool, tb_class_int, tb_class_float, tb_class_string, tb_class_bytes,
    tb_class_list, tb_class_tuple, tb_class_dict, tb_class_set, tb_class_range, tb_class_function,
    tb_class_class, tb_class_module, tb_class_iterator, tb_class_missing;

extern tb_object tb_none_object, tb_true_object, tb_false_object, tb_missing_object;

// --------------------------------------------------------------------------------- words and kinds

#ifdef __TINYC__
#define TB_PENDING 1UL // the shorter a macro, the sooner libtcc is done
#else
#define TB_PENDING ((tb_value)1)
#endif
#define TB_OBJECT(p) ((tb_value)(uintptr_t)(p) + 1)
#define TB_NONE_VALUE TB_OBJECT(&tb_none_object)
#define TB_TRUE TB_OBJECT(&tb_true_object)
#define TB_FALSE TB_OBJECT(&tb_false_object)
#define TB_MISSING TB_OBJECT(&tb_missing_object) // an argument left out, a field or variable without value

#define TB_IS_INT62(v) (((v)&3) == 0)
#define TB_ARE_INT62(a, b) ((((a) | (b)) & 3) == 0)
#define TB_IS_DOUBLE(v) (((v)&2) != 0) // an immediate Float; a boxed one is an object
#define TB_IS_OBJECT(v) (((v)&3) == 1)

#define TB_INT62(n) ((tb_value)(n) << 2) // needs -2^61 <= n < 2^61
#define TB_INT62_GET(v) ((int64_t)(v) >> 2)
#define TB_INT62_MIN (-0x2000000000000000L)
#define TB_INT62_MAX 0x1fffffffffffffffL

#define TB_BOOL_VALUE(b) ((b) ? TB_TRUE : TB_FALSE)

#define TB_PTR(type, v) ((type *)(uintptr_t)((v)-1))
#define TB_AS_OBJECT(v) TB_PTR(tb_object, v)
#define TB_STR_LENGTH(s)   ((s)->length) // in code points
#define TB_TUPLE_LENGTH(t) ((t)->count)
#define TB_AS_STR(v) TB_PTR(tb_str, v)
#define TB_AS_BYTES(v) TB_PTR(tb_bytes, v)
#define TB_AS_LIST(v) TB_PTR(tb_list, v)
#define TB_AS_TUPLE(v) TB_PTR(tb_tuple, v)
#define TB_AS_DICT(v) TB_PTR(tb_dict, v)
#define TB_AS_SET(v) TB_PTR(tb_set, v)
#define TB_AS_RANGE(v) TB_PTR(tb_range, v)
#define TB_AS_FN(v) TB_PTR(tb_fn, v)
#define TB_AS_CLASS(v) TB_PTR(tb_class, v)
#define TB_AS_INSTANCE(v) TB_PTR(tb_instance, v)

// The class of any value; never NULL.
#define TB_CLASS_OF(v) (TB_IS_OBJECT(v) ? TB_AS_OBJECT(v)->cls : TB_IS_INT62(v) ? &tb_class_int : &tb_class_float)
// Whether [v] is an object of exactly the given class, as in `TB_IS(v, &tb_class_list)`.
#define TB_IS(v, class_) (TB_IS_OBJECT(v) && TB_AS_OBJECT(v)->cls == (class_))
#define TB_KIND(v) ((tb_kind)TB_CLASS_OF(v)->kind)

#define TB_IS_STR(v) TB_IS(v, &tb_class_string)
#define TB_IS_LIST(v) TB_IS(v, &tb_class_list)
#define TB_IS_TUPLE(v) TB_IS(v, &tb_class_tuple)
#define TB_IS_DICT(v) TB_IS(v, &tb_class_dict)

// A static text that is ASCII: `static tb_str name = TB_STR_LITERAL("abc", 3);`
#define TB_STR_LITERAL(text, size_) {&tb_class_string, 0, TB_STR_ASCII, (size_), (size_), (text)}
// A static text that is not: its length in code points and its size in bytes.
#define TB_STR_LITERAL_WIDE(text, length_, size_) {&tb_class_string, 0, 0, (length_), (size_), (text)}

#endif

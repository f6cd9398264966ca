// Errors: how one is raised, travels, is caught, and what it carries.
//
// Nothing is thrown in the sense of setjmp. Raising makes a value *pending* in `tb_rt` and every
// function on the way returns its pending result (TB_PENDING, NULL, -1, …) until somebody takes the
// value with `tb_catch`. On the way each function of the program adds one frame with `tb_trace`, so
// the trace costs nothing until an error happens, and then a few nanoseconds a frame. However long
// the way is, only the first and the last frames are kept, with their number.
//
// Errors are instances of classes that derive from `tb_error_base`; any other value can be thrown
// as well.
#ifndef TB_ERROR_H
#define TB_ERROR_H

#include "heap.h"
#include "out.h"
#include "siphash.h"
#include "value.h"

// --------------------------------------------------------------------------------------- positions

// A place in a source file packed into one word: line (from 1), column (from 1) and length of the
// span, both in code points. Line must stay below 2^29, column and length below 2^16: cap them when
// emitting.
#define TB_AT(line, column, length)                                                                \
    ((int64_t)(line) << 32 | (int64_t)(column) << 16 | (int64_t)(length))
#define TB_AT_LINE(at)   ((at) >> 32)
#define TB_AT_COLUMN(at) ((at) >> 16 & 0xffff)
#define TB_AT_LENGTH(at) ((at)&0xffff)

// One step of a trace: the function that was running, and the place in it. `fn->file` is the file
// of both. The code at the top of a module has an info named TB_TOP_LEVEL.
typedef struct tb_frame {
    const tb_fn_info *fn;
    int64_t at;
} tb_frame;

#define TB_TOP_LEVEL "<module>"

#define TB_TRACE_FIRST 200 // frames kept from where the error was raised …
#define TB_TRACE_LAST  50  // … and from where it arrived; those between are only counted

// The frames of the pending error. When `count` exceeds TB_TRACE_FIRST, frame number i from there
// on is in `last[(i - TB_TRACE_FIRST) % TB_TRACE_LAST]`.
typedef struct tb_trace_log {
    int64_t count;
    tb_frame first[TB_TRACE_FIRST];
    tb_frame last[TB_TRACE_LAST];
} tb_trace_log;

// ---------------------------------------------------------------------------- state of the runtime

#define TB_MEMORY_TEXT_SIZE 160
#define TB_FRESH_KEPT       4
#define TB_SPARE_INTS       4

// Everything that changes while programs run and belongs to no object. There is one: `tb_rt`.
// Methods found lately, by class and name; see tb_find_method.
#define TB_FOUND_METHODS 256
typedef struct tb_found_method {
    const tb_class *cls;
    const tb_str *name; // a literal of the program
    tb_fn *method;
} tb_found_method;

#define TB_PRESSES        0xf  // how often Ctrl-C was pressed since Interrupt was raised
#define TB_FINALIZERS_DUE 0x10 // a collection may have cleared the links of finalizers
#define TB_DUE            (TB_PRESSES | TB_FINALIZERS_DUE)
#define TB_SECOND_TIER    0x20 // optimised code has taken over: loops of the first tier are left

typedef struct tb_runtime {
    char *stack_limit;        // frames below it do not fit; see tb_stack_ok
    tb_value pending;         // the value being thrown, or 0
    tb_value wide;            // an Int that a raw result had no room for, or 0; see raw.h
    tb_value handling;        // the error whose catch block runs, or None
    volatile int interrupted; // what loops must attend to: TB_PRESSES, TB_FINALIZERS_DUE, …
    void (*volatile enter_tier)(void *tier); // has optimised code take over; NULL: none is waiting
    void *tier;                              // its argument
    int traces_library; // functions of the library add frames too: TOMBO_TRACE_LIBRARY is set
    int thrown_here;    // the newest frame's function has just thrown: its next tb_trace is not new

    tb_value logged; // whose frames `log` holds: pending, or the one caught last
    tb_trace_log log;
    const char *file_name; // the file of the error thrown last, and its String
    tb_str *file_text;
    int64_t exit_code; // set by tb_exit
    char *stack_base;  // lowest address of the big stack, guard page included; NULL: none yet
    int64_t stack_size;
    void *rescue;      // where a crash goes: a jump buffer of stack.c; NULL: nowhere
    char *stack_floor; // what stack_limit is when no interrupt is due; NULL outside the big stack
    const char *program_name; // as it was started, or the path of its source in a memory run
    int64_t argc;             // the program's arguments, its own name left out
    char **argv;

    // The message of the last MemoryError, which must not need memory.
    char memory_text[TB_MEMORY_TEXT_SIZE];
    tb_str memory_message;

    tb_out out;            // standard output
    tb_hash_key hash_key;  // see tb_hash_secret
    uint64_t random[4];    // state of random numbers (stdlib/random.c); all 0: not seeded
    struct tb_file *input; // standard input (stdlib/file.h); NULL: not read yet
    uint64_t open_files;   // the files open for writing: a chain that does not keep them alive
    struct tb_finalizer *finalizers, *finalizers_due; // see finalizer.c
    int (*at_end)(void); // writes what such files still hold, -1: raised; NULL: there were none
    struct tb_measurement *measurement; // of a program that measures itself (measure.c); NULL: none
    int64_t start_ns;                   // the monotonic clock when the program started
    struct tb_regex *regex; // what all patterns share (stdlib/regex_pattern.c); NULL: none yet
    struct tb_str_anchor *str_anchors; // see str.h
    tb_found_method methods[TB_FOUND_METHODS];
    struct tb_big *spare_ints[TB_SPARE_INTS]; // blocks of dropped Ints (int.c)
    unsigned next_spare_int;
    tb_value fresh[TB_FRESH_KEPT]; // see tb_note_fresh
    unsigned fresh_count;
    tb_heap heap; // see gc.h
} tb_runtime;

extern tb_runtime tb_rt;

// Where tb_rt.methods has the method [name] of [cls], if it has it.
static inline tb_found_method *tb_found_place(const tb_class *cls, const tb_str *name)
{
    uintptr_t mixed = ((uintptr_t)cls >> 4) * 31 + ((uintptr_t)name >> 4);
    return &tb_rt.methods[(mixed ^ mixed >> 8) % TB_FOUND_METHODS];
}

// ----------------------------------------------------------------------------------- error classes

// The slots every error has, in this order; classes derived in Tombo add theirs behind. `trace` and
// `at` hold internal forms: read them with tb_get_attr. `.type` is computed and has no slot.
enum {
    TB_ERROR_MESSAGE, // any value; its text is str() of it
    TB_ERROR_LINE,    // an Int, or None before the error is thrown
    TB_ERROR_FILE,    // a String, or None
    TB_ERROR_TRACE,   // the frames, or TB_MISSING
    TB_ERROR_CAUSE,   // the error that was being handled, or None
    TB_ERROR_AT,      // a TB_AT as an Int, or TB_MISSING; named `(at)`, which no program can write
    TB_ERROR_SLOTS
};

extern tb_class tb_error_base; // Error
extern tb_class tb_error_name, tb_error_type, tb_error_value, tb_error_index, tb_error_key,
    tb_error_attribute, tb_error_zero_division, tb_error_overflow, tb_error_recursion,
    tb_error_memory, tb_error_io, tb_error_file_not_found, tb_error_permission,
    tb_error_file_exists, tb_error_eof, tb_error_assertion, tb_error_import, tb_error_timeout,
    tb_error_stop_iteration, tb_error_interrupt;

// Every error class, `Error` first, ended by NULL.
extern tb_class *const tb_error_classes[];

// The error class called [name] in Tombo, or NULL.
tb_class *tb_error_class_named(const char *name);

// ----------------------------------------------------------------------------------------- raising

// Raises a new error of class [cls] whose message is made from [format]: printf's conversions
// (d i u x X o c s p f e g with flags, width, precision and h l ll z j; no width for s) and
//     %V  the source form of a tb_value, shortened when long
//     %T  the name of its type, `Int`
//     %A  the same with its article, `an Int`
// The three are not for a MemoryError, whose message is made without memory. Returns TB_PENDING.
// Never fails: without memory it raises MemoryError instead.
TB_COLD tb_value tb_raise_error(tb_class *cls, const char *format, ...);

// Raises a new error of class [cls] with [message] as it is. Returns TB_PENDING.
TB_COLD tb_value tb_raise_message(tb_class *cls, tb_value message);

// An error of class [cls] with [message], not raised; NULL when MemoryError is pending.
tb_instance *tb_error_new(tb_class *cls, tb_value message);

// Gives a new instance of an error class its default slots. tb_instance_new calls it.
void tb_error_defaults(tb_instance *error);

// `throw value` at [at] in [fn]. Sets line, file and, when an error is being handled, cause; adds
// the frame (fn, at). A class of errors is thrown as a new error of that class. Returns TB_PENDING.
tb_value tb_throw(tb_value value, int64_t at, const tb_fn_info *fn);

// Makes a caught [value] pending again with the trace it had (`throw` alone, the end of `finally`,
// no `catch` that fits), the frame of the function that caught it included.
tb_value tb_rethrow(tb_value value);

// Adds the frame (fn, at) to the pending error; the first one gives the error its line and file.
// Functions of the standard library add none, so that an error in one points at the program's call,
// unless the environment variable TOMBO_TRACE_LIBRARY is set and not empty.
// Right after tb_throw and tb_rethrow nothing is added for the same function: its frame is there.
// Returns TB_PENDING, so that `return tb_trace(…)` passes the error on.
tb_value tb_trace(const tb_fn_info *fn, int64_t at);

// Ends the program with status [code] once `finally` and `with` have run: makes a value pending
// that no `catch` may take. Returns TB_PENDING.
tb_value tb_exit(int64_t code);

// Whether what is pending is the end of the program. A `catch` without a type asks before tb_catch;
// tb_error_matches never matches it. `finally` and `with` take it and rethrow it like any other
// value.
int tb_is_exiting(void);

// ---------------------------------------------------------------------------------------- catching

// Takes the pending value: nothing is pending afterwards. The frame (fn, at) of the function that
// catches becomes the last of its trace; with fn == NULL nothing is added (it has been traced
// already).
tb_value tb_catch(const tb_fn_info *fn, int64_t at);

// Takes the pending value when it is an error of class [cls] (StopIteration, say) and drops it.
// Returns whether it was.
int tb_catch_class(const tb_class *cls);

// Whether a caught [error] fits [cls]: a class, the class of a built-in type, or a List or Tuple of
// them.
int tb_error_matches(tb_value error, tb_value cls);

// A catch block begins and ends: errors thrown in between get [error] as cause. Returns the former
// error being handled, which tb_handling_end puts back.
static inline tb_value tb_handling_begin(tb_value error)
{
    tb_value former = tb_rt.handling;
    tb_rt.handling = error;
    return former;
}

static inline void tb_handling_end(tb_value former)
{
    tb_rt.handling = former;
}

// --------------------------------------------------------------------------------- what it carries

int tb_is_error(tb_value v); // an instance of Error or a class derived from it
int tb_is_error_class(const tb_class *cls);

#define TB_TRACE_KEPT (TB_TRACE_FIRST + TB_TRACE_LAST)

// Copies the frames kept of the thrown [value] to [out], which has room for TB_TRACE_KEPT,
// innermost first. Returns their number; [total] tells how many there were. Those that are missing
// lie between out[TB_TRACE_FIRST - 1] and out[TB_TRACE_FIRST].
int64_t tb_trace_frames(tb_value value, tb_frame *out, int64_t *total);

// Whether slot TB_ERROR_TRACE of [object] is an error's and holds what the runtime put there.
int tb_error_has_trace(const tb_instance *object);

// `error.trace`: a new List of Strings, one a frame, innermost first. May raise MemoryError.
tb_value tb_error_trace_list(tb_value error);

#endif

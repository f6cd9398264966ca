// The classes of errors, and the way of an error from where it is raised to where it is caught.
//
// `tb_rt.pending` holds the value on its way and `tb_rt.log` the frames it has passed. When it is
// caught the log is copied into a block of the right size that the error keeps; rethrowing reads it
// back. The word 0 in `pending` means that nothing is pending, so the Int 0, whose word that is,
// travels as `zero_mark`.
//
// MemoryError is one static object: raising it must not need memory.
#include "error.h"
#include "func.h"
#include "gc.h"
#include "list.h"
#include "message.h"
#include "object.h"
#include "show.h"
#include "str.h"
#include "text.h"
#include "utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

tb_runtime tb_rt;

// ----------------------------------------------------------------------------------------- classes

#define NAME(variable, text) static tb_str variable = TB_STR_LITERAL(text, sizeof text - 1)

NAME(name_message, "message");
NAME(name_line, "line");
NAME(name_file, "file");
NAME(name_trace, "trace");
NAME(name_cause, "cause");
NAME(name_at, "(at)"); // cannot be written, so that a program's own field `at` is another
NAME(name_init, "init");
NAME(name_type, "type");

static const tb_slot error_slots[TB_ERROR_SLOTS] = {
    {&name_message, TB_SLOT_VALUE}, {&name_line, TB_SLOT_VALUE},  {&name_file, TB_SLOT_VALUE},
    {&name_trace, TB_SLOT_VALUE},   {&name_cause, TB_SLOT_VALUE}, {&name_at, TB_SLOT_VALUE},
};

static tb_value error_init(tb_fn *fn, tb_value self, tb_value message);
static tb_value error_type(tb_fn *fn, tb_value self);

static const char *const init_params[] = {"message"};
static const tb_fn_info init_info = {"init", "", 0, 1, 0, -1, TB_FN_METHOD, init_params};
static tb_fn init_method = {&tb_class_function, TB_CODE(error_init), &init_info, {}};
static const tb_fn_info type_info = {"type", "", 0, 0, 0, -1, TB_FN_METHOD | TB_FN_PROPERTY, NULL};
static tb_fn type_method = {&tb_class_function, TB_CODE(error_type), &type_info, {}};
static const tb_method error_methods[] = {{&name_init, &init_method}, {&name_type, &type_method}};

// clang-format off
#define ERROR_CLASS(suffix, title, parent, count, own)                                                     \
    tb_class tb_error_##suffix = {                                                                         \
        .cls = &tb_class_class, .name = title, .base = parent, .kind = TB_INSTANCE,                        \
        .init_info = &init_info, .slot_count = TB_ERROR_SLOTS, .slots = error_slots,                       \
        .method_count = count, .methods = own, .special = {[TB_SPECIAL_INIT] = &init_method},              \
    };

// Every class but Error itself: the suffix of its C name, its name in Tombo, its base.
#define DERIVED_ERRORS(X)                                    \
    X(name,           "NameError",         &tb_error_base)   \
    X(type,           "TypeError",         &tb_error_base)   \
    X(value,          "ValueError",        &tb_error_base)   \
    X(index,          "IndexError",        &tb_error_base)   \
    X(key,            "KeyError",          &tb_error_base)   \
    X(attribute,      "AttributeError",    &tb_error_base)   \
    X(zero_division,  "ZeroDivisionError", &tb_error_base)   \
    X(overflow,       "OverflowError",     &tb_error_base)   \
    X(recursion,      "RecursionError",    &tb_error_base)   \
    X(memory,         "MemoryError",       &tb_error_base)   \
    X(io,             "IOError",           &tb_error_base)   \
    X(file_not_found, "FileNotFoundError", &tb_error_io)     \
    X(permission,     "PermissionError",   &tb_error_io)     \
    X(file_exists,    "FileExistsError",   &tb_error_io)     \
    X(eof,            "EOFError",          &tb_error_base)   \
    X(assertion,      "AssertionError",    &tb_error_base)   \
    X(import,         "ImportError",       &tb_error_base)   \
    X(timeout,        "TimeoutError",      &tb_error_base)   \
    X(stop_iteration, "StopIteration",     &tb_error_base)   \
    X(interrupt,      "Interrupt",         &tb_error_base)
// clang-format on

ERROR_CLASS(base, "Error", NULL, 2, error_methods)
#define DEFINE(suffix, title, parent) ERROR_CLASS(suffix, title, parent, 0, NULL)
DERIVED_ERRORS(DEFINE)

#define ADDRESS(suffix, title, parent) &tb_error_##suffix,
tb_class *const tb_error_classes[] = {&tb_error_base, DERIVED_ERRORS(ADDRESS) NULL};

// The frames kept of a caught error, innermost first: what slot TB_ERROR_TRACE holds. A plain
// block: functions are never collected.
typedef struct trace {
    tb_class *cls;
    int32_t total; // frames there were; fewer than INT32_MAX, as the stack ends before
    int32_t count; // frames kept
    tb_frame frames[];
} trace;

static tb_class trace_class = {.cls = &tb_class_class, .name = "Trace", .kind = TB_NATIVE};
static tb_class mark_class = {.cls = &tb_class_class, .name = "mark", .kind = TB_NATIVE};
static tb_object zero_mark = {&mark_class}; // the thrown Int 0
static tb_object exit_mark = {&mark_class}; // `exit`

static tb_instance memory_error = {&tb_error_memory, NULL, {[TB_ERROR_SLOTS - 1] = {0}}};

tb_class *tb_error_class_named(const char *name)
{
    for (tb_class *const *cls = tb_error_classes; *cls; cls++)
        if (!strcmp((*cls)->name, name)) return *cls;
    return NULL;
}

int tb_is_error_class(const tb_class *cls)
{
    while (cls && cls != &tb_error_base) // which has no copies
        cls = cls->base;
    return cls != NULL;
}

int tb_is_error(tb_value v)
{
    return TB_IS_OBJECT(v) && tb_is_error_class(TB_AS_OBJECT(v)->cls);
}

static tb_instance *as_error(tb_value v)
{
    return tb_is_error(v) ? TB_AS_INSTANCE(v) : NULL;
}

// --------------------------------------------------------------------------------------- instances

void tb_error_defaults(tb_instance *error)
{
    error->slots[TB_ERROR_MESSAGE].value = TB_OBJECT(tb_str_empty());
    error->slots[TB_ERROR_LINE].value = TB_NONE_VALUE;
    error->slots[TB_ERROR_FILE].value = TB_NONE_VALUE;
    error->slots[TB_ERROR_TRACE].value = TB_MISSING;
    error->slots[TB_ERROR_CAUSE].value = TB_NONE_VALUE;
    error->slots[TB_ERROR_AT].value = TB_MISSING;
}

// `Error(message = "")` and every class below it without an `init` of its own.
static tb_value error_init(tb_fn *fn, tb_value self, tb_value message)
{
    (void)fn;
    if (!tb_is_error(self))
        return tb_raise_error(&tb_error_type, "`Error.init` needs an Error, not %A", self);
    if (message == TB_MISSING) return TB_NONE_VALUE;
    tb_value text = tb_to_str(message);
    if (text == TB_PENDING) return TB_PENDING;
    TB_AS_INSTANCE(self)->slots[TB_ERROR_MESSAGE].value = text;
    return TB_NONE_VALUE;
}

// `error.type`
static tb_value error_type(tb_fn *fn, tb_value self)
{
    (void)fn;
    tb_str *name = tb_type_name(self);
    return name ? TB_OBJECT(name) : TB_PENDING;
}

tb_instance *tb_error_new(tb_class *cls, tb_value message)
{
    tb_value error = tb_instance_new(cls);
    if (error == TB_PENDING) return NULL;
    TB_AS_INSTANCE(error)->slots[TB_ERROR_MESSAGE].value = message;
    return TB_AS_INSTANCE(error);
}

// ----------------------------------------------------------------------------------------- raising

static tb_value unmark(tb_value pending)
{
    return pending == TB_OBJECT(&zero_mark) ? TB_INT62(0) : pending;
}

// Whether [error] is one of the causes of [other], or the chain is too long to tell.
static int is_cause_of(tb_value error, tb_value other)
{
    for (int i = 0; i < 1000; i++) {
        if (other == error) return 1;
        if (!tb_is_error(other)) return 0;
        other = TB_AS_INSTANCE(other)->slots[TB_ERROR_CAUSE].value;
    }
    return 1;
}

// The error being handled becomes the cause of [error], unless it has one or that would close a
// circle. Only an error that was thrown before can be a cause of anything.
static void set_cause(tb_instance *error)
{
    tb_value handling = tb_rt.handling;
    if (!handling || !tb_is_error(handling)) return;
    if (error->slots[TB_ERROR_CAUSE].value != TB_NONE_VALUE) return;
    if (handling == TB_OBJECT(error)) return;
    int was_thrown = error->slots[TB_ERROR_AT].value != TB_MISSING;
    if (was_thrown && is_cause_of(TB_OBJECT(error), handling)) return;
    error->slots[TB_ERROR_CAUSE].value = handling;
}

// Makes [value] pending with an empty log. An error forgets where it was thrown before; a line or
// file that a program gave it beforehand (`self.line = …` in a parser's error) stays.
static tb_value make_pending(tb_value value)
{
    tb_instance *error = as_error(value);
    if (error) {
        if (tb_rt.handling != TB_NONE_VALUE) set_cause(error);
        if (error->slots[TB_ERROR_AT].value != TB_MISSING) {
            error->slots[TB_ERROR_LINE].value = TB_NONE_VALUE;
            error->slots[TB_ERROR_FILE].value = TB_NONE_VALUE;
        }
        error->slots[TB_ERROR_TRACE].value = TB_MISSING;
    }
    tb_rt.pending = value ? value : TB_OBJECT(&zero_mark);
    tb_rt.logged = value;
    tb_rt.log.count = 0;
    tb_rt.thrown_here = 0;
    return TB_PENDING;
}

// MemoryError, its text in a place of its own.
static tb_value raise_memory_error(const char *format, va_list args)
{
    char *out = tb_rt.memory_text;
    int size = vsnprintf(out, TB_MEMORY_TEXT_SIZE, format, args);
    if (size < 0) size = 0;
    if (size >= TB_MEMORY_TEXT_SIZE) size = TB_MEMORY_TEXT_SIZE - 1;
    if (!tb_utf8_is_ascii(out, size)) size = 0;
    tb_rt.memory_message = (tb_str)TB_STR_LITERAL(out, size);
    tb_error_defaults(&memory_error);
    memory_error.slots[TB_ERROR_MESSAGE].value = TB_OBJECT(&tb_rt.memory_message);
    return make_pending(TB_OBJECT(&memory_error));
}

tb_value tb_raise_error(tb_class *cls, const char *format, ...)
{
    tb_message_args args;
    va_start(args.list, format);
    if (cls == &tb_error_memory) {
        raise_memory_error(format, args.list);
    } else {
        tb_str *message = tb_message_make(format, &args);
        if (message) tb_raise_message(cls, TB_OBJECT(message));
    }
    va_end(args.list);
    return TB_PENDING;
}

tb_value tb_raise_message(tb_class *cls, tb_value message)
{
    tb_instance *error = tb_error_new(cls, message);
    return error ? make_pending(TB_OBJECT(error)) : TB_PENDING;
}

tb_value tb_throw(tb_value value, int64_t at, const tb_fn_info *fn)
{
    if (TB_IS(value, &tb_class_class) && tb_is_error_class(TB_AS_CLASS(value))) {
        value = tb_call0(value);
        if (value == TB_PENDING) return tb_trace(fn, at);
    }
    make_pending(value);
    tb_trace(fn, at);
    tb_rt.thrown_here = tb_rt.log.count > 0;
    return TB_PENDING;
}

tb_value tb_exit(int64_t code)
{
    tb_rt.exit_code = code;
    return make_pending(TB_OBJECT(&exit_mark));
}

int tb_is_exiting(void)
{
    return tb_rt.pending == TB_OBJECT(&exit_mark);
}

// ------------------------------------------------------------------------------------------ traces

// Where the log keeps frame number [index].
static tb_frame *log_frame(int64_t index)
{
    if (index < TB_TRACE_FIRST) return &tb_rt.log.first[index];
    return &tb_rt.log.last[(index - TB_TRACE_FIRST) % TB_TRACE_LAST];
}

static int64_t kept_count(int64_t total)
{
    return total < TB_TRACE_KEPT ? total : TB_TRACE_KEPT;
}

// The number of the frame that is kept at place [index] of [total] frames.
static int64_t kept_frame(int64_t index, int64_t total)
{
    return index < TB_TRACE_FIRST ? index : total - kept_count(total) + index;
}

// The String for [name]; the one made last is remembered, since errors often come from one file
// (and forgotten where code may go, with its names). Without memory: None, and nothing is pending
// that was not before.
static tb_value file_text(const char *name)
{
    if (tb_rt.file_name == name) return TB_OBJECT(tb_rt.file_text);
    tb_value pending = tb_rt.pending;
    tb_str *text = tb_str_new_checked(name, (int64_t)strlen(name));
    if (!text) {
        tb_rt.pending = pending;
        return TB_NONE_VALUE;
    }
    tb_rt.file_name = name;
    tb_rt.file_text = text;
    return TB_OBJECT(text);
}

// Tells the error whose first frame this is where it was raised.
static void locate(const tb_fn_info *fn, int64_t at)
{
    tb_instance *error = as_error(tb_rt.logged);
    if (!error) return;
    error->slots[TB_ERROR_AT].value = TB_INT62(at);
    if (error->slots[TB_ERROR_LINE].value == TB_NONE_VALUE)
        error->slots[TB_ERROR_LINE].value = TB_INT62(TB_AT_LINE(at));
    if (error->slots[TB_ERROR_FILE].value == TB_NONE_VALUE)
        error->slots[TB_ERROR_FILE].value = file_text(fn->file);
}

// Adds the frame of an error that needs more than being written down: the first, or one of many.
static __attribute__((noinline)) void add_frame(const tb_fn_info *fn, int64_t at)
{
    int64_t count = tb_rt.log.count;
    if (count == 0) locate(fn, at);
    *log_frame(count) = (tb_frame){fn, at};
    tb_rt.log.count = count + 1;
}

tb_value tb_trace(const tb_fn_info *fn, int64_t at)
{
    int64_t count = tb_rt.log.count;
    int was_thrown_here = tb_rt.thrown_here;
    tb_rt.thrown_here = 0;
    if (fn->flags & TB_FN_LIBRARY && !tb_rt.traces_library) return TB_PENDING;
    if (was_thrown_here && log_frame(count - 1)->fn == fn) return TB_PENDING;
    if (TB_LIKELY((uint64_t)count - 1 < TB_TRACE_FIRST - 1)) {
        tb_rt.log.first[count] = (tb_frame){fn, at};
        tb_rt.log.count = count + 1;
    } else {
        add_frame(fn, at);
    }
    return TB_PENDING;
}

static trace *kept_trace(const tb_instance *error)
{
    tb_value kept = error->slots[TB_ERROR_TRACE].value;
    return TB_IS(kept, &trace_class) ? TB_PTR(trace, kept) : NULL;
}

static trace *trace_of(tb_value error)
{
    return tb_is_error(error) ? kept_trace(TB_AS_INSTANCE(error)) : NULL;
}

// The block [error] keeps its trace in, if it has room for exactly [count] frames; else a new one.
// NULL when there is no memory, and then nothing is pending that was not before.
static trace *trace_block(const tb_instance *error, int64_t count)
{
    trace *block = kept_trace(error);
    if (block && block->count == count) return block;
    int64_t total = tb_rt.log.count;
    tb_value pending = tb_rt.pending, logged = tb_rt.logged;
    block = tb_alloc_plain_fast(sizeof *block + (size_t)count * sizeof(tb_frame));
    if (block) {
        block->cls = &trace_class;
        block->count = (int32_t)count;
    } else {
        tb_rt.pending = pending;
        tb_rt.logged = logged;
        tb_rt.log.count = total;
    }
    return block;
}

// Most traces are short: a loop is done before a call of memcpy.
static void copy_log(tb_frame *out, int64_t total)
{
    int64_t first = total < TB_TRACE_FIRST ? total : TB_TRACE_FIRST;
    for (int64_t i = 0; i < first; i++)
        out[i] = tb_rt.log.first[i];
    for (int64_t i = first; i < kept_count(total); i++)
        out[i] = *log_frame(kept_frame(i, total));
}

// Copies the log into the error it belongs to.
static void keep_trace(tb_instance *error)
{
    int64_t total = tb_rt.log.count;
    if (total == 0) return;
    trace *block = trace_block(error, kept_count(total));
    if (!block) return;
    block->total = total < INT32_MAX ? (int32_t)total : INT32_MAX;
    copy_log(block->frames, total);
    error->slots[TB_ERROR_TRACE].value = TB_OBJECT(block);
}

int64_t tb_trace_frames(tb_value value, tb_frame *out, int64_t *total)
{
    const trace *kept = trace_of(value);
    if (kept) {
        *total = kept->total;
        memcpy(out, kept->frames, (size_t)kept->count * sizeof *out);
        return kept->count;
    }
    *total = tb_rt.logged == value ? tb_rt.log.count : 0;
    copy_log(out, *total);
    return kept_count(*total);
}

// ---------------------------------------------------------------------------------------- catching

tb_value tb_catch(const tb_fn_info *fn, int64_t at)
{
    assert(tb_rt.pending);
    if (fn) tb_trace(fn, at);
    tb_value value = unmark(tb_rt.pending);
    tb_rt.thrown_here = 0;
    tb_instance *error = as_error(value);
    if (error) keep_trace(error);
    tb_rt.pending = 0;
    return value;
}

tb_value tb_rethrow(tb_value value)
{
    if (tb_rt.logged != value) {
        const trace *kept = trace_of(value);
        tb_rt.logged = value;
        tb_rt.log.count = kept ? kept->total : 0;
        for (int64_t i = 0; kept && i < kept->count; i++)
            *log_frame(kept_frame(i, kept->total)) = kept->frames[i];
    }
    tb_rt.pending = value ? value : TB_OBJECT(&zero_mark);
    tb_rt.thrown_here = tb_rt.log.count > 0;
    return TB_PENDING;
}

int tb_catch_class(const tb_class *cls)
{
    tb_value value = tb_rt.pending;
    if (!TB_IS_OBJECT(value) || !tb_class_derives(TB_AS_OBJECT(value)->cls, cls)) return 0;
    tb_rt.pending = 0;
    tb_rt.thrown_here = 0;
    return 1;
}

int tb_error_matches(tb_value error, tb_value cls)
{
    if (TB_IS_OBJECT(error) && TB_OBJECT(TB_AS_OBJECT(error)->cls) == cls) return 1;
    int matches = tb_is_instance(error, cls);
    if (matches >= 0) return matches;
    tb_rt.pending = 0;
    return 0;
}

// ------------------------------------------------------------------------------------- error.trace

static int push_text(tb_list *list, tb_text *text)
{
    tb_str *s = tb_text_end(text);
    return s ? tb_list_push(list, TB_OBJECT(s)) : -1;
}

static int push_frame(tb_list *list, tb_frame frame)
{
    char place[64];
    int size = snprintf(place, sizeof place, ":%" PRId64 ":%" PRId64, TB_AT_LINE(frame.at),
                        TB_AT_COLUMN(frame.at));
    const char *name = *frame.fn->name ? frame.fn->name : "a lambda";
    tb_text text;
    tb_text_begin(&text);
    if (tb_text_add_any(&text, name, (int64_t)strlen(name)) < 0 ||
        tb_text_add(&text, " at ", 4) < 0 ||
        tb_text_add_any(&text, frame.fn->file, (int64_t)strlen(frame.fn->file)) < 0 ||
        tb_text_add(&text, place, size) < 0)
        return -1;
    return push_text(list, &text);
}

static int push_gap(tb_list *list, int64_t count)
{
    char line[64];
    int size = snprintf(line, sizeof line, "… %" PRId64 " more calls", count);
    tb_text text;
    tb_text_begin(&text);
    return tb_text_add(&text, line, size) < 0 ? -1 : push_text(list, &text);
}

int tb_error_has_trace(const tb_instance *object)
{
    if (!tb_is_error_class(object->cls)) return 0;
    tb_value kept = object->slots[TB_ERROR_TRACE].value;
    return kept == TB_MISSING || TB_IS(kept, &trace_class);
}

tb_value tb_error_trace_list(tb_value error)
{
    tb_frame frames[TB_TRACE_KEPT];
    int64_t total, count = tb_trace_frames(error, frames, &total);
    tb_list *list = tb_list_new(count);
    if (!list) return TB_PENDING;
    for (int64_t i = 0; i < count; i++) {
        if (i == TB_TRACE_FIRST && total > count && push_gap(list, total - count) < 0)
            return TB_PENDING;
        if (push_frame(list, frames[i]) < 0) return TB_PENDING;
    }
    return TB_OBJECT(list);
}

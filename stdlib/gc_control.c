// Native half of stdlib/gc.tb: what programs may know of the collector and ask of it.
#include "native.h"

#include "build/stdlib/gc.h"

#define MILLISECOND_NS 1e6

// ------------------------------------------------------------------------------------ collections

int64_t tb_gc_library_collect(void)
{
    size_t before = tb_gc_used_size();
    tb_gc_collect();
    size_t after = tb_gc_used_size();
    if (tb_poll() == TB_PENDING) return INT64_MIN;
    return before > after ? (int64_t)(before - after) : 0;
}

static int put_size(tb_dict *dict, const char *key, size_t size)
{
    return tb_dict_put_name(dict, key, tb_int_from((int64_t)size));
}

static int put_pause(tb_dict *dict, const char *key, int64_t pause_ns)
{
    return tb_dict_put_name(dict, key, tb_float_from((double)pause_ns / MILLISECOND_NS));
}

tb_dict *tb_gc_library_stats(void)
{
    const tb_heap *heap = &tb_rt.heap;
    tb_dict *dict = tb_dict_new(0);
    if (!dict || put_size(dict, "heap", tb_gc_heap_size()) < 0 ||
        put_size(dict, "used", tb_gc_used_size()) < 0 ||
        put_size(dict, "allocated", tb_gc_made_size()) < 0 ||
        put_size(dict, "collections", tb_gc_collection_count()) < 0 ||
        put_pause(dict, "longest_pause", heap->pause_longest_ns) < 0 ||
        put_pause(dict, "total_pause", heap->pause_total_ns) < 0)
        return NULL;
    return dict;
}

int tb_gc_library_disable(void)
{
    tb_gc_set_enabled(0);
    return 0;
}

int tb_gc_library_enable(void)
{
    tb_gc_set_enabled(1);
    return 0;
}

int tb_gc_library_is_enabled(void)
{
    return tb_gc_is_enabled();
}

// -------------------------------------------------------------------------------- weak references

// A plain block, so that the collector does not see the value in it.
typedef struct Weak {
    tb_class *cls;
    tb_value value;
    void *link; // NULL once the value is gone
} Weak;

static tb_value weak_call(tb_fn *fn, tb_value self)
{
    (void)fn;
    const Weak *weak = TB_PTR(Weak, self);
    return weak->link ? weak->value : TB_NONE_VALUE;
}
TB_METHOD(weak_call, "call", 0)

static const tb_method weak_methods[] = {TB_METHOD_ROW(weak_call)};

static tb_class weak_class = TB_NATIVE_CLASS("WeakReference", weak_methods,
                                             .special = {[TB_SPECIAL_CALL] = &weak_call_method});

tb_value tb_gc_library_weak(tb_value value)
{
    Weak *weak = tb_alloc_plain(sizeof *weak);
    if (!weak) return TB_PENDING;
    *weak = (Weak){.cls = &weak_class, .value = value, .link = weak};
    if (TB_IS_OBJECT(value)) tb_gc_weaken(&weak->link, TB_AS_OBJECT(value));
    return TB_OBJECT(weak);
}

// -------------------------------------------------------------------------------------- finalizers

static tb_value finalizer_call(tb_fn *fn, tb_value self)
{
    (void)fn;
    return tb_finalizer_run(TB_PTR(tb_finalizer, self));
}
TB_METHOD(finalizer_call, "call", 0)

static const tb_method finalizer_methods[] = {TB_METHOD_ROW(finalizer_call)};

static tb_class finalizer_class = TB_NATIVE_CLASS(
    "Finalizer", finalizer_methods, .special = {[TB_SPECIAL_CALL] = &finalizer_call_method});

tb_value tb_gc_library_finalizer(tb_value value, tb_value action)
{
    if (!tb_is_callable(action))
        return tb_raise_arg(TB_PLACE("finalizer", "action"), "a function", action);
    return tb_finalizer_new(&finalizer_class, value, action);
}

// What the prompt asks about a session: its names and what they hold, types, memory.
#include "session_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "infer.h"
#include "kinds.h"
#include "resolve.h"
#include "runtime/dict.h"
#include "runtime/error.h"
#include "runtime/gc.h"
#include "runtime/module.h"
#include "runtime/object.h"
#include "runtime/out.h"
#include "runtime/survey.h"
#include "session_show.h"

// Whether an entry has given the name a value. Those of modules have a colon in them.
static bool has_value(const SessionName *name)
{
    return !name->library && *name->cell != TB_MISSING && !strchr(name->text, ':');
}

bool session_has(const Session *session, const char *name)
{
    const SessionName *known = session_find(session, name);
    return known && (known->library || has_value(known));
}

// ---- lists --------------------------------------------------------------------------------------

typedef struct Listing {
    Session *session;
    bool is_short;
} Listing;

static int by_text(const void *a, const void *b)
{
    return strcmp((*(SessionName *const *)a)->text, (*(SessionName *const *)b)->text);
}

static void write_text(const char *text)
{
    if (tb_out_write(text, (int64_t)strlen(text)) < 0) tb_rt.pending = 0;
}

// `name: Type = value`
static void write_name(const SessionName *name)
{
    enum { WIDTH = 60 };
    tb_str *type = tb_type_name(*name->cell);
    write_text(name->text);
    write_text(": ");
    write_text(type ? type->data : "?");
    write_text(" = ");
    if (show_briefly(*name->cell, WIDTH) < 0) tb_rt.pending = 0;
    write_text("\n");
}

static int write_list(void *listing_pointer)
{
    const Listing *listing = listing_pointer;
    Session *session = listing->session;
    Arena arena = {0};
    int count = 0;
    SessionName **names = ARENA_ARRAY(&arena, SessionName *, session->all.count + 1);
    for (int i = 0; i < session->all.count; i++)
        if (has_value(session->all.items[i])) names[count++] = session->all.items[i];
    qsort(names, (size_t)count, sizeof *names, by_text);
    for (int i = 0; i < count; i++) {
        if (listing->is_short) {
            write_text(names[i]->text);
            write_text(i + 1 < count ? "  " : "\n");
        } else {
            write_name(names[i]);
        }
    }
    arena_free(&arena);
    if (tb_out_flush() < 0) tb_rt.pending = 0;
    return 0;
}

void session_list(Session *session, bool is_short)
{
    Listing listing = {session, is_short};
    session_guarded(session, write_list, &listing);
}

void session_each_name(Session *session, void (*each)(void *data, const char *name), void *data)
{
    for (int i = 0; i < session->all.count; i++) {
        const SessionName *name = session->all.items[i];
        if (name->library || has_value(name)) each(data, name->text);
    }
}

// ---- members ------------------------------------------------------------------------------------

static void each_of_class(const tb_class *cls, void (*each)(void *data, const char *member),
                          void *data)
{
    for (; cls; cls = cls->base)
        for (int64_t i = 0; i < cls->method_count; i++)
            each(data, cls->methods[i].name->data);
}

static void each_of_instance(tb_value value, void (*each)(void *data, const char *member),
                             void *data)
{
    const tb_class *cls = TB_AS_OBJECT(value)->cls;
    for (int64_t i = 0; i < cls->slot_count; i++)
        if (cls->slots[i].name->data[0] != '(') each(data, cls->slots[i].name->data);
    each_of_class(cls, each, data);
}

static void each_of_module(const tb_module *module, void (*each)(void *data, const char *member),
                           void *data)
{
    for (int64_t i = 0; i < module->count; i++)
        each(data, module->names[i]->data);
}

const char *session_each_member(Session *session, const char *name,
                                void (*each)(void *data, const char *member), void *data)
{
    const SessionName *known = session_find(session, name);
    if (!known || !has_value(known)) return NULL;
    tb_value value = *known->cell;
    switch (TB_KIND(value)) {
    case TB_INSTANCE:
        each_of_instance(value, each, data);
        return "";
    case TB_CLASS:
        each_of_class(TB_AS_CLASS(value), each, data);
        return "";
    case TB_MODULE:
        each_of_module(TB_AS_MODULE(value), each, data);
        return "";
    default:
        return TB_CLASS_OF(value)->name;
    }
}

// ---- functions ----------------------------------------------------------------------------------

static const tb_fn_info *info_of(const SessionName *name)
{
    if (!name || !has_value(name)) return NULL;
    tb_value value = *name->cell;
    if (TB_IS(value, &tb_class_function)) return TB_AS_FN(value)->info;
    return TB_IS(value, &tb_class_class) ? TB_AS_CLASS(value)->init_info : NULL;
}

const char *session_signature(Session *session, const char *name)
{
    const tb_fn_info *info = info_of(session_find(session, name));
    if (!info) return NULL;
    const char *text = arena_format(&session->arena, "%s(", name);
    for (int i = 0; i < info->param_count; i++)
        text = arena_format(&session->arena, "%s%s%s%s", text, i ? ", " : "", info->params[i],
                            i == info->rest_index       ? "..."
                            : i >= info->required_count ? " = …"
                                                        : "");
    return arena_format(&session->arena, "%s)", text);
}

const char *session_origin(Session *session, const char *name)
{
    const SessionName *known = session_find(session, name);
    return known ? known->origin : NULL;
}

// ---- types --------------------------------------------------------------------------------------

static int write_type_of(void *name_pointer)
{
    const SessionName *name = name_pointer;
    tb_str *type = tb_type_name(*name->cell);
    write_text(type ? type->data : "?");
    write_text("\n");
    if (tb_out_flush() < 0) tb_rt.pending = 0;
    return 0;
}

bool session_type(Session *session, const char *text)
{
    SessionName *name = session_find(session, text);
    if (!name || !has_value(name)) return session_infer(session, text);
    session_guarded(session, write_type_of, name);
    return true;
}

// ---- memory -------------------------------------------------------------------------------------

// The process's resident memory in bytes; 0 when the system does not tell.
static size_t resident_size(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    if (fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
    fclose(file);
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void write_size(FILE *out, const char *what, size_t size)
{
    NumberText text;
    fprintf(out, "  %-26s %12s\n", what, kinds_size((int64_t)size, &text));
}

typedef struct KindCollector {
    Arena arena;
    KindList kinds;
} KindCollector;

static void collect_kind(const char *name, int is_own_class, const tb_survey_row *row,
                         void *collector_pointer)
{
    KindCollector *collector = collector_pointer;
    Kind kind = {name, is_own_class, row->count, (int64_t)row->size};
    kinds_add(&collector->kinds, &collector->arena, kind);
}

// What is live, by kind. The classes of entries lie among their code.
static void write_kinds(const tb_survey *survey, FILE *out)
{
    KindCollector collector = {0};
    tb_survey_each(survey, collect_kind, &collector);
    kinds_sort(&collector.kinds);
    KindTable table = {"values", &collector.kinds, (int64_t)(survey->total - survey->attributed),
                       (int64_t)survey->total};
    kinds_print(&table, out);
    arena_free(&collector.arena);
}

void session_report_memory(Session *session, FILE *out)
{
    NumberText text;
    int count = 0;
    for (int i = 0; i < session->all.count; i++)
        count += has_value(session->all.items[i]);
    tb_survey survey = {.code = session->space.start, .code_size = session->space.used};
    tb_gc_collect();
    tb_survey_take(&survey);
    fprintf(out, "  %-26s %12s   in %d entries\n", "names", kinds_number(count, &text),
            session->entries.count);
    write_size(out, "code and cells", session->space.used);
    write_size(out, "texts of entries", session->arena.total);
    write_size(out, "whole process", resident_size());
    fprintf(out, "\n");
    write_kinds(&survey, out);
}

// Compiling and running the entries of the prompt. See session.h for the idea; start at
// session_run.
#include "session_state.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "parser.h"
#include "resolve.h"

#include "runtime/error.h"
#include "runtime/finalizer.h"
#include "runtime/gc.h"
#include "runtime/report.h"
#include "runtime/stack.h"
#include "runtime/survey.h"
#include "session_show.h"
#include "types.h"

enum { UNDO_LEVELS = 100 };

// ---- names --------------------------------------------------------------------------------------

SessionName *session_find(const Session *session, const char *text)
{
    const Name *name = name_find((Names *)(uintptr_t)&session->names, text, strlen(text));
    return name ? map_get(&session->by_name, name) : NULL;
}

static tb_value *new_cell(Session *session)
{
    enum { CELLS = 64 };
    if (!session->free_cell_count) {
        session->free_cells = code_space_take(&session->space, CELLS * sizeof(tb_value));
        if (!session->free_cells) return NULL;
        session->free_cell_count = CELLS;
    }
    session->free_cell_count--;
    *session->free_cells = TB_MISSING;
    return session->free_cells++;
}

// The name, made on first mention. NULL when the code space is full.
static SessionName *demand_name(Session *session, const char *text)
{
    Name *key = name_from(&session->names, text);
    SessionName *name = map_get(&session->by_name, key);
    if (name) return name;
    tb_value *cell = new_cell(session);
    if (!cell) return NULL;
    name = ARENA_NEW(&session->arena, SessionName);
    *name = (SessionName){.text = key->text, .cell = cell};
    map_put(&session->by_name, &session->arena, key, name);
    VEC_PUSH(&session->arena, session->all, name);
    return name;
}

static Symbol *library_symbol(const Session *session, Name *name, const char *library)
{
    Name *path = name_from(&session->compiler->names, library);
    Symbol *symbol = ARENA_NEW(&session->compiler->arena, Symbol);
    *symbol = (Symbol){.kind = SYMBOL_MODULE, .name = name, .module = session->compiler->main};
    symbol->target = resolve_library_module(session->compiler, path);
    return symbol->target ? symbol : NULL;
}

static Symbol *variable_symbol(const Session *session, Name *name)
{
    Symbol *symbol = ARENA_NEW(&session->compiler->arena, Symbol);
    *symbol = (Symbol){.kind = SYMBOL_VARIABLE, .is_global = true, .is_session = true};
    symbol->name = name;
    symbol->module = session->compiler->main;
    return symbol;
}

// Compiler.find_session_name
static Symbol *find_symbol(Session *session, Name *name)
{
    Symbol *symbol = map_get(&session->found, name);
    if (symbol) return symbol;
    const SessionName *known = session_find(session, name->text);
    if (!known || (!known->library && *known->cell == TB_MISSING)) return NULL;
    symbol = known->library ? library_symbol(session, name, known->library)
                            : variable_symbol(session, name);
    if (symbol) map_put(&session->found, &session->compiler->arena, name, symbol);
    return symbol;
}

static void offer_name(void *nearest, const char *name)
{
    nearest_offer(nearest, name);
}

// Compiler.offer_session_names
static void offer_names(Session *session, Nearest *nearest)
{
    session_each_name(session, offer_name, nearest);
}

// ---- compiling ----------------------------------------------------------------------------------

static void put_used_libraries(Session *session, Compilation *compilation)
{
    Compiler *compiler = &compilation->compiler;
    struct Module *module = compilation->module;
    int capacity = (int)(sizeof module->preferred / sizeof *module->preferred);
    for (int i = 0; i < session->used.count && i < capacity; i++)
        module->preferred[module->preferred_count++] =
            resolve_library_module(compiler, name_from(&compiler->names, session->used.items[i]));
}

// What the entry's `use` lines mean for those that follow.
static void keep_used_libraries(Session *session, const Compilation *compilation)
{
    const struct Module *module = compilation->module;
    session->used.count = 0;
    for (int i = 0; i < module->preferred_count; i++) {
        const char *path = module->preferred[i]->path;
        VEC_PUSH(&session->arena, session->used, arena_copy(&session->arena, path, strlen(path)));
    }
    for (const Node *node = module->tree->as.list.first; node; node = node->next) {
        if ((node->kind != NODE_USE && node->kind != NODE_IMPORT) || !node->as.import.symbol)
            continue;
        const Symbol *symbol = node->as.import.symbol;
        if (!symbol->target || !symbol->target->is_library) continue;
        const char *path = symbol->target->path;
        SessionName *name = demand_name(session, symbol->name->text);
        if (name) name->library = arena_copy(&session->arena, path, strlen(path));
    }
}

// Finds the cells of the variables that the C text names.
static bool place_variables(Session *session, CProgram *c)
{
    for (int i = 0; i < c->variable_count; i++) {
        CVariable *variable = &c->variables[i];
        if (!variable->name) {
            variable->address = &session->roots->shown;
            continue;
        }
        const SessionName *name = demand_name(session, variable->name);
        if (!name) return false;
        variable->address = name->cell;
    }
    return true;
}

// Compiles the source as an entry, up to [last].
static bool compile(Session *session, Compilation *compilation, Source *source, Stage last,
                    Purpose purpose)
{
    Compiler *compiler = &compilation->compiler;
    *compilation = (Compilation){.source = source};
    compiler_init(compiler, (CompilerOptions){.main_directory = ".", .is_repl = true});
    compiler->session = session;
    compiler->find_session_name = find_symbol;
    compiler->offer_session_names = offer_names;
    session->compiler = compiler;
    session->found = (Map){0};
    bool is_compiled = driver_compile(compilation, STAGE_PARSER, purpose);
    if (is_compiled && last > STAGE_PARSER) {
        put_used_libraries(session, compilation);
        compiler->shown =
            variable_symbol(session, name_from(&compiler->names, "value of the entry"));
        is_compiled = driver_compile(compilation, last, purpose);
    }
    diags_render(&compiler->diags, stderr, session->messages->color, session->messages->json);
    return is_compiled;
}

// Whether messages may show lines of a file that the entry has imported.
static bool has_user_modules(const Compiler *compiler)
{
    for (int i = 0; i < compiler->modules.count; i++)
        if (!compiler->modules.items[i]->is_library && !compiler->modules.items[i]->is_main)
            return true;
    return false;
}

// The entry's own text is the session's.
static void finish_compilation(Session *session, Compilation *compilation)
{
    Compiler *compiler = &compilation->compiler;
    if (!has_user_modules(compiler)) arena_free(&compiler->texts);
    driver_free(compilation);
    session->compiler = NULL;
    session->found = (Map){0};
}

static Source *entry_source(Session *session, const char *text, size_t size)
{
    char path[32];
    snprintf(path, sizeof path, "<repl:%d>", ++session->entry_number);
    return source_from_text(&session->arena, arena_copy(&session->arena, path, strlen(path)), text,
                            size);
}

// A parse that only looks: the tree, its messages dropped.
typedef struct Glance {
    Arena arena;
    Names names;
    Diags diags;
    const Node *tree; // NULL: the text is too long
    bool is_incomplete;
} Glance;

static void glance_at(Glance *glance, const char *text, size_t size)
{
    *glance = (Glance){0};
    names_init(&glance->names, &glance->arena);
    diags_init(&glance->diags, &glance->arena);
    Source *source = source_from_text(&glance->arena, "<repl>", text, size);
    if (source)
        glance->tree = parse_module(&glance->arena, &glance->names, &glance->diags, source,
                                    (ParserOptions){.is_repl = true}, &glance->is_incomplete);
}

bool session_wants_more(const char *text, size_t size)
{
    Glance glance;
    glance_at(&glance, text, size);
    arena_free(&glance.arena);
    return glance.is_incomplete;
}

bool session_is_well_formed(const char *text, size_t size)
{
    Glance glance;
    glance_at(&glance, text, size);
    bool is_well_formed = glance.diags.error_count == 0;
    arena_free(&glance.arena);
    return is_well_formed;
}

bool session_begins_anew(const char *text, size_t size, size_t offset)
{
    Glance glance;
    glance_at(&glance, text, size);
    const Node *last = glance.tree ? glance.tree->as.list.last : NULL;
    bool begins = last && last->span.start >= offset;
    arena_free(&glance.arena);
    return begins;
}

// ---- running ------------------------------------------------------------------------------------

typedef struct EntryRun {
    Session *session;
    tb_program program;
    EntryResult result;
} EntryRun;

// Writes out what the entry has printed; says why when that fails.
static void flush_output(void)
{
    if (tb_out_flush() < 0) tb_report_error(NULL, tb_catch(NULL, 0));
}

static void settle_error(EntryRun *run)
{
    if (tb_is_exiting()) {
        tb_catch(NULL, 0);
        run->session->exit_status = (int)(tb_rt.exit_code & 0xff);
        run->result = ENTRY_EXIT;
        return;
    }
    tb_value value = tb_catch(NULL, 0);
    bool is_interrupt = tb_error_matches(value, TB_OBJECT(&tb_error_interrupt)) > 0;
    if (is_interrupt && run->session->show.is_terminal && tb_out_write("\n", 1) < 0)
        tb_catch(NULL, 0);
    flush_output();
    tb_report_error(&run->program, value);
    run->result = ENTRY_FAILED;
}

static void keep_last_value(Session *session)
{
    const SessionName *last = demand_name(session, "_");
    if (last) *last->cell = session->roots->shown;
}

// Runs on the big stack.
static int run_entry(void *run_pointer)
{
    EntryRun *run = run_pointer;
    Session *session = run->session;
    tb_rt.pending = 0;
    tb_rt.handling = TB_NONE_VALUE;
    tb_rt.logged = TB_NONE_VALUE;
    tb_rt.log.count = 0;
    tb_rt.file_name = NULL;
    run->result = ENTRY_DONE;
    session->roots->shown = TB_NONE_VALUE;
    int failed = run->program.start();
    if (failed >= 0 && session->roots->shown != TB_NONE_VALUE) {
        keep_last_value(session);
        if (!session->show.is_quiet) failed = show_value(session->roots->shown, &session->show);
    }
    if (failed >= 0 && tb_poll() == TB_PENDING) failed = -1;
    if (failed < 0) settle_error(run);
    flush_output();
    return 0;
}

int session_guarded(Session *session, int (*body)(void *argument), void *argument)
{
    (void)session;
    int number = 0;
    tb_stack_run_guarded(body, argument, &number);
    tb_rt.pending = 0;
    return number;
}

static void report_crash(const Session *session, int number)
{
    flush_output();
    if (number == SIGINT)
        message_error(session->messages, "interrupted in code that does not listen");
    else if (number == SIGSEGV || number == SIGBUS)
        message_error(session->messages, "the entry crashed: invalid memory access, or calls of C "
                                         "code nested too deeply");
    else
        message_error(session->messages, "the entry crashed: %s", strsignal(number));
    message_help(session->messages, "the session goes on, but what the entry was working on may be "
                                    "damaged");
}

// What messages show of the modules that came with the entry.
static void keep_sources(Session *session, const tb_program *program, const Source *source)
{
    for (int64_t i = 0; i < program->source_count; i++) {
        tb_source one = program->sources[i];
        if (strcmp(one.file, source->path) == 0) one.text = source->text;
        VEC_PUSH(&session->arena, session->sources, one);
    }
}

static Change change_of(SessionName *name)
{
    return (Change){.name = name, .former = *name->cell, .former_origin = name->origin};
}

// Remembers what names hold before the entry runs.
static void record_begin(Session *session)
{
    size_t count = (size_t)session->all.count;
    Record *record = tb_alloc(sizeof *record + count * sizeof(Change));
    for (size_t i = 0; record && i < count; i++)
        record->changes[i] = change_of(session->all.items[i]);
    if (record) record->count = (int64_t)count;
    session->roots->before = record;
}

// Whether a value takes so much that nobody who lets go of it wants it kept.
static bool is_large(tb_value v)
{
    enum { LARGE = 1 << 20 };
    return TB_IS_OBJECT(v) && tb_object_size(TB_AS_OBJECT(v)) > LARGE;
}

// Whether the entry that has just run took a large value from a name.
static bool has_dropped_much(const Record *whole)
{
    for (int64_t i = 0; i < whole->count; i++)
        if (*whole->changes[i].name->cell != whole->changes[i].former &&
            is_large(whole->changes[i].former))
            return true;
    return false;
}

// Keeps those of the changes that were some.
static void record_end(Session *session, const char *origin)
{
    const Record *whole = session->roots->before;
    session->roots->before = NULL;
    if (!whole) return;
    int64_t changed = 0;
    for (int64_t i = 0; i < whole->count; i++)
        changed += *whole->changes[i].name->cell != whole->changes[i].former;
    Record *record = tb_alloc(sizeof *record + (size_t)changed * sizeof(Change));
    if (!record) return;
    for (int64_t i = 0; i < whole->count; i++) {
        Change change = whole->changes[i];
        if (*change.name->cell == change.former) continue;
        change.name->origin = origin;
        change.name->library = NULL;
        record->changes[record->count++] = change;
    }
    if (has_dropped_much(whole)) {
        session->roots->undo = NULL; // what was before it cannot be undone either
        return;
    }
    record->before = session->roots->undo;
    session->roots->undo = record;
    record->depth = record->before ? record->before->depth + 1 : 0;
    if (record->depth % UNDO_LEVELS) return;
    Record *oldest = record;
    for (int i = 0; oldest && i < UNDO_LEVELS; i++)
        oldest = oldest->before;
    if (oldest) oldest->before = NULL;
}

static EntryResult run_loaded(Session *session, const LoadedProgram *loaded, const Source *source)
{
    keep_sources(session, loaded, source);
    EntryRun run = {.session = session, .result = ENTRY_FAILED};
    run.program = (tb_program){.name = loaded->name,
                               .start = loaded->start,
                               .sources = session->sources.items,
                               .source_count = session->sources.count};
    record_begin(session);
    int number = session_guarded(session, run_entry, &run);
    if (number) {
        run.result = ENTRY_FAILED;
        report_crash(session, number);
    }
    record_end(session, source->text);
    session->roots->shown = TB_NONE_VALUE;
    return run.result;
}

static void on_interrupt(int number)
{
    (void)number;
    if (!(tb_rt.interrupted & TB_PRESSES)) tb_rt.interrupted += 1;
}

void session_listen(void)
{
    struct sigaction interrupt = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &interrupt, NULL);
}

static EntryResult run_source(Session *session, Source *source, const char *text)
{
    tb_rt.interrupted &= ~TB_PRESSES; // those were for the line that the terminal has dropped
    Compilation compilation;
    const LoadedProgram *loaded = NULL;
    bool is_ready = compile(session, &compilation, source, STAGE_C, PURPOSE_MEMORY);
    if (is_ready) {
        compilation.c.space = &session->space;
        is_ready = place_variables(session, &compilation.c) &&
                   toolchain_load(session->messages, &compilation.c, &loaded, NULL) == STATUS_OK;
        if (is_ready) keep_used_libraries(session, &compilation);
    }
    finish_compilation(session, &compilation);
    if (!is_ready) return ENTRY_REJECTED;
    VEC_PUSH(&session->arena, session->entries, text);
    return run_loaded(session, loaded, source);
}

EntryResult session_run(Session *session, const char *text, size_t size)
{
    Source *source = entry_source(session, text, size);
    return source ? run_source(session, source, source->text) : ENTRY_REJECTED;
}

EntryResult session_load(Session *session, const char *path)
{
    const char *kept = arena_copy(&session->arena, path, strlen(path));
    Source *source = source_read(&session->arena, kept);
    if (source) return run_source(session, source, source->text);
    message_error(session->messages, "cannot read `%s`: %s", path, strerror(errno));
    return ENTRY_REJECTED;
}

bool session_emit(Session *session, const char *text, Stage stage)
{
    Compilation compilation;
    if (!text) text = session_last_entry(session);
    Source *source = entry_source(session, text, strlen(text));
    session->entry_number--;
    if (!source) return false;
    bool is_compiled = compile(session, &compilation, source, stage, PURPOSE_SHOW);
    if (is_compiled) driver_print(&compilation, stdout);
    finish_compilation(session, &compilation);
    return is_compiled;
}

bool session_infer(Session *session, const char *text)
{
    Compilation compilation;
    Source *source = entry_source(session, text, strlen(text));
    session->entry_number--;
    if (!source) return false;
    bool is_compiled = compile(session, &compilation, source, STAGE_INFER, PURPOSE_SHOW);
    if (is_compiled) {
        const Node *last = compilation.module->tree->as.list.last;
        const Type *type = last ? last->type : NULL;
        printf("%s\n", type ? type_text(&compilation.compiler.arena, type) : "None");
    }
    finish_compilation(session, &compilation);
    return is_compiled;
}

// ---- the whole session --------------------------------------------------------------------------

// What a new session begins with, its code space being empty.
static bool begin(Session *session)
{
    names_init(&session->names, &session->arena);
    session->roots = code_space_take(&session->space, sizeof *session->roots);
    if (session->roots) session->roots->shown = TB_NONE_VALUE;
    return session->roots != NULL;
}

Session *session_new(const Messages *messages, ShowOptions show)
{
    Session *session = calloc(1, sizeof *session);
    if (session) {
        session->messages = messages;
        session->show = show;
        tb_rt.program_name = "tombo";
        if (code_space_open(&session->space) && begin(session)) return session;
    }
    message_error(messages, "no memory for the prompt");
    free(session);
    return NULL;
}

void session_set_show(Session *session, ShowOptions show)
{
    session->show = show;
}

const char *session_undo(Session *session)
{
    const Record *record = session->roots->undo;
    if (!record || !session->entries.count) return NULL;
    for (int64_t i = 0; i < record->count; i++) {
        const Change *change = &record->changes[i];
        *change->name->cell = change->former;
        change->name->origin = change->former_origin;
    }
    session->roots->undo = record->before;
    return session->entries.items[--session->entries.count];
}

static int end_program(void *argument)
{
    (void)argument;
    return tb_program_end();
}

void session_end(Session *session)
{
    session_guarded(session, end_program, NULL);
}

void session_reset(Session *session)
{
    Session fresh = {.messages = session->messages, .show = session->show, .space = session->space};
    arena_free(&session->arena);
    memset(tb_rt.fresh, 0, sizeof tb_rt.fresh);
    *session = fresh;
    code_space_clear(&session->space);
    begin(session); // the space is empty: there is room
    tb_gc_release();
    malloc_trim(0);
}

const char *session_last_entry(const Session *session)
{
    int count = session->entries.count;
    return count ? session->entries.items[count - 1] : "";
}

void session_save(const Session *session, FILE *out)
{
    for (int i = 0; i < session->entries.count; i++) {
        const char *text = session->entries.items[i];
        size_t size = strlen(text);
        fprintf(out, "%s%s", text, size && text[size - 1] == '\n' ? "" : "\n");
    }
}

int session_exit_status(const Session *session)
{
    return session->exit_status;
}

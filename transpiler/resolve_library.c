// Library names: built-in types, error classes, and declarations of the standard library, each made
// when a program first names it.
//
// A declaration's symbol is made at once, its inside (parameters, annotations, a body in Tombo) is
// resolved later, by library_drain: so library functions may use each other in circles and no
// module's resolution is entered twice.
#include "resolve_state.h"
#include "types.h"

#include <stdlib.h>
#include <string.h>

// -------------------------------------------------------------------------------------- built-ins

static void add_type(Compiler *compiler, const char *text, int builtin_type)
{
    Symbol *symbol = ARENA_NEW(&compiler->arena, Symbol);
    symbol->kind = SYMBOL_TYPE;
    symbol->name = name_from(&compiler->names, text);
    symbol->builtin_type = builtin_type;
    map_put(&compiler->resolve->builtins, &compiler->arena, symbol->name, symbol);
}

static void add_types(Compiler *compiler)
{
    static const struct {
        const char *name;
        int type;
    } types[] = {
        {"None", TB_NONE},
        {"Bool", TB_BOOL},
        {"Int", TB_INT},
        {"Float", TB_FLOAT},
        {"String", TB_STRING},
        {"Bytes", TB_BYTES},
        {"List", TB_LIST},
        {"Tuple", TB_TUPLE},
        {"Dict", TB_DICT},
        {"Set", TB_SET},
        {"Range", TB_RANGE},
        {"Function", TB_FUNCTION},
        {"Any", -1},
        {"Number", -2},
        {"Int64", -3},
        {"Whole", -4},
        {"Sized", TYPE_SIZED},
        {"Iterable", TYPE_ITERABLE},
        {"Object", TYPE_OBJECT},
        {"Items", TYPE_ITEMS},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        add_type(compiler, types[i].name, types[i].type);
}

static ClassInfo *add_error(Compiler *compiler, const char *text, const char *native,
                            ClassInfo *base)
{
    ClassInfo *cls = ARENA_NEW(&compiler->arena, ClassInfo);
    Symbol *symbol = ARENA_NEW(&compiler->arena, Symbol);
    symbol->kind = SYMBOL_CLASS;
    symbol->name = cls->name = name_from(&compiler->names, text);
    symbol->cls = cls;
    symbol->is_global = true;
    cls->symbol = symbol;
    cls->native = native;
    cls->base = base;
    cls->is_error = true;
    map_put(&compiler->resolve->builtins, &compiler->arena, symbol->name, symbol);
    return cls;
}

static void add_errors(Compiler *compiler)
{
    static const char *const plain[][2] = {
        {"NameError", "tb_error_name"},
        {"TypeError", "tb_error_type"},
        {"ValueError", "tb_error_value"},
        {"IndexError", "tb_error_index"},
        {"KeyError", "tb_error_key"},
        {"AttributeError", "tb_error_attribute"},
        {"ZeroDivisionError", "tb_error_zero_division"},
        {"OverflowError", "tb_error_overflow"},
        {"RecursionError", "tb_error_recursion"},
        {"MemoryError", "tb_error_memory"},
        {"EOFError", "tb_error_eof"},
        {"AssertionError", "tb_error_assertion"},
        {"ImportError", "tb_error_import"},
        {"TimeoutError", "tb_error_timeout"},
        {"StopIteration", "tb_error_stop_iteration"},
        {"Interrupt", "tb_error_interrupt"},
    };
    ClassInfo *base = add_error(compiler, "Error", "tb_error_base", NULL);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        add_error(compiler, plain[i][0], plain[i][1], base);
    ClassInfo *io = add_error(compiler, "IOError", "tb_error_io", base);
    add_error(compiler, "FileNotFoundError", "tb_error_file_not_found", io);
    add_error(compiler, "PermissionError", "tb_error_permission", io);
    add_error(compiler, "FileExistsError", "tb_error_file_exists", io);
}

Symbol *builtin_symbol(Compiler *compiler, Name *name)
{
    Resolve *resolve = resolve_state(compiler);
    if (!resolve->builtins.count) {
        add_types(compiler);
        add_errors(compiler);
    }
    return map_get(&resolve->builtins, name);
}

// -------------------------------------------------------------------------------------- libraries

Module *library_module(Compiler *compiler, int number)
{
    Resolve *resolve = resolve_state(compiler);
    if (resolve->libraries[number]) return resolve->libraries[number];
    Module *module = ARENA_NEW(&compiler->arena, Module);
    FunctionInfo *top = ARENA_NEW(&compiler->arena, FunctionInfo);
    module->path = library_texts[number].library;
    module->name = name_from(&compiler->names, module->path);
    module->source = library_source(compiler, number);
    module->is_library = true;
    module->top = top;
    top->module = module;
    top->rest_index = -1;
    top->is_walked = true;
    resolve->libraries[number] = module;
    VEC_PUSH(&compiler->arena, compiler->modules, module);
    return module;
}

Module *resolve_library_module(Compiler *compiler, const Name *name)
{
    int number = library_number(name->text);
    return number < 0 ? NULL : library_module(compiler, number);
}

Symbol *library_module_symbol(Compiler *compiler, Name *name)
{
    int number = library_number(name->text);
    if (number < 0) return NULL;
    Symbol *symbol = ARENA_NEW(&compiler->arena, Symbol);
    symbol->kind = SYMBOL_MODULE;
    symbol->name = name;
    symbol->target = library_module(compiler, number);
    return symbol;
}

bool library_has(Compiler *compiler, Name *name)
{
    Resolve *resolve = resolve_state(compiler);
    void *known = map_get(&resolve->library_names, name);
    if (!known) {
        int count;
        library_find(name->text, &count);
        known = count && name->text[0] != '_' ? (void *)name : (void *)resolve;
        map_put(&resolve->library_names, &compiler->arena, name, known);
    }
    return known == (void *)name;
}

// ----------------------------------------------------------------------------------- declarations

static Symbol *make_declaration(Compiler *compiler, int row)
{
    const LibraryEntry *entry = &library_entries[row];
    Node *node = library_parse(compiler, entry);
    if (!node) return NULL;
    Module *module = library_module(compiler, library_number(entry->library));
    FunctionInfo *top = module->top;
    Resolver r = {.compiler = compiler,
                  .arena = &compiler->arena,
                  .module = module,
                  .source = module->source};
    Frame frame = {.info = top};
    r.frame = &frame;
    Name *name = name_from(&compiler->names, entry->name);
    Symbol *symbol;
    if (node->kind == NODE_FUNCTION) {
        symbol = symbol_new(&r, SYMBOL_FUNCTION, name, node, node->as.function.name_span);
        symbol->function = function_declare(&r, node, top);
        symbol->function->symbol = symbol;
    } else if (node->kind == NODE_CLASS) {
        Scope scope;
        scope_open(&r, &scope);
        class_declare(&r, node);
        scope_close(&r);
        symbol = node->as.class_.symbol;
    } else {
        symbol = symbol_new(&r, SYMBOL_CONSTANT, name, node, node->as.assign.target->span);
    }
    if (symbol->kind != SYMBOL_CLASS) symbol->state = NULL;
    symbol->is_global = true;
    VEC_PUSH(&compiler->arena, module->globals, symbol);
    return symbol;
}

// The symbol of a row of the index, made on first use; its inside is left to library_drain.
static Symbol *declaration(Compiler *compiler, int row)
{
    Resolve *resolve = resolve_state(compiler);
    if (resolve->declarations[row]) return resolve->declarations[row];
    Symbol *symbol = make_declaration(compiler, row);
    if (!symbol) return NULL;
    resolve->declarations[row] = symbol;
    VEC_PUSH(&compiler->arena, resolve->waiting, symbol);
    return symbol;
}

static void resolve_inside(Compiler *compiler, Symbol *symbol)
{
    Resolver r;
    resolver_open(&r, compiler, symbol->module);
    if (symbol->kind == SYMBOL_FUNCTION) {
        walk_function(&r, symbol->function);
    } else if (symbol->kind == SYMBOL_CLASS) {
        VEC_PUSH(r.arena, r.classes, symbol->cls);
        walk_class(&r, symbol->node);
    } else {
        walk(&r, symbol->node->as.assign.value);
    }
    resolver_close(&r);
    symbol->state = NULL;
}

void library_drain(Compiler *compiler)
{
    Resolve *resolve = resolve_state(compiler);
    if (resolve->active || resolve->is_draining) return;
    resolve->is_draining = true;
    while (resolve->waiting.count)
        resolve_inside(compiler, resolve->waiting.items[--resolve->waiting.count]);
    resolve->is_draining = false;
}

// -------------------------------------------------------------------------------------- overloads

// Names that library `flat` decides even against `use`.
static bool is_decided_by_content(const char *name)
{
    static const char *const names[] = {"parse", "prettify", "platform"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

// Whether the declaration's first parameter takes anything: one that asks for a type is tried
// before it.
static bool takes_anything(Compiler *compiler, const LibraryEntry *entry)
{
    const Node *node = library_parse(compiler, entry);
    const Node *param = node && node->kind == NODE_FUNCTION ? node->as.function.params.first : NULL;
    const Node *type = param ? param->as.param.annotation : NULL;
    if (!param) return false;
    if (!type || param->as.param.is_rest) return true;
    if (type->kind != NODE_TYPE_NAME) return false;
    const Name *name = type->as.type.path.last->as.name.name;
    for (const Node *own = node->as.function.type_params.first; own; own = own->next)
        if (own->as.name.name == name) return true;
    return !strcmp(name->text, "Any") || !strcmp(name->text, "Iterable") ||
           !strcmp(name->text, "Items") || !strcmp(name->text, "Object");
}

// Higher wins: libraries named by `use`, by the place of their line; then declarations that ask for
// a type; each by the library's place in library_texts. For a library's own code its own names come
// first.
static int preference(Compiler *compiler, const Module *module, const LibraryEntry *entry)
{
    int number = library_number(entry->library);
    if (module->is_library && strcmp(module->path, entry->library) == 0) return INT32_MAX;
    if (strcmp(entry->library, "flat") == 0)
        return is_decided_by_content(entry->name) ? INT32_MAX : 2 * library_text_count - 1;
    for (int i = module->preferred_count - 1; i >= 0; i--)
        if (strcmp(module->preferred[i]->path, entry->library) == 0)
            return 2 * library_text_count + i;
    return takes_anything(compiler, entry) ? number : library_text_count + number;
}

typedef struct Candidate {
    int row;
    int rank;
} Candidate;

// Sorts by falling rank; rows of one library keep the order of its text.
static void sort_candidates(Candidate *items, int count)
{
    for (int i = 1; i < count; i++) {
        Candidate item = items[i];
        int at = i;
        for (; at > 0 && items[at - 1].rank < item.rank; at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

// All declarations of a name in library [only], or in any when it is -1, as one symbol. A lone
// class is itself.
static Symbol *make_overloads(Compiler *compiler, const Module *module, Name *name, int only)
{
    int count;
    int first = (only < 0 ? library_find : library_find_all)(name->text, &count);
    Candidate *candidates = ARENA_ARRAY(&compiler->arena, Candidate, count);
    int kept = 0;
    for (int row = first; row < first + count; row++) {
        const LibraryEntry *entry = &library_entries[row];
        if (only < 0 || library_number(entry->library) == only)
            candidates[kept++] = (Candidate){row, preference(compiler, module, entry)};
    }
    sort_candidates(candidates, kept);
    Symbol *symbol = ARENA_NEW(&compiler->arena, Symbol);
    symbol->kind = SYMBOL_OVERLOADS;
    symbol->name = name;
    for (int i = 0; i < kept; i++) {
        Symbol *item = declaration(compiler, candidates[i].row);
        if (item) VEC_PUSH(&compiler->arena, symbol->overloads, item);
    }
    if (!symbol->overloads.count) return NULL;
    Symbol *item = symbol->overloads.items[0];
    return symbol->overloads.count == 1 && item->kind == SYMBOL_CLASS ? item : symbol;
}

static Symbol *library_member(Compiler *compiler, Module *library, Name *name)
{
    Symbol *symbol = map_get(&library->members, name);
    if (symbol) return symbol;
    symbol = make_overloads(compiler, library, name, library_number(library->path));
    if (symbol) map_put(&library->members, &compiler->arena, name, symbol);
    library_drain(compiler);
    return symbol;
}

Symbol *resolve_member(Compiler *compiler, Module *target, Name *name)
{
    if (name->text[0] == '_') return NULL;
    return target->is_library ? library_member(compiler, target, name)
                              : map_get(&target->members, name);
}

// ---- modules as values

static int by_name(const void *a, const void *b)
{
    const Symbol *left = *(Symbol *const *)a, *right = *(Symbol *const *)b;
    return strcmp(left->name->text, right->name->text);
}

static void load_members(Compiler *compiler, Module *library)
{
    for (int row = 0; row < library_entry_count; row++) {
        const LibraryEntry *entry = &library_entries[row];
        if (strcmp(entry->library, library->path) != 0 || entry->name[0] == '_') continue;
        Symbol *symbol =
            library_member(compiler, library, name_from(&compiler->names, entry->name));
        if (symbol) symbol->is_used_as_value = true;
    }
}

void resolve_exports(Compiler *compiler, Module *module)
{
    if (module->exports.count) return;
    if (module->is_library) load_members(compiler, module);
    for (uint32_t i = 0; i < module->members.capacity; i++) {
        Symbol *member = module->members.entries[i].value;
        if (member && member->name->text[0] != '_')
            VEC_PUSH(&compiler->arena, module->exports, member);
    }
    if (module->exports.count)
        qsort(module->exports.items, (size_t)module->exports.count, sizeof(Symbol *), by_name);
}

Symbol *resolve_library_name(Compiler *compiler, Module *module, Name *name)
{
    Resolve *resolve = resolve_state(compiler);
    if (name->text[0] == '_')
        return module->is_library ? library_member(compiler, module, name) : NULL;
    if (!library_has(compiler, name)) return NULL;
    bool has_a_say = module->is_library || module->preferred_count;
    Map *known = has_a_say ? &module->flat : &resolve->flat;
    Symbol *symbol = map_get(known, name);
    if (symbol) return symbol;
    symbol = make_overloads(compiler, module, name, -1);
    if (symbol) map_put(known, &compiler->arena, name, symbol);
    library_drain(compiler);
    return symbol;
}

Symbol *resolve_method_name(Compiler *compiler, Name *name)
{
    Module nobody = {.path = ""};
    Symbol *symbol = resolve_library_name(compiler, &nobody, name);
    return symbol && symbol->kind == SYMBOL_OVERLOADS ? symbol : NULL; // a class is no method
}

const char *resolve_hidden_library(const Symbol *symbol)
{
    if (!symbol || symbol->kind != SYMBOL_VARIABLE || symbol->is_private) return NULL;
    int count;
    int first = library_find(symbol->name->text, &count);
    while (count && strcmp(library_entries[first + count - 1].library, "flat") == 0)
        count--;
    return count ? library_entries[first + count - 1].library : NULL;
}

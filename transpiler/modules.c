// Finding and reading the modules that `import` and `from` name, and `use`: LANGUAGE.md section 10.
#include "resolve_state.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "parser.h"

// ---------------------------------------------------------------------------------------- finding

// geo.shapes as "geo/shapes".
static const char *path_text(Arena *arena, const NodeList *path, char separator)
{
    const char *text = "";
    for (const Node *part = path->first; part; part = part->next) {
        const char *name = part->as.name.name->text;
        text = part == path->first ? name : arena_format(arena, "%s%c%s", text, separator, name);
    }
    return text;
}

static const char *folder_of(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash) return ".";
    return slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
}

// The file of the module in [folder], or NULL.
static const char *find_in(Arena *arena, const char *folder, const char *module)
{
    static const char *const endings[] = {"tb", "to"};
    const char *prefix = strcmp(folder, ".") == 0 ? "" : arena_format(arena, "%s/", folder);
    for (size_t i = 0; i < 2; i++) {
        const char *path = arena_format(arena, "%s%s.%s", prefix, module, endings[i]);
        if (access(path, F_OK) == 0) return path;
    }
    return NULL;
}

static const char *find_in_search_path(Arena *arena, const char *module)
{
    const char *at = getenv("TOMBO_PATH");
    while (at && *at) {
        size_t size = strcspn(at, ":");
        const char *found = size ? find_in(arena, arena_copy(arena, at, size), module) : NULL;
        if (found) return found;
        at += size + (at[size] == ':');
    }
    return NULL;
}

// Next to the importing file, then in modules/ beside the main file, then in the folders of
// TOMBO_PATH.
static const char *find_file(const Resolver *r, const char *module)
{
    const char *found = find_in(r->arena, folder_of(r->arena, r->source->path), module);
    if (found) return found;
    const char *main_folder = r->compiler->options.main_directory;
    if (!main_folder) main_folder = ".";
    found = find_in(r->arena, arena_format(r->arena, "%s/modules", main_folder), module);
    return found ? found : find_in_search_path(r->arena, module);
}

// ---------------------------------------------------------------------------------------- reading

// "a imports b imports a", from where the circle begins.
static void cycle_error(Resolver *r, const Node *node, const Module *target)
{
    const char *chain = target->path;
    for (const Resolver *at = r; at && at->module != target; at = at->outer)
        chain = arena_format(r->arena, "%s imports %s", at->module->path, chain);
    resolve_error(r, node->span, DIAG_IMPORT, "modules import each other in a circle");
    diag_note(&r->compiler->diags, r->source, node->span, "%s imports %s", target->path, chain);
    diag_help(&r->compiler->diags, "move what both need into a module of its own");
}

static bool is_being_resolved(const Resolver *r, const Module *module)
{
    for (; r; r = r->outer)
        if (r->module == module) return true;
    return false;
}

static Module *read_module(Resolver *r, const Node *node, const char *file, const char *path,
                           Name *name)
{
    Compiler *compiler = r->compiler;
    Source *source = source_read(&compiler->texts, file);
    if (!source) {
        resolve_error(r, node->span, DIAG_IMPORT, "cannot read `%s`: %s", file, strerror(errno));
        return NULL;
    }
    Module *module = ARENA_NEW(r->arena, Module);
    module->name = name;
    module->path = path;
    module->source = source;
    int error_count = compiler->diags.error_count;
    module->tree = parse_module(r->arena, &compiler->names, &compiler->diags, source,
                                (ParserOptions){0}, NULL);
    module->is_broken = compiler->diags.error_count > error_count;
    return module;
}

// The key under which a file is known: however it is reached, it is one module.
static Name *file_key(Resolver *r, const char *file)
{
    char full[PATH_MAX];
    return name_from(&r->compiler->names, realpath(file, full) ? full : file);
}

// The main file and those before it are known under their paths as well.
static Module *known_module(Resolver *r, const Name *key)
{
    for (const Resolver *at = r; at; at = at->outer) {
        char full[PATH_MAX];
        if (realpath(at->source->path, full) && strcmp(full, key->text) == 0) return at->module;
    }
    return map_get(&r->compiler->resolve->modules, key);
}

// The module in [file], read and resolved on its first import.
static Module *load(Resolver *r, const Node *node, const char *file, const char *path, Name *name)
{
    Name *key = file_key(r, file);
    Module *module = known_module(r, key);
    if (module && is_being_resolved(r, module)) {
        cycle_error(r, node, module);
        return NULL;
    }
    if (!module) {
        module = read_module(r, node, file, path, name);
        if (!module) return NULL;
        map_put(&r->compiler->resolve->modules, r->arena, key, module);
        VEC_PUSH(r->arena, r->compiler->modules, module);
        if (!module->is_broken) resolve_module(r->compiler, module);
    }
    if (module->is_broken) return NULL;
    VEC_PUSH(r->arena, r->module->imports, module);
    return module;
}

static void unknown_module(Resolver *r, const Node *node, const char *file, const char *path)
{
    resolve_error(r, node->span, DIAG_IMPORT, "no module `%s`", path);
    diag_help(&r->compiler->diags, "looked for %s.tb in %s, in modules/ beside the main file%s",
              file,
              strcmp(folder_of(r->arena, r->source->path), ".") == 0
                  ? "this folder"
                  : folder_of(r->arena, r->source->path),
              getenv("TOMBO_PATH") ? " and in TOMBO_PATH" : "");
    Nearest nearest = {.wanted = path};
    for (int i = 0; i < library_text_count; i++)
        nearest_offer(&nearest, library_texts[i].library);
    if (nearest.best)
        diag_help(&r->compiler->diags, "did you mean the library `%s`?", nearest.best);
}

// The module a dotted path means: a file, or else a library. NULL without a message when there is
// none.
static Module *find_module(Resolver *r, const Node *node, const NodeList *path, bool *is_missing)
{
    *is_missing = false;
    Name *name = path->last->as.name.name;
    const char *text = path_text(r->arena, path, '.');
    const char *file = find_file(r, path_text(r->arena, path, '/'));
    if (file) return load(r, node, file, text, name);
    int number = path->count == 1 ? library_number(text) : -1;
    if (number >= 0) return library_module(r->compiler, number);
    *is_missing = true;
    return NULL;
}

// ------------------------------------------------------------------------------------- statements

static Symbol *module_symbol(Resolver *r, Name *name, Module *target, Node *node)
{
    Symbol *symbol = symbol_new(r, SYMBOL_MODULE, name, node, node->span);
    symbol->target = target;
    return symbol;
}

// `import geo.shapes` makes the name `geo`, whose members are the modules imported from that
// folder.
static Module *folder_module(Resolver *r, Name *name)
{
    const Binding *binding = name->binding;
    bool is_known = binding && binding->module == r->module &&
                    binding->symbol->kind == SYMBOL_MODULE && binding->symbol->target &&
                    !binding->symbol->target->source;
    if (is_known) return binding->symbol->target;
    Module *folder = ARENA_NEW(r->arena, Module);
    folder->name = name;
    folder->path = name->text;
    return folder;
}

static void bind_dotted(Resolver *r, Node *node, Symbol *symbol)
{
    const Node *part = node->as.import.path.first;
    Module *folder = folder_module(r, part->as.name.name);
    bind(r, folder->name, module_symbol(r, folder->name, folder, node));
    for (part = part->next; part->next; part = part->next) {
        Name *name = part->as.name.name;
        Symbol *inner = map_get(&folder->members, name);
        if (!inner) {
            Module *module = ARENA_NEW(r->arena, Module);
            module->name = name;
            module->path = name->text;
            inner = module_symbol(r, name, module, node);
            map_put(&folder->members, r->arena, name, inner);
        }
        folder = inner->target;
    }
    map_put(&folder->members, r->arena, part->as.name.name, symbol);
}

void walk_import(Resolver *r, Node *node)
{
    const NodeList *path = &node->as.import.path;
    bool is_missing;
    Module *target = find_module(r, node, path, &is_missing);
    if (is_missing)
        unknown_module(r, node, path_text(r->arena, path, '/'), path_text(r->arena, path, '.'));
    Name *name = node->as.import.alias ? node->as.import.alias : path->last->as.name.name;
    if (!target) {
        // What does not exist is reported once, not again at each use.
        bind(r, node->as.import.alias ? name : path->first->as.name.name,
             symbol_new(r, SYMBOL_UNKNOWN, name, node, node->span));
        return;
    }
    Symbol *symbol = module_symbol(r, name, target, node);
    node->as.import.symbol = symbol;
    if (path->count > 1 && !node->as.import.alias)
        bind_dotted(r, node, symbol);
    else
        bind(r, name, symbol);
}

static void unknown_item(Resolver *r, const Node *item, const Module *target)
{
    const Name *name = item->as.import.path.first->as.name.name;
    resolve_error(r, item->span, DIAG_IMPORT, "module `%s` has no `%s`", target->path, name->text);
    if (name->text[0] == '_') {
        diag_help(&r->compiler->diags, "names that start with `_` are private to their module");
        return;
    }
    Nearest nearest = {.wanted = name->text};
    for (uint32_t i = 0; i < target->members.capacity; i++) {
        const Name *member = target->members.entries[i].key;
        if (member && member->text[0] != '_') nearest_offer(&nearest, member->text);
    }
    if (nearest.best) diag_help(&r->compiler->diags, "did you mean `%s`?", nearest.best);
}

// `from geo import shapes` where geo is a folder: the item is a module.
static Symbol *submodule(Resolver *r, Node *item, const NodeList *path, bool *is_reported)
{
    Name *name = item->as.import.path.first->as.name.name;
    const char *file =
        find_file(r, arena_format(r->arena, "%s/%s", path_text(r->arena, path, '/'), name->text));
    *is_reported = file != NULL;
    if (!file) return NULL;
    const char *text = arena_format(r->arena, "%s.%s", path_text(r->arena, path, '.'), name->text);
    Module *module = load(r, item, file, text, name);
    return module ? module_symbol(r, name, module, item) : NULL;
}

static void import_item(Resolver *r, Node *node, Node *item, const Module *target, bool *is_missing)
{
    Name *name = item->as.import.path.first->as.name.name;
    bool is_reported = false;
    Symbol *symbol = target ? resolve_member(r->compiler, (Module *)target, name) : NULL;
    if (!symbol && (!target || !target->is_library))
        symbol = submodule(r, item, &node->as.import.path, &is_reported);
    if (!symbol && !is_reported) {
        if (target)
            unknown_item(r, item, target);
        else
            *is_missing = true;
    }
    if (!symbol) symbol = symbol_new(r, SYMBOL_UNKNOWN, name, item, item->span);
    if (symbol->kind != SYMBOL_UNKNOWN) item->as.import.symbol = symbol;
    symbol->is_used_as_value = true;
    bind(r, item->as.import.alias ? item->as.import.alias : name, symbol);
}

void walk_from(Resolver *r, Node *node)
{
    const NodeList *path = &node->as.import.path;
    bool is_missing;
    Module *target = find_module(r, node, path, &is_missing);
    if (target) node->as.import.symbol = module_symbol(r, target->name, target, node);
    bool is_item_missing = false;
    for (Node *item = node->as.import.items.first; item; item = item->next)
        import_item(r, node, item, target, &is_item_missing);
    if (is_missing && is_item_missing)
        unknown_module(r, node, path_text(r->arena, path, '/'), path_text(r->arena, path, '.'));
}

void walk_use(Resolver *r, Node *node)
{
    const NodeList *path = &node->as.import.path;
    const char *text = path_text(r->arena, path, '.');
    int number = library_number(text);
    if (number < 0) {
        resolve_error(r, path->first->span, DIAG_IMPORT, "no library `%s`", text);
        Nearest nearest = {.wanted = text};
        for (int i = 0; i < library_text_count; i++)
            nearest_offer(&nearest, library_texts[i].library);
        if (find_file(r, path_text(r->arena, path, '/')))
            diag_help(&r->compiler->diags, "your own modules are imported: `import %s`", text);
        else if (nearest.best)
            diag_help(&r->compiler->diags, "did you mean `%s`?", nearest.best);
        return;
    }
    Module *module = r->module;
    Module *library = library_module(r->compiler, number);
    int capacity = (int)(sizeof module->preferred / sizeof *module->preferred);
    if (module->preferred_count == capacity) {
        memmove(module->preferred, module->preferred + 1,
                sizeof *module->preferred * (size_t)(capacity - 1));
        module->preferred_count--;
    }
    module->preferred[module->preferred_count++] = library;
    if (!node->as.import.alias) return;
    node->as.import.symbol = module_symbol(r, node->as.import.alias, library, node);
    bind(r, node->as.import.alias, node->as.import.symbol);
}

// The C file: header, declarations, data, functions in source order, and what the runtime starts.
#include "emit.h"

#include "embedded.h"
#include "emit_state.h"

#include <stdarg.h>
#include <stdlib.h>

// ---------------------------------------------------------------------------------------------
// text

const char *emit_in_comment(Arena *arena, const char *text)
{
    char *safe = arena_copy(arena, text, strlen(text));
    for (char *at = safe; *at; at++)
        if (at > safe && ((at[-1] == '*' && *at == '/') || (at[-1] == '/' && *at == '*')))
            at[-1] = '_';
    return safe;
}

void emit_text(Emit *emit, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_format_list(&emit->text, format, args);
    va_end(args);
}

void emit_indent(Emit *emit)
{
    text_add_spaces(&emit->text, (size_t)emit->depth * 4);
}

void emit_line(Emit *emit, const char *format, ...)
{
    emit_indent(emit);
    va_list args;
    va_start(args, format);
    text_format_list(&emit->text, format, args);
    va_end(args);
    text_add(&emit->text, "\n", 1);
}

static char *escape(char *at, char letter)
{
    *at++ = '\\';
    *at++ = letter;
    return at;
}

// Bytes that stand for themselves in a C string. `?` is not plain: two of them could begin a
// trigraph.
static const bool is_plain[256] = {
    [' '] = true,         ['!'] = true,         ['#' ... '>'] = true,
    ['@' ... '['] = true, [']' ... '~'] = true, [128 ... 255] = true,
};

static char *escape_byte(char *at, unsigned char byte)
{
    switch (byte) {
    case '"':
    case '\\':
        return escape(at, (char)byte);
    case '\n':
        return escape(at, 'n');
    case '\t':
        return escape(at, 't');
    default:
        at = escape(at, (char)('0' + (byte >> 6)));
        *at++ = (char)('0' + (byte >> 3 & 7));
        *at++ = (char)('0' + (byte & 7));
        return at;
    }
}

void emit_c_string(Emit *emit, const char *bytes, size_t size)
{
    char *start = text_room(&emit->text, 4 * size + 2);
    char *at = start;
    *at++ = '"';
    for (size_t i = 0; i < size; i++) {
        bool is_lone_mark = bytes[i] == '?' && !(i && bytes[i - 1] == '?');
        if (is_plain[(unsigned char)bytes[i]] || is_lone_mark)
            *at++ = bytes[i];
        else
            at = escape_byte(at, (unsigned char)bytes[i]);
    }
    *at++ = '"';
    emit->text.size += (size_t)(at - start);
}

void emit_c_path(Emit *emit, const struct Module *module)
{
    emit_c_string(emit, module->source->path, strlen(module->source->path));
}

const char *emit_join(Emit *emit, const char *first, const char *final)
{
    size_t first_size = strlen(first), final_size = strlen(final);
    char *text = arena_alloc(emit->arena, first_size + final_size + 1);
    memcpy(text, first, first_size);
    memcpy(text + first_size, final, final_size);
    return text;
}

// ----------------------------------------------------------------------------------- declarations

static const char *extern_c_type(char letter, bool is_result)
{
    switch (letter) {
    case 'V':
        return "tb_value ";
    case 'I':
    case 'i':
        return "int64_t ";
    case 'F':
    case 'f':
        return "double ";
    case 'B':
    case 'b':
    case 'S':
        return "int ";
    case '-':
        return "void ";
    case 'l':
        return "tb_list *";
    case 't':
        return "tb_str *";
    case 'd':
        return "tb_dict *";
    case 's':
        return "tb_set *";
    case 'u':
        return "tb_tuple *";
    case 'y':
        return "tb_bytes *";
    default:
        return is_result ? "void *" : "tb_value ";
    }
}

// The declared result of an extern function, as the C type of its body.
static const char *pointer_result(const FunctionInfo *function)
{
    const Node *result = function->node->as.function.result;
    const Symbol *symbol = result ? result->as.type.symbol : NULL;
    switch (symbol ? symbol->builtin_type : -1) {
    case TB_STRING:
        return "tb_str *";
    case TB_BYTES:
        return "tb_bytes *";
    case TB_LIST:
        return "tb_list *";
    case TB_DICT:
        return "tb_dict *";
    case TB_SET:
        return "tb_set *";
    case TB_TUPLE:
        return "tb_tuple *";
    default:
        return "tb_value ";
    }
}

static void emit_extern(Emit *emit, const IrRoutine *routine)
{
    const char *letters = routine->signature;
    const char *result =
        *letters == 'P' ? pointer_result(routine->declaration) : extern_c_type(*letters, true);
    emit_text(emit, "extern %s%s(", result, routine->c_name);
    for (const char *at = letters + 1; *at; at++) {
        if (at > letters + 1) emit_text(emit, ", ");
        if (*at == 'A')
            emit_text(emit, "int64_t count, const tb_value *values");
        else
            emit_text(emit, "%s", extern_c_type(*at, false));
    }
    emit_text(emit, "%s);\n", letters[1] ? "" : "void");
}

// The classes of libraries' own objects that the program names.
static void emit_native_classes(Emit *emit)
{
    for (int i = 0; i < emit->native_classes.count; i++)
        emit_text(emit, "extern tb_class %s;\n", emit->native_classes.items[i]->native);
    if (emit->native_classes.count) emit_text(emit, "\n");
}

static void emit_externs(Emit *emit)
{
    for (int i = 0; i < emit->program->routines.count; i++)
        emit_extern(emit, emit->program->routines.items[i]);
    if (emit->program->routines.count) emit_text(emit, "\n");
}

static void name_slow(Emit *emit, IrFunction *slow, const char *c_name)
{
    slow->c_name = cname_unique(&emit->names, emit_join(emit, c_name, "__slow"));
    slow->live_c_name = cname_unique(&emit->names, emit_join(emit, c_name, "__live"));
}

static void name_loops(Emit *emit)
{
    for (int i = 0; i < emit->program->functions.count; i++) {
        IrFunction *function = emit->program->functions.items[i];
        if (function->loop_count)
            function->loop_c_name =
                cname_unique(&emit->names, emit_join(emit, function->c_name, "__loop"));
    }
}

static void name_functions(Emit *emit)
{
    for (int i = 0; i < emit->program->functions.count; i++) {
        IrFunction *function = emit->program->functions.items[i];
        if (function->fast) continue; // it is named with its fast version
        function->c_name = cname_unique(&emit->names, function->c_name);
        if (function->slow) name_slow(emit, function->slow, function->c_name);
        function->info_c_name =
            cname_unique(&emit->names, emit_join(emit, function->c_name, "__info"));
        if (function->needs_entry)
            function->entry_c_name =
                cname_unique(&emit->names, emit_join(emit, function->c_name, "__entry"));
        if (function->needs_value)
            function->fn_c_name =
                cname_unique(&emit->names, emit_join(emit, function->c_name, "__fn"));
    }
}

static void emit_prototypes(Emit *emit)
{
    for (int i = 0; i < emit->program->functions.count; i++) {
        const IrFunction *function = emit->program->functions.items[i];
        if (function->fast) {
            emit_text(emit, "struct %s;\n", function->live_c_name);
            emit_slow_prototype(emit, function, ";\n");
        } else {
            emit_prototype(emit, function, ";\n");
        }
        if (function->loop_count) emit_loop_prototype(emit, function, ";\n");
        if (function->needs_entry) emit_entry_prototype(emit, function, ";\n");
    }
    emit_text(emit, "\n");
}

// ---- what is fixed about a function, and functions as values

static void emit_function_flags(Emit *emit, const IrFunction *function)
{
    const char *flags[3] = {NULL};
    int count = 0;
    if (function->is_method) flags[count++] = "TB_FN_METHOD";
    if (function->params.count > TB_DIRECT_MAX) flags[count++] = "TB_FN_ARRAY";
    if (function->module->is_library) flags[count++] = "TB_FN_LIBRARY";
    for (int i = 0; i < count; i++)
        emit_text(emit, "%s%s", i ? " | " : "", flags[i]);
    if (count == 0) emit_text(emit, "0");
}

// A parameter as the user wrote it; in C it may be called otherwise.
static const char *param_name(const IrFunction *function, int index)
{
    const FunctionInfo *info = function->info;
    if (info && index < info->params.count) return info->params.items[index]->name->text;
    return function->params.items[index + (function->is_method ? 1 : 0)]->name;
}

static void emit_info(Emit *emit, const IrFunction *function)
{
    if (emit_is_elsewhere(emit, "const tb_fn_info ", function->info_c_name)) return;
    int first = function->is_method ? 1 : 0;
    int count = function->params.count - first;
    if (count) {
        emit_text(emit, "static const char *const %s__params[] = {", function->c_name);
        for (int i = 0; i < count; i++)
            emit_text(emit, "%s\"%s\"", i ? ", " : "", param_name(function, i));
        emit_text(emit, "};\n");
    }
    const FunctionInfo *info = function->info;
    bool own = !info || !info->node;
    Position at = source_position(function->module->source, function->span.start);
    const char *name = own && info ? "<module>" : function->name;
    emit_text(emit, "static const tb_fn_info %s = {\"%s\", ", function->info_c_name, name);
    emit_c_path(emit, function->module);
    emit_text(emit, ", %u, %d, %d, %d, ", at.line, count,
              own ? function->required_count : info->required_count,
              own ? (info ? -1 : function->rest_index) : info->rest_index);
    emit_function_flags(emit, function);
    if (count)
        emit_text(emit, ", %s__params};\n", function->c_name);
    else
        emit_text(emit, ", 0};\n");
}

static void emit_function_data(Emit *emit)
{
    for (int i = 0; i < emit->program->functions.count; i++) {
        const IrFunction *function = emit->program->functions.items[i];
        if (function->has_info) emit_info(emit, function);
    }
    for (int i = 0; i < emit->program->functions.count; i++) {
        const IrFunction *function = emit->program->functions.items[i];
        if (!function->needs_value) continue;
        if (emit_is_elsewhere(emit, "tb_fn ", function->fn_c_name)) continue;
        emit_text(emit, "static tb_fn %s = {&tb_class_function, TB_CODE(%s), &%s};\n",
                  function->fn_c_name, function->boxed->c_name, function->info_c_name);
    }
    emit_text(emit, "\n");
}

// A C compiler that sees a variable written and read in one place keeps it in a register, unless it
// is told that somebody else looks at it, too.
static void emit_globals(Emit *emit)
{
    bool is_kept = emit->program->compiler->options.keeps_variables;
    const char *storage = is_kept ? "static __attribute__((used)) " : "static ";
    for (int i = 0; i < emit->program->globals.count; i++) {
        const Symbol *symbol = emit->program->globals.items[i];
        IrRepr repr = (IrRepr)symbol->repr;
        if (symbol->is_session && repr == REPR_VALUE) {
            emit_text(emit, "extern tb_value %s;\n", emit_global_name(symbol));
            continue;
        }
        if (emit_is_elsewhere(emit, emit_repr(repr), emit_global_name(symbol))) continue;
        const char *initial = repr == REPR_VALUE ? " = TB_MISSING" : "";
        emit_text(emit, "%s%s%s%s;\n", storage, emit_repr(repr), emit_global_name(symbol), initial);
    }
    if (emit->program->globals.count) emit_text(emit, "\n");
}

// ---- order

static int by_source_order(const void *a, const void *b)
{
    const IrFunction *left = *(IrFunction *const *)a, *right = *(IrFunction *const *)b;
    if (left->order_module != right->order_module)
        return left->order_module < right->order_module ? -1 : 1;
    if (left->span.start != right->span.start) return left->span.start < right->span.start ? -1 : 1;
    return left->number < right->number ? -1 : left->number > right->number;
}

// Library first, then the modules as they are imported; inside each, by place in the text.
static void sort_functions(IrProgram *program)
{
    for (int i = 0; i < program->functions.count; i++) {
        IrFunction *function = program->functions.items[i];
        function->number = 2 * i + 1;
        function->order_module = -1;
        for (int m = 0; m < program->modules.count; m++)
            if (program->modules.items[m] == function->module) function->order_module = m;
    }
    for (int i = 0; i < program->functions.count; i++) // slow versions right before fast ones
        if (program->functions.items[i]->fast)
            program->functions.items[i]->number = program->functions.items[i]->fast->number - 1;
    if (program->functions.count)
        qsort(program->functions.items, (size_t)program->functions.count,
              sizeof *program->functions.items, by_source_order);
}

// ------------------------------------------------------------------------------------------ the
// file

// What stands before the functions.
static void emit_declarations(Emit *emit)
{
    emit_note_types(emit);
    emit_note_modules(emit);
    emit_native_classes(emit);
    emit_externs(emit);
    emit_prototypes(emit);
    emit_literals(emit);
    emit_function_data(emit);
    emit_classes(emit);
    emit_types(emit);
    emit_globals(emit);
    emit_modules(emit);
    if (emit->cache_count) emit_text(emit, "static tb_cache caches_[%d];\n\n", emit->cache_count);
}

static void emit_source_name(Emit *emit)
{
    const char *path = emit->program->compiler->main->source->path;
    emit_text(emit, "%s", emit_in_comment(emit->arena, path));
}

static void emit_version(Emit *emit)
{
    emit_text(emit, "%s", emit->options.version);
}

static void emit_headers(Emit *emit)
{
    if (emit->options.is_measured) emit_text(emit, "#include \"measure.h\"\n");
}

static void emit_run(Emit *emit)
{
    emit_text(emit, emit->options.is_measured ? "tb_measure" : "tb_run");
}

static void emit_constants(Emit *emit)
{
    emit->depth = 1;
    emit_big_literals(emit);
    emit->depth = 0;
}

static void emit_start_name(Emit *emit)
{
    emit_text(emit, "%s", emit->program->start->c_name);
}

static void emit_path(Emit *emit)
{
    emit_c_path(emit, emit->program->compiler->main);
}

static void emit_module_count(Emit *emit)
{
    emit_text(emit, "%d", emit->program->modules.count);
}

// ---- the template around them

typedef struct Filling {
    const char *name;
    void (*write)(Emit *emit);
} Filling;

static const Filling fillings[] = {
    {"CONSTANTS", emit_constants}, {"DECLARATIONS", emit_declarations},
    {"HEADERS", emit_headers},     {"MODULE_COUNT", emit_module_count},
    {"PATH", emit_path},           {"RUN", emit_run},
    {"SOURCE", emit_source_name},  {"SOURCES", emit_sources},
    {"START", emit_start_name},    {"TIER", emit_tier},
    {"VERSION", emit_version},
};

// Writes what the [size] bytes at [name] stand for. A template with another name is a fault of
// ours.
static void fill(Emit *emit, const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof fillings / sizeof *fillings; i++) {
        if (strlen(fillings[i].name) != size || memcmp(fillings[i].name, name, size) != 0) continue;
        fillings[i].write(emit);
        return;
    }
    abort();
}

// Copies the template from [at] to [end] and fills it. A name alone on its line stands for lines.
static void emit_template_part(Emit *emit, const char *at, const char *end)
{
    bool at_line_start = true;
    while (at < end) {
        const char *name = memchr(at, '$', (size_t)(end - at));
        if (!name) name = end;
        text_add(&emit->text, at, (size_t)(name - at));
        if (name > at) at_line_start = name[-1] == '\n';
        if (name == end) return;
        size_t size = strspn(name + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        fill(emit, name + 1, size);
        at = name + 1 + size;
        if (at_line_start && at < end && *at == '\n') at++;
    }
}

#define FUNCTIONS_PLACE "$FUNCTIONS\n"

Text emit_program(IrProgram *program, EmitOptions options)
{
    Emit *emit = ARENA_NEW(program->arena, Emit);
    emit->program = program;
    emit->arena = program->arena;
    emit->options = options;
    cnames_init(&emit->names, emit->arena, &program->compiler->names, NULL);
    cnames_init(&emit->locals, emit->arena, &program->compiler->names, &emit->names);
    sort_functions(program);
    name_functions(emit);
    name_loops(emit);
    emit_name_data(emit);
    // Functions first: they decide which types, caches and lines the data needs.
    for (int i = 0; i < program->functions.count; i++)
        emit_function(emit, program->functions.items[i]);
    Text functions = emit->text;
    emit->text = (Text){0};
    bool has_main = !options.is_memory && !program->compiler->options.is_repl;
    const char *template = options.tier == TIER_SECOND ? template_tier
                           : !has_main                 ? template_memory
                                                       : template_program;
    const char *place = strstr(template, FUNCTIONS_PLACE);
    emit_template_part(emit, template, place);
    text_insert(&functions, 0, emit->text.bytes, emit->text.size);
    text_free(&emit->text);
    emit->text = functions;
    place += strlen(FUNCTIONS_PLACE);
    emit_template_part(emit, place, place + strlen(place));
    text_end(&emit->text);
    return emit->text;
}

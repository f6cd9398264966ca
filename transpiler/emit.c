// The C file: header, declarations, data, functions in source order, and what the runtime starts.
#include "emit.h"

#include "emit_state.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

// --------------------------------------------------------------------------------------------- text

static void make_room(Emit *emit, size_t more)
{
    if (emit->size + more < emit->capacity) return;
    size_t capacity = emit->capacity ? emit->capacity : 16384;
    while (emit->size + more >= capacity)
        capacity *= 2;
    char *text = arena_alloc(emit->arena, capacity);
    if (emit->size) memcpy(text, emit->text, emit->size);
    emit->text = text;
    emit->capacity = capacity;
}

const char *emit_in_comment(Arena *arena, const char *text)
{
    char *safe = arena_copy(arena, text, strlen(text));
    for (char *at = safe; *at; at++)
        if (at > safe && ((at[-1] == '*' && *at == '/') || (at[-1] == '/' && *at == '*'))) at[-1] = '_';
    return safe;
}

void emit_text(Emit *emit, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    make_room(emit, 256);
    int size = vsnprintf(emit->text + emit->size, emit->capacity - emit->size, format, args);
    if (size >= 0 && (size_t)size >= emit->capacity - emit->size) {
        make_room(emit, (size_t)size + 1);
        vsnprintf(emit->text + emit->size, emit->capacity - emit->size, format, again);
    }
    va_end(again);
    va_end(args);
    if (size > 0) emit->size += (size_t)size;
}

void emit_indent(Emit *emit)
{
    size_t width = (size_t)emit->depth * 4;
    make_room(emit, width + 1);
    memset(emit->text + emit->size, ' ', width);
    emit->size += width;
}

void emit_line(Emit *emit, const char *format, ...)
{
    emit_indent(emit);
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    make_room(emit, 256);
    int size = vsnprintf(emit->text + emit->size, emit->capacity - emit->size, format, args);
    if (size >= 0 && (size_t)size >= emit->capacity - emit->size) {
        make_room(emit, (size_t)size + 1);
        vsnprintf(emit->text + emit->size, emit->capacity - emit->size, format, again);
    }
    va_end(again);
    va_end(args);
    if (size > 0) emit->size += (size_t)size;
    emit_text(emit, "\n");
}

const char *emit_c_string(Arena *arena, const char *bytes, size_t size)
{
    char *out = arena_alloc(arena, 4 * size + 3);
    char *at = out;
    *at++ = '"';
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        switch (byte) {
        case '"': *at++ = '\\', *at++ = '"'; break;
        case '\\': *at++ = '\\', *at++ = '\\'; break;
        case '\n': *at++ = '\\', *at++ = 'n'; break;
        case '\t': *at++ = '\\', *at++ = 't'; break;
        case '?': // two in a row could begin a trigraph
        default:
            if (byte >= 32 && byte != 127 && !(byte == '?' && i && bytes[i - 1] == '?')) *at++ = (char)byte;
            else at += sprintf(at, "\\%03o", byte);
        }
    }
    *at++ = '"';
    *at = 0;
    return out;
}

// ----------------------------------------------------------------------------------- declarations

static const char *extern_c_type(char letter, bool is_result)
{
    switch (letter) {
    case 'V': return "tb_value ";
    case 'I':
    case 'i': return "int64_t ";
    case 'F':
    case 'f': return "double ";
    case 'B':
    case 'b':
    case 'S': return "int ";
    case '-': return "void ";
    case 'l': return "tb_list *";
    case 't': return "tb_str *";
    case 'd': return "tb_dict *";
    case 's': return "tb_set *";
    case 'u': return "tb_tuple *";
    case 'y': return "tb_bytes *";
    default: return is_result ? "void *" : "tb_value ";
    }
}

// The declared result of an extern function, as the C type of its body.
static const char *pointer_result(const FunctionInfo *function)
{
    const Node *result = function->node->as.function.result;
    const Symbol *symbol = result ? result->as.type.symbol : NULL;
    switch (symbol ? symbol->builtin_type : -1) {
    case TB_STRING: return "tb_str *";
    case TB_BYTES: return "tb_bytes *";
    case TB_LIST: return "tb_list *";
    case TB_DICT: return "tb_dict *";
    case TB_SET: return "tb_set *";
    case TB_TUPLE: return "tb_tuple *";
    default: return "tb_value ";
    }
}

static void emit_extern(Emit *emit, const IrRoutine *routine)
{
    const char *letters = routine->signature;
    const char *result = *letters == 'P' ? pointer_result(routine->declaration) : extern_c_type(*letters, true);
    emit_text(emit, "extern %s%s(", result, routine->c_name);
    for (const char *at = letters + 1; *at; at++) {
        if (at > letters + 1) emit_text(emit, ", ");
        if (*at == 'A') emit_text(emit, "int64_t count, const tb_value *values");
        else emit_text(emit, "%s", extern_c_type(*at, false));
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

static void name_functions(Emit *emit)
{
    for (int i = 0; i < emit->program->functions.count; i++) {
        IrFunction *function = emit->program->functions.items[i];
        function->c_name = cname_unique(&emit->names, function->c_name);
        function->info_c_name = cname_unique(&emit->names, arena_format(emit->arena, "%s__info", function->c_name));
        if (function->needs_value)
            function->fn_c_name = cname_unique(&emit->names, arena_format(emit->arena, "%s__fn", function->c_name));
    }
}

static void emit_prototypes(Emit *emit)
{
    for (int i = 0; i < emit->program->functions.count; i++)
        emit_prototype(emit, emit->program->functions.items[i], ";\n");
    emit_text(emit, "\n");
}

// ---- what is fixed about a function, and functions as values

static const char *function_flags(bool is_method, bool is_array)
{
    if (is_method) return is_array ? "TB_FN_METHOD | TB_FN_ARRAY" : "TB_FN_METHOD";
    return is_array ? "TB_FN_ARRAY" : "0";
}

static void emit_info(Emit *emit, const IrFunction *function)
{
    int first = function->is_method ? 1 : 0;
    int count = function->params.count - first;
    if (count) {
        emit_text(emit, "static const char *const %s__params[] = {", function->c_name);
        for (int i = 0; i < count; i++)
            emit_text(emit, "%s\"%s\"", i ? ", " : "", function->params.items[i + first]->name);
        emit_text(emit, "};\n");
    }
    const FunctionInfo *info = function->info;
    bool own = !info || !info->node;
    Position at = source_position(function->module->source, function->span.start);
    const char *file = emit_c_string(emit->arena, function->module->source->path, strlen(function->module->source->path));
    const char *name = own && info ? "<module>" : function->name;
    emit_text(emit, "static const tb_fn_info %s = {\"%s\", %s, %u, %d, %d, %d, %s, ", function->info_c_name, name, file,
              at.line, count, own ? function->required_count : info->required_count,
              own ? (info ? -1 : function->rest_index) : info->rest_index,
              function_flags(function->is_method, count + first > TB_DIRECT_MAX));
    if (count) emit_text(emit, "%s__params};\n", function->c_name);
    else emit_text(emit, "0};\n");
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
        emit_text(emit, "static tb_fn %s = {&tb_class_function, TB_CODE(%s), &%s};\n", function->fn_c_name,
                  function->boxed->c_name, function->info_c_name);
    }
    emit_text(emit, "\n");
}

static void emit_globals(Emit *emit)
{
    for (int i = 0; i < emit->program->globals.count; i++) {
        const Symbol *symbol = emit->program->globals.items[i];
        IrRepr repr = (IrRepr)symbol->repr;
        const char *initial = repr == REPR_VALUE ? " = TB_MISSING" : "";
        emit_text(emit, "static %s%s%s;\n", emit_repr(repr), emit_global_name(symbol), initial);
    }
    if (emit->program->globals.count) emit_text(emit, "\n");
}

static void emit_start(Emit *emit)
{
    emit_text(emit, "static int start_(void)\n{\n");
    emit->depth = 1;
    emit_big_literals(emit);
    emit_line(emit, "return %s();", emit->program->start->c_name);
    emit->depth = 0;
    emit_text(emit, "}\n\n");
    const char *path = emit->program->compiler->main->source->path;
    emit_text(emit, "const tb_program tb_main_program = {%s, start_, sources_, %d};\n",
              emit_c_string(emit->arena, path, strlen(path)), emit->program->modules.count);
    if (emit->options.is_memory) return;
    emit_text(emit, "\nint main(int argc, char **argv)\n{\n    return tb_run(&tb_main_program, argc, argv);\n}\n");
}

static void sort_functions(IrProgram *program);

char *emit_program(IrProgram *program, EmitOptions options, size_t *size)
{
    Emit *emit = ARENA_NEW(program->arena, Emit);
    emit->program = program;
    emit->arena = program->arena;
    emit->options = options;
    cnames_init(&emit->names, emit->arena, NULL);
    sort_functions(program);
    name_functions(emit);
    emit_name_data(emit);
    // Functions first, into a text of their own: they decide which types, caches and lines the data needs.
    for (int i = 0; i < program->functions.count; i++)
        emit_function(emit, program->functions.items[i]);
    char *bodies = emit->text;
    size_t bodies_size = emit->size;
    emit->text = NULL;
    emit->size = emit->capacity = 0;

    const char *path = program->compiler->main->source->path;
    emit_text(emit, "/* %s, compiled by Tombo %s */\n", emit_in_comment(emit->arena, path), options.version);
    if (!options.is_memory) emit_text(emit, "#include \"tombo.h\"\n\n"); // in memory it comes before this text
    emit_note_types(emit);
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
    make_room(emit, bodies_size + 1);
    if (bodies_size) memcpy(emit->text + emit->size, bodies, bodies_size);
    emit->size += bodies_size;
    emit_sources(emit);
    emit_start(emit);
    *size = emit->size;
    return emit->text;
}

// ---- order

static int by_source_order(const void *a, const void *b)
{
    const IrFunction *left = *(IrFunction *const *)a, *right = *(IrFunction *const *)b;
    if (left->order_module != right->order_module) return left->order_module < right->order_module ? -1 : 1;
    if (left->span.start != right->span.start) return left->span.start < right->span.start ? -1 : 1;
    return left->number < right->number ? -1 : left->number > right->number;
}

// Library first, then the modules as they are imported; inside each, by place in the text.
static void sort_functions(IrProgram *program)
{
    for (int i = 0; i < program->functions.count; i++) {
        IrFunction *function = program->functions.items[i];
        function->number = i;
        function->order_module = -1;
        for (int m = 0; m < program->modules.count; m++)
            if (program->modules.items[m] == function->module) function->order_module = m;
    }
    if (program->functions.count)
        qsort(program->functions.items, (size_t)program->functions.count, sizeof *program->functions.items,
              by_source_order);
}

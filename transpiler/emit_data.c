// The static data of the C file: literals, classes, annotation types, and the source lines that
// messages show.
#include "emit_state.h"

// ---------------------------------------------------------------------------------------------
// names

// A readable part of a C name from a text: its first letters and digits.
static const char *word_of(Emit *emit, const char *bytes, size_t size)
{
    char word[25];
    size_t count = 0;
    for (size_t i = 0; i < size && count < 24; i++) {
        char c = bytes[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter)
            word[count++] = c;
        else if (count && word[count - 1] != '_')
            word[count++] = '_';
    }
    while (count && word[count - 1] == '_')
        count--;
    return arena_copy(emit->arena, word, count);
}

static void name_literal(Emit *emit, IrLiteral *literal)
{
    const char *wanted = literal->kind == LITERAL_BIG ? "int_big" : "str_empty";
    if (literal->kind == LITERAL_STRING && literal->size)
        wanted = arena_format(emit->arena, "str_%s", word_of(emit, literal->bytes, literal->size));
    if (!strcmp(wanted, "str_")) wanted = "str_text";
    literal->c_name = cname_unique(&emit->names, wanted);
}

void emit_name_data(Emit *emit)
{
    IrProgram *program = emit->program;
    for (int i = 0; i < program->literals.count; i++)
        name_literal(emit, program->literals.items[i]);
    for (int i = 0; i < program->classes.count; i++) {
        ClassInfo *cls = program->classes.items[i];
        cls->c_name =
            cname_unique(&emit->names, arena_format(emit->arena, "%s__%s", cls->module->name->text,
                                                    cls->name->text));
    }
    for (int i = 0; i < program->globals.count; i++) {
        Symbol *symbol = program->globals.items[i];
        symbol->c_name = cname_unique(
            &emit->names,
            arena_format(emit->arena, "%s__%s", symbol->module->name->text, symbol->name->text));
    }
}

const char *emit_module_name(Emit *emit, const struct Module *module)
{
    const char *name = map_get(&emit->module_names, module);
    if (name) return name;
    name = cname_unique(&emit->names, arena_format(emit->arena, "%s__module", module->name->text));
    map_put(&emit->module_names, emit->arena, module, (void *)(uintptr_t)name);
    return name;
}

const char *emit_global_name(const Symbol *symbol)
{
    return symbol->c_name;
}

static void note_native_class(Emit *emit, const ClassInfo *cls)
{
    for (int i = 0; i < emit->native_classes.count; i++)
        if (emit->native_classes.items[i] == cls) return;
    VEC_PUSH(emit->arena, emit->native_classes, cls);
}

const char *emit_class_name(Emit *emit, const ClassInfo *cls)
{
    if (class_is_native(cls) && cls->module) note_native_class(emit, cls);
    return cls->native ? cls->native : cls->c_name;
}

// ------------------------------------------------------------------------------------------
// literals

void emit_literal(Emit *emit, const IrLiteral *literal)
{
    emit_text(emit, literal->kind == LITERAL_BIG ? "%s" : "TB_OBJECT(&%s)", literal->c_name);
}

static int64_t code_points(const char *bytes, size_t size)
{
    int64_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    return count;
}

void emit_literals(Emit *emit)
{
    const IrProgram *program = emit->program;
    for (int i = 0; i < program->literals.count; i++) {
        const IrLiteral *literal = program->literals.items[i];
        bool is_big = literal->kind == LITERAL_BIG;
        if (emit_is_elsewhere(emit, is_big ? "tb_value " : "tb_str ", literal->c_name)) continue;
        if (is_big) {
            emit_text(emit, "static tb_value %s;\n", literal->c_name);
            continue;
        }
        int64_t length = code_points(literal->bytes, literal->size);
        bool is_wide = length != literal->size;
        emit_text(emit, "static tb_str %s = TB_STR_LITERAL%s(", literal->c_name,
                  is_wide ? "_WIDE" : "");
        emit_c_string(emit, literal->bytes, literal->size);
        if (is_wide) emit_text(emit, ", %ld", length);
        emit_text(emit, ", %u);\n", literal->size);
    }
    if (program->literals.count) emit_text(emit, "\n");
}

void emit_big_literals(Emit *emit)
{
    const IrProgram *program = emit->program;
    for (int i = 0; i < program->literals.count; i++) {
        const IrLiteral *literal = program->literals.items[i];
        if (literal->kind != LITERAL_BIG) continue;
        emit_line(emit, "%s = tb_int_from_text(\"%s\", %u, %d);", literal->c_name, literal->bytes,
                  literal->size, literal->base);
        emit_line(emit, "if (%s == TB_PENDING) return -1;", literal->c_name);
    }
}

// -------------------------------------------------------------------------------------------
// classes

static const IrLiteral *name_literal_of(Emit *emit, const Name *name)
{
    return map_get(&emit->program->text_literals,
                   name_of(&emit->program->compiler->names, name->text, name->size));
}

static void emit_slots(Emit *emit, const ClassInfo *cls, const ClassFacts *facts)
{
    if (!facts->fields.count) return;
    emit_text(emit, "static const tb_slot %s__slots[] = {", cls->c_name);
    for (int i = 0; i < facts->fields.count; i++)
        emit_text(emit, "%s{&%s, %s}", i ? ", " : "",
                  name_literal_of(emit, facts->fields.items[i]->name)->c_name,
                  infer_field_is_raw(emit->program->compiler, cls, facts->fields.items[i])
                      ? "TB_SLOT_FLOAT"
                      : "TB_SLOT_VALUE");
    emit_text(emit, "};\n");
}

static int emit_methods(Emit *emit, const ClassInfo *cls)
{
    int count = 0;
    for (int i = 0; i < cls->methods.count; i++) {
        const FunctionInfo *method = cls->methods.items[i];
        const IrFunction *function = method->lowered;
        if (!function) continue;
        // A closure is in the copies of the class that its statement makes.
        const char *value =
            function->is_closure ? "0" : arena_format(emit->arena, "&%s", function->fn_c_name);
        emit_text(emit, "%s{&%s, %s}", count++ ? ", " : "",
                  name_literal_of(emit, method->name)->c_name, value);
    }
    return count;
}

static const char *init_info(const ClassInfo *cls)
{
    for (; cls; cls = cls->base)
        for (int i = 0; i < cls->methods.count; i++)
            if (!strcmp(cls->methods.items[i]->name->text, "init"))
                return ((IrFunction *)cls->methods.items[i]->lowered)->info_c_name;
    return NULL;
}

static void emit_class(Emit *emit, ClassInfo *cls)
{
    if (emit_is_elsewhere(emit, "tb_class ", cls->c_name)) return;
    const ClassFacts *facts = cls->facts;
    emit_slots(emit, cls, facts);
    if (cls->methods.count) {
        emit_text(emit, "static const tb_method %s__methods[] = {", cls->c_name);
        emit_methods(emit, cls);
        emit_text(emit, "};\n");
    }
    emit_text(emit, "static tb_class %s = {\n", cls->c_name);
    emit_text(emit, "    .cls = &tb_class_class,\n    .name = \"%s\",\n", cls->name->text);
    if (cls->base) emit_text(emit, "    .base = &%s,\n", emit_class_name(emit, cls->base));
    emit_text(emit, "    .kind = TB_INSTANCE,\n");
    const char *info = init_info(cls);
    if (info) emit_text(emit, "    .init_info = &%s,\n", info);
    if (facts->fields.count)
        emit_text(emit, "    .slot_count = %d,\n    .slots = %s__slots,\n", facts->fields.count,
                  cls->c_name);
    if (cls->methods.count)
        emit_text(emit, "    .method_count = %d,\n    .methods = %s__methods,\n",
                  cls->methods.count, cls->c_name);
    emit_text(emit, "};\n\n");
}

void emit_classes(Emit *emit)
{
    for (int i = 0; i < emit->program->classes.count; i++)
        emit_class(emit, emit->program->classes.items[i]);
}

// -------------------------------------------------------------------------------------------
// modules

// A member as a boxed value in C; NULL when it has none.
static const char *member_value(Emit *emit, const Symbol *member)
{
    Arena *arena = emit->arena;
    const char *name = member->c_name;
    if (member->kind == SYMBOL_OVERLOADS) {
        IrOperand value = *(const IrOperand *)member->lowered;
        size_t start = emit->text.size;
        emit_text(emit, value.kind == OPERAND_FLOAT ? "tb_float_from(" : "(");
        emit_operand(emit, value);
        emit_text(emit, ")");
        name = arena_copy(arena, emit->text.bytes + start, emit->text.size - start);
        emit->text.size = start;
        return name;
    }
    if (member->kind == SYMBOL_CLASS && !member->cls->is_closure && !member->is_session)
        return arena_format(arena, "TB_OBJECT(&%s)", emit_class_name(emit, member->cls));
    if (member->kind == SYMBOL_FUNCTION && !member->is_reassigned) {
        const IrFunction *function = member->function->lowered;
        return function && function->fn_c_name
                   ? arena_format(arena, "TB_OBJECT(&%s)", function->fn_c_name)
                   : NULL;
    }
    if (!name) return NULL;
    switch ((IrRepr)member->repr) {
    case REPR_FLOAT:
        return arena_format(arena, "tb_float_from(%s)", name);
    case REPR_BOOL:
        return arena_format(arena, "TB_BOOL_VALUE(%s)", name);
    case REPR_CELL:
        return arena_format(arena, "%s->value", name);
    default:
        return name;
    }
}

static void emit_module(Emit *emit, const struct Module *module)
{
    const char *name = emit_module_name(emit, module);
    if (emit_is_elsewhere(emit, "tb_module ", name)) return;
    VEC(const Symbol *) members = {0};
    for (int i = 0; i < module->exports.count; i++) {
        const Symbol *member = module->exports.items[i];
        if (member_value(emit, member)) VEC_PUSH(emit->arena, members, member);
    }
    if (!members.count) {
        emit_text(emit, "static tb_module %s = {&tb_class_module, \"%s\", 0, 0, 0, 0};\n\n", name,
                  module->path);
        return;
    }
    emit_text(emit, "static const tb_str *const %s__names[] = {", name);
    for (int i = 0; i < members.count; i++)
        emit_text(emit, "%s&%s", i ? ", " : "",
                  name_literal_of(emit, members.items[i]->name)->c_name);
    emit_text(emit, "};\nstatic tb_value %s__get(int64_t index)\n{\n    switch (index) {\n", name);
    for (int i = 0; i < members.count; i++)
        emit_text(emit, "    case %d: return %s;\n", i, member_value(emit, members.items[i]));
    emit_text(emit, "    default: return TB_MISSING;\n    }\n}\n");
    bool is_writable = emit->program->compiler->options.is_repl;
    if (is_writable) {
        emit_text(emit,
                  "static int %s__set(int64_t index, tb_value value)\n{\n    switch (index) {\n",
                  name);
        for (int i = 0; i < members.count; i++)
            if (members.items[i]->is_session && members.items[i]->repr == REPR_VALUE)
                emit_text(emit, "    case %d: %s = value; return 0;\n", i,
                          members.items[i]->c_name);
        emit_text(emit, "    default: return 0;\n    }\n}\n");
    }
    emit_text(emit,
              "static tb_module %s = {&tb_class_module, \"%s\", %d, %s__names, %s__get, %s};\n\n",
              name, module->path, members.count, name, name,
              is_writable ? arena_format(emit->arena, "%s__set", name) : "0");
}

void emit_note_modules(Emit *emit)
{
    for (int i = 0; i < emit->program->module_values.count; i++) {
        const struct Module *module = emit->program->module_values.items[i];
        for (int member = 0; member < module->exports.count; member++)
            member_value(emit, module->exports.items[member]);
    }
}

void emit_modules(Emit *emit)
{
    for (int i = 0; i < emit->program->module_values.count; i++)
        emit_module(emit, emit->program->module_values.items[i]);
}

// ------------------------------------------------------------------------------------ annotation
// types

// The parts that are checked: of a function only the kind is.
static NodeList checked_parts(const Node *annotation)
{
    bool is_choice = annotation->kind == NODE_TYPE_OPTIONAL || annotation->kind == NODE_TYPE_UNION;
    const Node *first = annotation->as.type.args.first;
    if (annotation->kind == NODE_TYPE_FUNCTION ||
        (first && !is_choice && infer_is_type_param(first)))
        return (NodeList){0};
    return annotation->as.type.args;
}

const char *emit_type_name(Emit *emit, Node *annotation)
{
    const char *name = map_get(&emit->type_names, annotation);
    if (name) return name;
    for (Node *arg = checked_parts(annotation).first; arg; arg = arg->next)
        emit_type_name(emit, arg); // parts stand before the whole
    name = cname_unique(&emit->names,
                        arena_format(emit->arena, "type_%d_", emit->annotations.count + 1));
    map_put(&emit->type_names, emit->arena, annotation, (void *)(uintptr_t)name);
    VEC_PUSH(emit->arena, emit->annotations, annotation);
    return name;
}

static void emit_type(Emit *emit, Node *annotation)
{
    const char *name = emit_type_name(emit, annotation);
    const Type *type = infer_annotation(emit->program->compiler, annotation);
    bool is_choice = annotation->kind == NODE_TYPE_OPTIONAL || annotation->kind == NODE_TYPE_UNION;
    int count = checked_parts(annotation).count;
    if (count) {
        emit_text(emit, "static const tb_type *const %sparts[] = {", name);
        for (Node *arg = annotation->as.type.args.first; arg; arg = arg->next)
            emit_text(emit, "%s&%s", arg == annotation->as.type.args.first ? "" : ", ",
                      emit_type_name(emit, arg));
        emit_text(emit, "};\n");
    }
    const char *cls = "0";
    if (type->cls) cls = arena_format(emit->arena, "&%s", emit_class_name(emit, type->cls));
    const char *parts = count ? arena_format(emit->arena, "%sparts", name) : "0";
    emit_text(emit, "static const tb_type %s = {0x%x, %d, %s, \"%s\", %d, %s, %d, %s};\n", name,
              type->kinds & ~(is_choice && annotation->kind == NODE_TYPE_UNION ? type->kinds : 0),
              infer_annotation_special(emit->program->compiler, annotation), cls,
              infer_annotation_text(emit->arena, annotation), is_choice ? 0 : count,
              is_choice ? "0" : parts, is_choice ? count : 0, is_choice ? parts : "0");
}

// ---- the forms of a name

static Node *param_annotation(Emit *emit, const FunctionInfo *function, int index)
{
    Node *annotation = function->params.items[index]->node->as.param.annotation;
    if (!annotation || index == function->rest_index) return NULL;
    const Type *type = infer_annotation(emit->program->compiler, annotation);
    return type->kinds == KINDS_ANY ? NULL : annotation;
}

const char *emit_forms_name(Emit *emit, Symbol *overloads)
{
    const char *name = map_get(&emit->form_names, overloads);
    if (name) return name;
    name =
        cname_unique(&emit->names, arena_format(emit->arena, "forms_%s_", overloads->name->text));
    map_put(&emit->form_names, emit->arena, overloads, (void *)(uintptr_t)name);
    VEC_PUSH(emit->arena, emit->overloads, overloads);
    for (int i = 0; i < overloads->overloads.count; i++) {
        const Symbol *form = overloads->overloads.items[i];
        for (int k = 0; form->kind == SYMBOL_FUNCTION && k < form->function->params.count; k++)
            if (param_annotation(emit, form->function, k))
                emit_type_name(emit, param_annotation(emit, form->function, k));
    }
    return name;
}

static void emit_form(Emit *emit, const FunctionInfo *function)
{
    int count = function->params.count;
    emit_text(emit, "    {%d, %d, %d, (const tb_form_param[]){", count, function->required_count,
              function->rest_index);
    for (int i = 0; i < count; i++) {
        Node *annotation = param_annotation(emit, function, i);
        emit_text(emit, "%s{\"%s\", %s%s}", i ? ", " : "", function->params.items[i]->name->text,
                  annotation ? "&" : "0", annotation ? emit_type_name(emit, annotation) : "");
    }
    emit_text(emit, "%s}},\n", count ? "" : "{0, 0}");
}

static void emit_forms(Emit *emit, Symbol *overloads)
{
    const char *name = emit_forms_name(emit, overloads);
    int count = 0;
    emit_text(emit, "static const tb_form %sall[] = {\n", name);
    for (int i = 0; i < overloads->overloads.count; i++) {
        const Symbol *form = overloads->overloads.items[i];
        if (form->kind != SYMBOL_FUNCTION) continue;
        emit_form(emit, form->function);
        count++;
    }
    emit_text(emit, "};\nstatic const tb_forms %s = {\"%s\", %d, %sall};\n", name,
              overloads->name->text, count, name);
}

void emit_note_types(Emit *emit)
{
    for (int i = 0; i < emit->annotations.count; i++) {
        const Node *annotation = emit->annotations.items[i];
        const Type *type = infer_annotation(emit->program->compiler, annotation);
        if (type->cls) emit_class_name(emit, type->cls);
        for (Node *arg = checked_parts(annotation).first; arg; arg = arg->next)
            emit_type_name(emit, arg);
    }
}

void emit_types(Emit *emit)
{
    for (int i = 0; i < emit->annotations.count; i++)
        emit_type(emit, emit->annotations.items[i]);
    for (int i = 0; i < emit->overloads.count; i++)
        emit_forms(emit, emit->overloads.items[i]);
    if (emit->annotations.count || emit->overloads.count) emit_text(emit, "\n");
}

// ----------------------------------------------------------------------------------- source
// positions

bool *emit_lines_of(Emit *emit, struct Module *module)
{
    if (module->is_library) return NULL;
    bool *lines = map_get(&emit->lines, module);
    if (lines) return lines;
    lines = ARENA_ARRAY(emit->arena, bool, source_line_count(module->source) + 1);
    map_put(&emit->lines, emit->arena, module, lines);
    return lines;
}

// The characters of the span in its first line.
static uint32_t span_width(Source *source, Span span)
{
    if (span.end <= span.start) return 1;
    uint32_t size = span.end - span.start;
    const char *newline = memchr(source->text + span.start, '\n', size);
    if (newline) size = (uint32_t)(newline - (source->text + span.start));
    uint32_t width = source_width(source, span.start, size);
    return width ? width : 1;
}

// Positions are packed: what is too large for its part counts as the largest.
static uint32_t at_most_16_bits(uint32_t number)
{
    return number < 0xffff ? number : 0xffff;
}

// The number that TB_AT(line, column, length) makes: libtcc takes as long for the macro as for the
// rest of a short statement.
static int64_t packed_position(Position at, uint32_t width)
{
    return (int64_t)at.line << 32 | (int64_t)at_most_16_bits(at.column) << 16 |
           at_most_16_bits(width);
}

void emit_at(Emit *emit, Span span)
{
    Source *source = emit->function->module->source;
    Position at = source_position(source, span.start);
    uint32_t width = span_width(source, span);
    if (emit->function_lines) emit->function_lines[at.line] = true;
    if (emit_is_for_libtcc(emit)) {
        emit_int(emit, packed_position(at, width));
        return;
    }
    char *out = text_room(&emit->text, 3 * TEXT_DECIMAL_MAX + sizeof "TB_AT(, , )");
    memcpy(out, "TB_AT(", 6);
    out = text_put_decimal(out + 6, at.line);
    memcpy(out, ", ", 2);
    out = text_put_decimal(out + 2, at_most_16_bits(at.column));
    memcpy(out, ", ", 2);
    out = text_put_decimal(out + 2, at_most_16_bits(width));
    *out++ = ')';
    emit->text.size = (size_t)(out - emit->text.bytes);
}

// The lines of one module that errors can point at. In memory the whole text is at hand instead.
static int emit_lines(Emit *emit, struct Module *module, int index)
{
    const bool *lines = map_get(&emit->lines, module);
    int count = 0;
    if (!lines || emit->options.is_memory) return 0;
    for (uint32_t line = 1; line <= module->source->line_count; line++) {
        if (!lines[line]) continue;
        uint32_t size;
        const char *text = source_line(module->source, line, &size);
        if (!count++) emit_text(emit, "static const tb_source_line lines_%d_[] = {\n", index + 1);
        emit_text(emit, "    {%u, ", line);
        emit_c_string(emit, text, size);
        emit_text(emit, "},\n");
    }
    if (count) emit_text(emit, "};\n");
    return count;
}

void emit_sources(Emit *emit)
{
    const IrProgram *program = emit->program;
    int *counts = ARENA_ARRAY(emit->arena, int, program->modules.count + 1);
    for (int i = 0; i < program->modules.count; i++)
        counts[i] = emit_lines(emit, program->modules.items[i], i);
    emit_text(emit, "static const tb_source sources_[] = {\n");
    for (int i = 0; i < program->modules.count; i++) {
        const struct Module *module = program->modules.items[i];
        emit_text(emit, "    {");
        emit_c_path(emit, module);
        emit_text(emit, ", ");
        if (emit->options.is_memory)
            emit_text(emit, "(const char *)0x%lx, 0, 0},\n", (uintptr_t)module->source->text);
        else if (counts[i])
            emit_text(emit, "0, lines_%d_, %d},\n", i + 1, counts[i]);
        else
            emit_text(emit, "0, 0, 0},\n");
    }
    emit_text(emit, "};\n\n");
}

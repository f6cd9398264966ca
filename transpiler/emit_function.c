// Functions: declarations where variables are first needed, one C statement or a few for each command, and a label for
// every handler that something goes to.
#include "emit_state.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

const char *emit_repr(IrRepr repr)
{
    switch (repr) {
    case REPR_VALUE: return "tb_value ";
    case REPR_INT: return "int64_t ";
    case REPR_FLOAT: return "double ";
    case REPR_BOOL: return "int ";
    case REPR_CELL: return "tb_cell *";
    case REPR_ITER: return "tb_iter ";
    case REPR_ARRAY: return "tb_value ";
    case REPR_NONE: break;
    }
    return "void ";
}

// What a function of this result representation returns when it fails.
static const char *pending_result(IrRepr repr)
{
    switch (repr) {
    case REPR_VALUE: return "TB_PENDING";
    case REPR_INT: return "INT64_MIN";
    case REPR_FLOAT: return "tb_nan()";
    default: return "-1";
    }
}

// ------------------------------------------------------------------------------------------ operands

static const char *float_text(Emit *emit, double number)
{
    if (isinf(number)) return number > 0 ? "tb_infinity()" : "-tb_infinity()";
    if (isnan(number)) return "tb_nan()";
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number) break;
    }
    bool is_plain = !strpbrk(text, ".e");
    return arena_format(emit->arena, "%s%s", text, is_plain ? ".0" : "");
}

static const char *int_text(Emit *emit, int64_t value)
{
    if (value == INT64_MIN) return "INT64_MIN";
    bool is_long = value > INT32_MAX || value < -(int64_t)INT32_MAX;
    return arena_format(emit->arena, "%" PRId64 "%s", value, is_long ? "L" : "");
}

static const char *operand(Emit *emit, IrOperand value)
{
    switch (value.kind) {
    case OPERAND_NONE: return "";
    case OPERAND_VAR: return value.as.var->c_name;
    case OPERAND_INT: return int_text(emit, value.as.integer);
    case OPERAND_FLOAT: return float_text(emit, value.as.number);
    case OPERAND_BOOL: return value.as.integer ? "1" : "0";
    case OPERAND_SMALL: return arena_format(emit->arena, "TB_INT62(%s)", int_text(emit, value.as.integer));
    case OPERAND_NIL: return "TB_NONE_VALUE";
    case OPERAND_TRUTH: return value.as.integer ? "TB_TRUE" : "TB_FALSE";
    case OPERAND_MISSING: return "TB_MISSING";
    case OPERAND_LITERAL: return emit_literal(emit, value.as.literal);
    case OPERAND_FUNCTION: return arena_format(emit->arena, "TB_OBJECT(&%s)", value.as.function->fn_c_name);
    case OPERAND_CLASS: return arena_format(emit->arena, "TB_OBJECT(&%s)", emit_class_name(emit, value.as.cls));
    case OPERAND_MODULE: return arena_format(emit->arena, "TB_OBJECT(&%s)", emit_module_name(emit, value.as.module));
    }
    return "";
}

// ---------------------------------------------------------------------------- where variables live

// A temporary is declared in the innermost block around all its uses; a user's variable, which keeps its value from
// turn to turn, at the start of the function.
static void note_use(IrVar *var, IrBlock *block, bool is_set)
{
    if (is_set) var->set_count++;
    else var->use_count++;
    if (!var->home) {
        var->home = block;
        return;
    }
    IrBlock *home = var->home, *other = block;
    int depth = 0, other_depth = 0;
    for (IrBlock *b = home; b; b = b->parent)
        depth++;
    for (IrBlock *b = other; b; b = b->parent)
        other_depth++;
    for (; depth > other_depth; depth--)
        home = home->parent;
    for (; other_depth > depth; other_depth--)
        other = other->parent;
    while (home != other) {
        home = home->parent;
        other = other->parent;
    }
    var->home = home;
}

// Whether the runtime fills variables the command names as arguments (`o` in its signature).
static bool fills_argument(const IrOp *op, int index)
{
    if (op->kind != IR_RUNTIME) return false;
    const char *letters = op->as.routine->signature + 1;
    for (int i = 0; letters[i] && i <= index; i++) {
        if (letters[i] == 'A' || letters[i] == 'k' || letters[i] == 'p' || letters[i] == 'h') return false;
        if (i == index) return letters[i] == 'o' || letters[i] == 'T';
    }
    return false;
}

static void find_homes(IrBlock *block)
{
    for (IrOp *op = block->first; op; op = op->next) {
        for (int i = 0; i < op->arg_count; i++)
            if (op->args[i].kind == OPERAND_VAR) {
                if (fills_argument(op, i)) note_use(op->args[i].as.var, block, true);
                note_use(op->args[i].as.var, block, false);
            }
        if (op->dst) note_use(op->dst, block, true);
        if (op->kind == IR_COUNT) note_use(op->dst, op->body, false);
        if (op->body) find_homes(op->body);
        if (op->other) find_homes(op->other);
    }
}

// Whether a command can carry the declaration of its result: `tb_value t1_ = …;`.
static bool declares_in_place(const IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_COUNT: return false;
    case IR_INT_OP:
    case IR_DYNAMIC_OP:
    case IR_FIELD_GET: return false; // several statements
    default: return true;
    }
}

// Marks the temporaries whose first mention is a command of their home block that can declare them.
static void find_declarations(IrBlock *block)
{
    for (IrOp *op = block->first; op; op = op->next) {
        for (int i = 0; i < op->arg_count; i++)
            if (op->args[i].kind == OPERAND_VAR) op->args[i].as.var->is_seen = true;
        IrVar *dst = op->dst;
        if (dst && !dst->is_seen && !dst->name && dst->home == block && declares_in_place(op)) dst->declaration = op;
        if (dst) dst->is_seen = true;
        if (op->body) find_declarations(op->body);
        if (op->other) find_declarations(op->other);
    }
}

static const char *initial_value(IrRepr repr)
{
    switch (repr) {
    case REPR_VALUE: return " = TB_NONE_VALUE";
    case REPR_FLOAT: return " = 0.0";
    case REPR_ITER:
    case REPR_ARRAY: return "";
    default: return " = 0";
    }
}

static void declare_vars(Emit *emit, IrBlock *block)
{
    for (int i = 0; i < emit->function->vars.count; i++) {
        IrVar *var = emit->function->vars.items[i];
        if (var->is_param || var->declaration || !var->home) continue;
        bool here = var->name ? block == emit->function->body : var->home == block;
        if (!here) continue;
        if (var->repr == REPR_ARRAY) emit_line(emit, "tb_value %s[%d];", var->c_name, var->length);
        else emit_line(emit, "%s%s%s;", emit_repr(var->repr), var->c_name, initial_value(var->repr));
        if (!var->use_count) emit_line(emit, "(void)%s;", var->c_name);
    }
}

// --------------------------------------------------------------------------------------- small pieces

// Begins a statement that gives [op]'s result a value: `name = `, with its type if it is declared here.
static void begin_set(Emit *emit, const IrOp *op)
{
    emit_indent(emit);
    if (!op->dst) return;
    if (op->dst->declaration == op) emit_text(emit, "%s", emit_repr(op->dst->repr));
    emit_text(emit, "%s = ", op->dst->c_name);
}

static void end_set(Emit *emit, const IrOp *op)
{
    emit_text(emit, ";\n");
    if (op->dst && !op->dst->use_count && op->dst->declaration == op) emit_line(emit, "(void)%s;", op->dst->c_name);
}

static const char *position(Emit *emit, const IrOp *op)
{
    return emit_at(emit, emit->function->module, op->span);
}

static const char *fail_label(Emit *emit)
{
    emit->fails = true;
    return emit->handler;
}

static void check(Emit *emit, const IrOp *op, const char *macro, const char *value)
{
    emit_line(emit, "%s(%s, %s, %s);", macro, value, position(emit, op), fail_label(emit));
}

static const char *info_address(Emit *emit)
{
    IrFunction *function = emit->function;
    function->has_info = true;
    return arena_format(emit->arena, "&%s", function->info_c_name);
}

// ----------------------------------------------------------------------------------------- operations

static const char *op_function(int op)
{
    switch (op) {
    case TOK_PLUS: return "add";
    case TOK_MINUS: return "sub";
    case TOK_STAR: return "mul";
    case TOK_SLASH: return "div";
    case TOK_SLASH_SLASH: return "floor_div";
    case TOK_PERCENT: return "mod";
    case TOK_STAR_STAR: return "pow";
    case TOK_AMP: return "bit_and";
    case TOK_PIPE: return "bit_or";
    case TOK_CARET: return "bit_xor";
    case TOK_SHIFT_LEFT: return "shift_left";
    case TOK_SHIFT_RIGHT: return "shift_right";
    case TOK_EQUAL_EQUAL: return "equal";
    case TOK_NOT_EQUAL: return "not_equal";
    case TOK_LESS: return "less";
    case TOK_LESS_EQUAL: return "less_equal";
    case TOK_GREATER: return "greater";
    default: return "greater_equal";
    }
}

// The macro with the small-int path, or NULL.
static const char *fast_macro(int op)
{
    switch (op) {
    case TOK_PLUS: return "TB_ADD_FAST";
    case TOK_MINUS: return "TB_SUB_FAST";
    case TOK_STAR: return "TB_MUL_FAST";
    case TOK_SLASH_SLASH: return "TB_FLOOR_DIV_FAST";
    case TOK_PERCENT: return "TB_MOD_FAST";
    case TOK_AMP: return "TB_BIT_AND_FAST";
    case TOK_PIPE: return "TB_BIT_OR_FAST";
    case TOK_CARET: return "TB_BIT_XOR_FAST";
    default: return NULL;
    }
}

static bool is_comparison(int op)
{
    return op >= TOK_EQUAL_EQUAL && op <= TOK_GREATER_EQUAL;
}

// dst = a < b: small ints are compared as they stand, anything else by the runtime.
static void emit_comparison(Emit *emit, const IrOp *op)
{
    const char *a = operand(emit, op->args[0]), *b = operand(emit, op->args[1]), *dst = op->dst->c_name;
    bool ints = op->kind == IR_INT_OP;
    const char *slow = ints ? arena_format(emit->arena, "tb_int_compare(%s, %s) %s 0", a, b, token_text((TokenKind)op->sub))
                            : arena_format(emit->arena, "tb_%s(%s, %s)", op_function(op->sub), a, b);
    if (op->is_hot)
        emit_line(emit, "%s = TB_ARE_INT62(%s, %s) ? (int64_t)%s %s (int64_t)%s : %s;", dst, a, b, a,
                  token_text((TokenKind)op->sub), b, slow);
    else emit_line(emit, "%s = %s;", dst, slow);
    if (!ints) check(emit, op, "TB_CHECK_STATUS", dst);
}

// The fast paths evaluate an operand after they have written the result.
static bool writes_operand(const IrOp *op)
{
    for (int i = 0; i < op->arg_count; i++)
        if (op->args[i].kind == OPERAND_VAR && op->args[i].as.var == op->dst) return true;
    return false;
}

static void emit_arithmetic(Emit *emit, const IrOp *op)
{
    if (is_comparison(op->sub)) {
        emit_comparison(emit, op);
        return;
    }
    const char *a = operand(emit, op->args[0]), *b = operand(emit, op->args[1]), *dst = op->dst->c_name;
    const char *fast = op->is_hot && !writes_operand(op) ? fast_macro(op->sub) : NULL;
    if (!fast) {
        emit_line(emit, "%s = tb_%s(%s, %s);", dst, op_function(op->sub), a, b);
        check(emit, op, "TB_CHECK", dst);
        return;
    }
    emit_line(emit, "if (!%s(%s, %s, %s)) {", fast, dst, a, b);
    emit->depth++;
    emit_line(emit, "%s = tb_%s(%s, %s);", dst, op_function(op->sub), a, b);
    check(emit, op, "TB_CHECK", dst);
    emit->depth--;
    emit_line(emit, "}");
}

static void emit_raw(Emit *emit, const IrOp *op)
{
    begin_set(emit, op);
    const char *sign = token_text((TokenKind)op->sub);
    if (op->arg_count == 1) emit_text(emit, "%s%s", sign, operand(emit, op->args[0]));
    else emit_text(emit, "%s %s %s", operand(emit, op->args[0]), sign, operand(emit, op->args[1]));
    end_set(emit, op);
}

static void emit_box(Emit *emit, const IrOp *op)
{
    const char *value = operand(emit, op->args[0]);
    begin_set(emit, op);
    switch (ir_operand_repr(op->args[0])) {
    case REPR_INT: emit_text(emit, "tb_int_from(%s)", value); break;
    case REPR_FLOAT: emit_text(emit, "tb_float_from(%s)", value); break;
    default: emit_text(emit, "TB_BOOL_VALUE(%s)", value); break;
    }
    end_set(emit, op);
    if (ir_can_fail(op)) check(emit, op, "TB_CHECK", op->dst->c_name);
}

static void emit_unbox(Emit *emit, const IrOp *op)
{
    const char *value = operand(emit, op->args[0]);
    begin_set(emit, op);
    switch (op->dst->repr) {
    case REPR_INT: emit_text(emit, "TB_UNBOX_INT(%s)", value); break;
    case REPR_FLOAT: emit_text(emit, "tb_float_get(%s)", value); break;
    default: emit_text(emit, "TB_UNBOX_BOOL(%s)", value); break;
    }
    end_set(emit, op);
}

static void emit_to_float(Emit *emit, const IrOp *op)
{
    const char *value = operand(emit, op->args[0]);
    begin_set(emit, op);
    bool raw = ir_operand_repr(op->args[0]) == REPR_INT;
    emit_text(emit, raw ? "(double)%s" : "tb_number_get(%s)", value);
    end_set(emit, op);
    if (!raw) check(emit, op, "TB_CHECK_FLOAT", op->dst->c_name);
}

static void emit_check_type(Emit *emit, const IrOp *op)
{
    begin_set(emit, op);
    emit_text(emit, "tb_check_type(%s, &%s, %s, %d)", operand(emit, op->args[0]),
              emit_type_name(emit, op->as.annotation), emit_c_string(emit->arena, op->text, strlen(op->text)),
              op->is_lenient | op->is_fresh << 1);
    end_set(emit, op);
    check(emit, op, "TB_CHECK", op->dst->c_name);
}

// ----------------------------------------------------------------------------------------- variables

static void emit_captured(Emit *emit, const IrOp *op)
{
    begin_set(emit, op);
    if (op->as.index < 0) emit_text(emit, "TB_OBJECT(self_)");
    else if (op->dst->repr == REPR_CELL) emit_text(emit, "TB_PTR(tb_cell, self_->free[%d])", op->as.index);
    else emit_text(emit, "self_->free[%d]", op->as.index);
    end_set(emit, op);
}

static void emit_closure(Emit *emit, const IrOp *op)
{
    const IrFunction *callee = op->as.callee;
    begin_set(emit, op);
    emit_text(emit, "tb_fn_new(TB_CODE(%s), &%s, %d)", callee->boxed->c_name, callee->info_c_name, op->arg_count);
    end_set(emit, op);
    check(emit, op, "TB_CHECK", op->dst->c_name);
    for (int i = 0; i < op->arg_count; i++) {
        const char *value = operand(emit, op->args[i]);
        bool is_cell = ir_operand_repr(op->args[i]) == REPR_CELL;
        emit_line(emit, is_cell ? "TB_AS_FN(%s)->free[%d] = TB_OBJECT(%s);" : "TB_AS_FN(%s)->free[%d] = %s;",
                  op->dst->c_name, i, value);
    }
}

static void emit_variable_op(Emit *emit, const IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_GLOBAL_GET:
        begin_set(emit, op);
        emit_text(emit, "%s", emit_global_name(op->as.global));
        end_set(emit, op);
        break;
    case IR_GLOBAL_SET:
        emit_line(emit, "%s = %s;", emit_global_name(op->as.global), operand(emit, op->args[0]));
        break;
    case IR_CELL_NEW:
        begin_set(emit, op);
        emit_text(emit, "tb_cell_new(%s)", operand(emit, op->args[0]));
        end_set(emit, op);
        check(emit, op, "TB_CHECK_POINTER", op->dst->c_name);
        break;
    case IR_CELL_GET:
        begin_set(emit, op);
        emit_text(emit, "%s->value", operand(emit, op->args[0]));
        end_set(emit, op);
        break;
    case IR_CELL_SET:
        emit_line(emit, "%s->value = %s;", operand(emit, op->args[0]), operand(emit, op->args[1]));
        break;
    case IR_FIELD_GET:
        emit_line(emit, "TB_FIELD(%s, %s, %d, %s, %s, %s);", op->dst->c_name, operand(emit, op->args[0]), op->as.index,
                  arena_format(emit->arena, "&%s", op->field->c_name), position(emit, op), fail_label(emit));
        break;
    case IR_FIELD_SET:
        emit_line(emit, "TB_AS_INSTANCE(%s)->slots[%d].value = %s;", operand(emit, op->args[0]), op->as.index,
                  operand(emit, op->args[1]));
        break;
    case IR_ELEMENT:
        begin_set(emit, op);
        emit_text(emit, "%s[%d]", operand(emit, op->args[0]), op->as.index);
        end_set(emit, op);
        break;
    default: // IR_SET_CHECK
        emit_line(emit, "if (TB_UNLIKELY(%s == TB_MISSING)) {", operand(emit, op->args[0]));
        emit->depth++;
        emit_line(emit, "tb_raise_unset(\"%s\");", op->text);
        emit_line(emit, "TB_FAIL_AT(%s, %s);", position(emit, op), fail_label(emit));
        emit->depth--;
        emit_line(emit, "}");
    }
}

// --------------------------------------------------------------------------------------------- calls

static void emit_labels(Emit *emit, const IrOp *op)
{
    emit_text(emit, "%d, ", op->label_count);
    if (!op->label_count) {
        emit_text(emit, "0");
        return;
    }
    emit_text(emit, "(const tb_str *const[]){");
    for (int i = 0; i < op->label_count; i++)
        emit_text(emit, "%s&%s", i ? ", " : "", op->labels[i]->c_name);
    emit_text(emit, "}");
}

static void emit_array(Emit *emit, const IrOp *op, int first)
{
    if (first >= op->arg_count) {
        emit_text(emit, "0");
        return;
    }
    emit_text(emit, "(tb_value[]){");
    for (int i = first; i < op->arg_count; i++)
        emit_text(emit, "%s%s", i > first ? ", " : "", operand(emit, op->args[i]));
    emit_text(emit, "}");
}

static const char *pointer_macro(char letter)
{
    switch (letter) {
    case 'l': return "TB_AS_LIST";
    case 't': return "TB_AS_STR";
    case 'd': return "TB_AS_DICT";
    case 's': return "TB_AS_SET";
    case 'u': return "TB_AS_TUPLE";
    default: return "TB_AS_BYTES";
    }
}

static void emit_name_argument(Emit *emit, IrOperand value)
{
    emit_text(emit, "&%s", value.as.literal->c_name);
}

// One C argument for each letter of the routine's signature.
static void emit_arguments(Emit *emit, const IrOp *op)
{
    int next = 0;
    for (const char *letter = op->as.routine->signature + 1; *letter; letter++) {
        if (letter > op->as.routine->signature + 1) emit_text(emit, ", ");
        switch (*letter) {
        case 'A':
            emit_text(emit, "%d, ", op->arg_count - next);
            emit_array(emit, op, next);
            break;
        case 'D':
            emit_text(emit, "%d, ", (op->arg_count - next) / 2);
            emit_array(emit, op, next);
            break;
        case 'a': emit_array(emit, op, next); break;
        case 'N': emit_labels(emit, op); break;
        case 'n': emit_name_argument(emit, op->args[next++]); break;
        case 'k': emit_text(emit, "&caches_[%d]", emit->cache_count++); break;
        case 'p': emit_text(emit, "%s", position(emit, op)); break;
        case 'h': emit_text(emit, "%s", info_address(emit)); break;
        case 'c': emit_text(emit, "&%s", emit_class_name(emit, op->args[next++].as.cls)); break;
        case 'T': emit_text(emit, "&%s", operand(emit, op->args[next++])); break;
        case 'o': {
            IrVar *var = op->args[next++].as.var;
            emit_text(emit, var->repr == REPR_ARRAY ? "%s" : "&%s", var->c_name);
            break;
        }
        case 'V':
        case 'i':
        case 'f':
        case 'b': emit_text(emit, "%s", operand(emit, op->args[next++])); break;
        default: emit_text(emit, "%s(%s)", pointer_macro(*letter), operand(emit, op->args[next++])); break;
        }
    }
}

static void emit_routine(Emit *emit, const IrOp *op)
{
    const IrRoutine *routine = op->as.routine;
    char result = routine->signature[0];
    switch (result) {
    case 'S':
        emit_indent(emit);
        emit_text(emit, "TB_CHECK_STATUS(%s(", routine->c_name);
        emit_arguments(emit, op);
        emit_text(emit, "), %s, %s);\n", position(emit, op), fail_label(emit));
        return;
    case '-':
        emit_indent(emit);
        emit_text(emit, "%s(", routine->c_name);
        emit_arguments(emit, op);
        emit_text(emit, ");\n");
        return;
    case 'P': // TB_OBJECT(NULL) is the pending word
        begin_set(emit, op);
        emit_text(emit, "TB_OBJECT(%s(", routine->c_name);
        emit_arguments(emit, op);
        emit_text(emit, "))");
        end_set(emit, op);
        check(emit, op, "TB_CHECK", op->dst->c_name);
        return;
    default: break;
    }
    begin_set(emit, op);
    emit_text(emit, "%s(", routine->c_name);
    emit_arguments(emit, op);
    emit_text(emit, ")");
    end_set(emit, op);
    switch (result) {
    case 'V': check(emit, op, "TB_CHECK", op->dst->c_name); break;
    case 'B': check(emit, op, "TB_CHECK_STATUS", op->dst->c_name); break;
    case 'I': check(emit, op, "TB_CHECK_INT", op->dst->c_name); break;
    case 'F': check(emit, op, "TB_CHECK_FLOAT", op->dst->c_name); break;
    default: break;
    }
}

// The rest parameter gets the items of a list.
static void emit_spread_call(Emit *emit, const IrOp *op)
{
    const IrRoutine *routine = op->as.routine;
    char result = routine->signature[0];
    begin_set(emit, op);
    if (result == 'S') emit_text(emit, "TB_CHECK_STATUS(");
    emit_text(emit, result == 'P' ? "TB_OBJECT(%s(" : "%s(", routine->c_name);
    for (int i = 0; i < op->arg_count; i++) {
        char letter = routine->signature[i + 1];
        const char *value = operand(emit, op->args[i]);
        if (i) emit_text(emit, ", ");
        if (letter == 'A') emit_text(emit, "TB_AS_LIST(%s)->count, tb_list_values(TB_AS_LIST(%s))", value, value);
        else if (strchr("Vifb", letter)) emit_text(emit, "%s", value);
        else emit_text(emit, "%s(%s)", pointer_macro(letter), value);
    }
    emit_text(emit, result == 'P' ? "))" : ")");
    if (result == 'S') {
        emit_text(emit, ", %s, %s);\n", position(emit, op), fail_label(emit));
        return;
    }
    end_set(emit, op);
    check(emit, op, "TB_CHECK", op->dst->c_name);
}

static void emit_call(Emit *emit, const IrOp *op)
{
    const IrFunction *callee = op->as.callee;
    bool status = callee->result == REPR_NONE;
    if (status && callee->can_fail) {
        emit_indent(emit);
        emit_text(emit, "TB_CHECK_STATUS(");
    } else begin_set(emit, op);
    emit_text(emit, "%s(", callee->c_name);
    for (int i = 0; i < op->arg_count; i++) {
        if (i) emit_text(emit, ", ");
        bool closure = callee->is_closure && i == 0;
        emit_text(emit, closure ? "TB_AS_FN(%s)" : "%s", operand(emit, op->args[i]));
    }
    emit_text(emit, ")");
    if (status && callee->can_fail) {
        emit_text(emit, ", %s, %s);\n", position(emit, op), fail_label(emit));
        return;
    }
    end_set(emit, op);
    if (!callee->can_fail) return;
    static const char *const checks[] = {[REPR_VALUE] = "TB_CHECK",
                                         [REPR_INT] = "TB_CHECK_INT",
                                         [REPR_FLOAT] = "TB_CHECK_FLOAT",
                                         [REPR_BOOL] = "TB_CHECK_STATUS"};
    check(emit, op, checks[callee->result], op->dst->c_name);
}

// --------------------------------------------------------------------------------------- control flow

static void emit_block(Emit *emit, IrBlock *block);

static void emit_braced(Emit *emit, IrBlock *block)
{
    emit->depth++;
    declare_vars(emit, block);
    emit_block(emit, block);
    emit->depth--;
}

static const char *new_label(Emit *emit, const char *what)
{
    return arena_format(emit->arena, "%s_%d", what, ++emit->label_count);
}

static void emit_label(Emit *emit, const char *label)
{
    emit_line(emit, "%s:;", label);
}

static void emit_if(Emit *emit, const IrOp *op)
{
    bool has_body = op->body->first != NULL, has_other = op->other && op->other->first;
    const char *condition = operand(emit, op->args[0]);
    if (!has_body && !has_other) return;
    emit_line(emit, has_body ? "if (%s) {" : "if (!%s) {", condition);
    emit_braced(emit, has_body ? op->body : op->other);
    if (has_body && has_other) {
        emit_line(emit, "} else {");
        emit_braced(emit, op->other);
    }
    emit_line(emit, "}");
}

// Whether a `continue` or `break` in C would mean another loop than [target]'s: there is a loop in between.
static void jump(Emit *emit, IrOp *target, const char *what)
{
    const char **label = strcmp(what, "break") ? &target->continue_label : &target->label;
    if (!*label) *label = new_label(emit, what);
    emit_line(emit, "goto %s;", *label);
}

static void emit_loop(Emit *emit, IrOp *op)
{
    if (op->kind == IR_COUNT) {
        const char *counter = op->dst->c_name;
        int64_t step = op->args[2].as.integer;
        emit_line(emit, "for (%s = %s; %s %s %s; %s += %s) {", counter, operand(emit, op->args[0]), counter,
                  step > 0 ? "<" : ">", operand(emit, op->args[1]), counter, int_text(emit, step));
    } else {
        emit_line(emit, "for (;;) {");
    }
    emit_braced(emit, op->body);
    if (op->continue_label) {
        emit->depth++;
        emit_label(emit, op->continue_label);
        emit->depth--;
    }
    emit_line(emit, "}");
    if (op->label) emit_label(emit, op->label);
}

static void emit_try(Emit *emit, IrOp *op)
{
    const char *outer = emit->handler;
    bool outer_fails = emit->fails;
    const char *label = new_label(emit, "catch");
    const char *end = new_label(emit, "end");
    emit->handler = label;
    emit->fails = false;
    emit_line(emit, "{");
    emit_braced(emit, op->body);
    emit_line(emit, "}");
    bool caught = emit->fails;
    emit->handler = outer;
    emit->fails = outer_fails;
    if (!caught) return; // nothing in it fails
    emit_line(emit, "goto %s;", end);
    emit_label(emit, label);
    emit_line(emit, "{");
    emit_braced(emit, op->other);
    emit_line(emit, "}");
    emit_label(emit, end);
    emit->uses_at = true;
}

static void emit_return(Emit *emit, const IrOp *op)
{
    if (emit->function->result == REPR_NONE) emit_line(emit, "return 0;");
    else emit_line(emit, "return %s;", operand(emit, op->args[0]));
}

static void emit_control(Emit *emit, IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_IF: emit_if(emit, op); break;
    case IR_LOOP:
    case IR_COUNT: emit_loop(emit, op); break;
    case IR_BREAK: jump(emit, op->as.target, "break"); break;
    case IR_CONTINUE: jump(emit, op->as.target, "next"); break;
    case IR_BLOCK:
        emit_line(emit, "{");
        emit_braced(emit, op->body);
        emit_line(emit, "}");
        if (op->label) emit_label(emit, op->label);
        break;
    case IR_LEAVE:
        if (!op->as.target->label) op->as.target->label = new_label(emit, "after");
        emit_line(emit, "goto %s;", op->as.target->label);
        break;
    case IR_TRY: emit_try(emit, op); break;
    case IR_CATCH:
        begin_set(emit, op);
        emit_text(emit, "tb_catch(%s, at_)", info_address(emit));
        end_set(emit, op);
        break;
    case IR_FAIL: emit_line(emit, "goto %s;", fail_label(emit)); break;
    case IR_RETURN: emit_return(emit, op); break;
    default: // IR_POLL
        emit_line(emit, "TB_POLL(%s, %s);", position(emit, op), fail_label(emit));
    }
}

// ------------------------------------------------------------------------------------------- commands

static void emit_source_line(Emit *emit, const IrOp *op)
{
    struct Module *module = emit->function->module;
    if (!op->span.end || module->is_library || emit->function->is_wrapper) return;
    uint32_t line = source_position(module->source, op->span.start).line;
    if (line == emit->line) return;
    emit->line = line;
    const char *path = module->source->path;
    if (emit->options.line_directives) emit_text(emit, "#line %u %s\n", line, emit_c_string(emit->arena, path, strlen(path)));
    else if (!emit->options.is_memory) emit_line(emit, "/* %u */", line);
}

static void emit_op(Emit *emit, IrOp *op)
{
    emit_source_line(emit, op);
    switch ((IrKind)op->kind) {
    case IR_MOVE:
        begin_set(emit, op);
        emit_text(emit, "%s", operand(emit, op->args[0]));
        end_set(emit, op);
        break;
    case IR_BOX: emit_box(emit, op); break;
    case IR_UNBOX: emit_unbox(emit, op); break;
    case IR_TO_FLOAT: emit_to_float(emit, op); break;
    case IR_CHECK_TYPE: emit_check_type(emit, op); break;
    case IR_FLOAT_OP:
    case IR_RAW_OP: emit_raw(emit, op); break;
    case IR_NOT:
        begin_set(emit, op);
        emit_text(emit, "!%s", operand(emit, op->args[0]));
        end_set(emit, op);
        break;
    case IR_INT_OP:
    case IR_DYNAMIC_OP: emit_arithmetic(emit, op); break;
    case IR_RUNTIME: emit_routine(emit, op); break;
    case IR_SPREAD_CALL: emit_spread_call(emit, op); break;
    case IR_CALL: emit_call(emit, op); break;
    case IR_CAPTURED: emit_captured(emit, op); break;
    case IR_CLOSURE: emit_closure(emit, op); break;
    case IR_GLOBAL_GET:
    case IR_GLOBAL_SET:
    case IR_CELL_NEW:
    case IR_CELL_GET:
    case IR_CELL_SET:
    case IR_FIELD_GET:
    case IR_FIELD_SET:
    case IR_ELEMENT:
    case IR_SET_CHECK: emit_variable_op(emit, op); break;
    default: emit_control(emit, op); break;
    }
}

static void emit_block(Emit *emit, IrBlock *block)
{
    for (IrOp *op = block->first; op; op = op->next)
        emit_op(emit, op);
}

// ------------------------------------------------------------------------------------------ functions

void emit_prototype(Emit *emit, const IrFunction *function, const char *end)
{
    emit_text(emit, "static %s%s(", function->result == REPR_NONE ? "int " : emit_repr(function->result),
              function->c_name);
    const char *between = "";
    if (function->is_closure) {
        emit_text(emit, "tb_fn *self_");
        between = ", ";
    }
    if (function->is_array_code) {
        emit_text(emit, "%sconst tb_value *args_", between);
    } else {
        for (int i = 0; i < function->params.count; i++) {
            const IrVar *param = function->params.items[i];
            emit_text(emit, "%s%s%s", between, emit_repr(param->repr), param->c_name ? param->c_name : "");
            between = ", ";
        }
        if (!*between) emit_text(emit, "void");
    }
    emit_text(emit, ")%s", end);
}

static void name_vars(Emit *emit)
{
    IrFunction *function = emit->function;
    for (int i = 0; i < function->vars.count; i++) {
        IrVar *var = function->vars.items[i];
        if (var->name) var->c_name = cname_unique(&emit->locals, var->name);
        else var->c_name = arena_format(emit->arena, "t%d_", var->number);
    }
}

// Above each function: what the user wrote, and where.
static void emit_heading(Emit *emit, const IrFunction *function)
{
    if (function->is_wrapper) {
        emit_text(emit, "/* %s, as a value */\n", *function->name ? function->name : "function");
        return;
    }
    Position at = source_position(function->module->source, function->span.start);
    const char *name = function->info && !function->info->node ? "the top level" : *function->name ? function->name : "a function";
    emit_text(emit, "/* %s, %s:%u */\n", name, emit_in_comment(emit->arena, function->module->source->path), at.line);
}

static void emit_array_params(Emit *emit, const IrFunction *function)
{
    for (int i = 0; i < function->params.count; i++)
        emit_line(emit, "tb_value %s = args_[%d];", function->params.items[i]->c_name, i);
}

static bool uses_self(const IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        if (op->kind == IR_CAPTURED) return true;
        if ((op->body && uses_self(op->body)) || (op->other && uses_self(op->other))) return true;
    }
    return false;
}

static void emit_unused_params(Emit *emit, const IrFunction *function)
{
    for (int i = 0; i < function->params.count; i++)
        if (!function->params.items[i]->use_count) emit_line(emit, "(void)%s;", function->params.items[i]->c_name);
    if (function->is_closure && !uses_self(function->body)) emit_line(emit, "(void)self_;");
}

static void emit_fail_exit(Emit *emit, const IrFunction *function)
{
    emit_text(emit, "fail:\n");
    const char *pending = pending_result(function->result);
    if (function->is_wrapper || function->is_transparent) {
        emit_line(emit, "(void)at_;");
    } else if (function->result == REPR_VALUE) {
        emit_line(emit, "return tb_trace(%s, at_);", info_address(emit));
        return;
    } else {
        emit_line(emit, "tb_trace(%s, at_);", info_address(emit));
    }
    emit_line(emit, "return %s;", pending);
}

static void insert_text(Emit *emit, size_t place, const char *text)
{
    size_t size = strlen(text);
    emit_text(emit, "%s", text);
    memmove(emit->text + place + size, emit->text + place, emit->size - size - place);
    memcpy(emit->text + place, text, size);
}

void emit_function(Emit *emit, IrFunction *function)
{
    emit->function = function;
    emit->line = 0;
    emit->label_count = 0;
    emit->fails = emit->uses_at = false;
    emit->handler = "fail";
    cnames_init(&emit->locals, emit->arena, &emit->names);
    name_vars(emit);
    find_homes(function->body);
    find_declarations(function->body);
    emit_heading(emit, function);
    emit_prototype(emit, function, "\n{\n");
    emit->depth = 1;
    if (function->is_array_code) emit_array_params(emit, function);
    emit_unused_params(emit, function);
    // Whether at_ is needed is known only behind the body: its place is kept.
    size_t at_place = emit->size;
    declare_vars(emit, function->body);
    if (function->can_fail && !function->is_wrapper && !function->is_transparent)
        emit_line(emit, "TB_ENTER(%s);", pending_result(function->result));
    emit_block(emit, function->body);
    if (emit->fails) emit_fail_exit(emit, function);
    if (emit->fails || emit->uses_at) insert_text(emit, at_place, "    int64_t at_ = 0;\n");
    emit->depth = 0;
    emit_text(emit, "}\n\n");
}

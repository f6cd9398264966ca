// Commands in C. Most are an expression whose value the result gets, and a check if it can fail:
// form_of is their table. What is written comes from templates (emit_template), so that the C can
// be read there.
#include "emit_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const char *emit_repr(IrRepr repr)
{
    switch (repr) {
    case REPR_VALUE:
        return "tb_value ";
    case REPR_INT:
        return "int64_t ";
    case REPR_FLOAT:
        return "double ";
    case REPR_BOOL:
        return "int ";
    case REPR_CELL:
        return "tb_cell *";
    case REPR_ITER:
        return "tb_iter ";
    case REPR_ARRAY:
        return "tb_value ";
    case REPR_VIEW:
        return "tb_view ";
    case REPR_NONE:
        break;
    }
    return "void ";
}

// ------------------------------------------------------------------------------------------
// operands

// As few digits as give the same number when they are read.
static void emit_float(Emit *emit, double number)
{
    if (isinf(number) || isnan(number)) {
        emit_text(emit, "%s",
                  isnan(number) ? "tb_nan()"
                  : number > 0  ? "tb_infinity()"
                                : "-tb_infinity()");
        return;
    }
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number) break;
    }
    emit_text(emit, "%s%s", text, strpbrk(text, ".e") ? "" : ".0");
}

void emit_int(Emit *emit, int64_t value)
{
    if (value == INT64_MIN) {
        emit_text(emit, "INT64_MIN");
        return;
    }
    text_add_int(&emit->text, value);
    if (value > INT32_MAX || value < -(int64_t)INT32_MAX) emit_text(emit, "L");
}

static void emit_address(Emit *emit, const char *c_name)
{
    text_add(&emit->text, "TB_OBJECT(&", 11);
    text_add_string(&emit->text, c_name);
    text_add(&emit->text, ")", 1);
}

void emit_operand(Emit *emit, IrOperand value)
{
    Text *text = &emit->text;
    switch (value.kind) {
    case OPERAND_NONE:
        break;
    case OPERAND_VAR:
        emit_var(emit, value.as.var);
        break;
    case OPERAND_INT:
        emit_int(emit, value.as.integer);
        break;
    case OPERAND_FLOAT:
        emit_float(emit, value.as.number);
        break;
    case OPERAND_BOOL:
        text_add_string(text, value.as.integer ? "1" : "0");
        break;
    case OPERAND_SMALL:
        text_add(text, "TB_INT62(", 9);
        emit_int(emit, value.as.integer);
        text_add(text, ")", 1);
        break;
    case OPERAND_NIL:
        text_add_string(text, "TB_NONE_VALUE");
        break;
    case OPERAND_TRUTH:
        text_add_string(text, value.as.integer ? "TB_TRUE" : "TB_FALSE");
        break;
    case OPERAND_MISSING:
        text_add_string(text, "TB_MISSING");
        break;
    case OPERAND_LITERAL:
        emit_literal(emit, value.as.literal);
        break;
    case OPERAND_FUNCTION:
        emit_address(emit, value.as.function->fn_c_name);
        break;
    case OPERAND_CLASS:
        emit_address(emit, emit_class_name(emit, value.as.cls));
        break;
    case OPERAND_MODULE:
        emit_address(emit, emit_module_name(emit, value.as.module));
        break;
    }
}

// -----------------------------------------------------------------------------------------
// arguments

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
    for (int i = first; i < op->arg_count; i++) {
        if (i > first) text_add(&emit->text, ", ", 2);
        emit_operand(emit, op->args[i]);
    }
    emit_text(emit, "}");
}

static const char *pointer_macro(char letter)
{
    switch (letter) {
    case 'l':
        return "TB_AS_LIST";
    case 't':
        return "TB_AS_STR";
    case 'd':
        return "TB_AS_DICT";
    case 's':
        return "TB_AS_SET";
    case 'u':
        return "TB_AS_TUPLE";
    case 'c':
        return "TB_AS_CLASS";
    default:
        return "TB_AS_BYTES";
    }
}

static bool is_text(IrOperand value)
{
    return value.kind == OPERAND_LITERAL && value.as.literal->kind == LITERAL_STRING;
}

// An argument of a letter that stands for one value.
static void emit_argument(Emit *emit, char letter, IrOperand value)
{
    switch (letter) {
    case 'n':
        emit_text(emit, "&%s", value.as.literal->c_name);
        break;
    case 'T':
    case 'o':
        if (value.as.var->repr != REPR_ARRAY) text_add(&emit->text, "&", 1);
        emit_var(emit, value.as.var);
        break;
    case 'V':
    case 'i':
    case 'f':
    case 'b':
        emit_operand(emit, value);
        break;
    default:
        if (letter == 't' && is_text(value)) {
            emit_text(emit, "&%s", value.as.literal->c_name);
            break;
        }
        if (value.kind == OPERAND_CLASS) { // not one that a class statement makes
            emit_text(emit, "&%s", emit_class_name(emit, value.as.cls));
            break;
        }
        emit_text(emit, "%s(", pointer_macro(letter));
        emit_operand(emit, value);
        text_add(&emit->text, ")", 1);
    }
}

// One C argument or two for each letter of the routine's signature.
static void emit_routine_arguments(Emit *emit, const IrOp *op)
{
    int next = 0;
    const char *letters = op->as.routine->signature + 1;
    for (const char *letter = letters; *letter; letter++) {
        if (letter > letters) text_add(&emit->text, ", ", 2);
        switch (*letter) {
        case 'A':
        case 'D':
            emit_text(emit, "%d, ", (op->arg_count - next) / (*letter == 'D' ? 2 : 1));
            emit_array(emit, op, next);
            break;
        case 'a':
            emit_array(emit, op, next);
            break;
        case 'N':
            emit_labels(emit, op);
            break;
        case 'k':
            emit_text(emit, "&caches_[%d]", emit->cache_count++);
            break;
        case 'p':
            emit_at(emit, op->span);
            break;
        case 'h':
            emit_info_address(emit);
            break;
        default:
            emit_argument(emit, *letter, op->args[next++]);
        }
    }
}

// The rest parameter gets the items of a list.
static void emit_spread_arguments(Emit *emit, const IrOp *op)
{
    for (int i = 0; i < op->arg_count; i++) {
        char letter = op->as.routine->signature[i + 1];
        if (i) emit_text(emit, ", ");
        if (letter != 'A') {
            emit_argument(emit, letter, op->args[i]);
            continue;
        }
        emit_text(emit, "TB_AS_LIST(");
        emit_operand(emit, op->args[i]);
        emit_text(emit, ")->count, tb_list_values(TB_AS_LIST(");
        emit_operand(emit, op->args[i]);
        emit_text(emit, "))");
    }
}

static void emit_call_arguments(Emit *emit, const IrOp *op)
{
    for (int i = 0; i < op->arg_count; i++) {
        bool is_closure = i == 0 && op->as.callee->is_closure;
        if (i) text_add(&emit->text, ", ", 2);
        if (is_closure) emit_text(emit, "TB_AS_FN(");
        emit_operand(emit, op->args[i]);
        if (is_closure) emit_text(emit, ")");
    }
}

static void emit_arguments(Emit *emit, const IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_CALL:
        emit_call_arguments(emit, op);
        break;
    case IR_SPREAD_CALL:
        emit_spread_arguments(emit, op);
        break;
    default:
        emit_routine_arguments(emit, op);
    }
}

// -----------------------------------------------------------------------------------------
// templates

void emit_fail_label(Emit *emit)
{
    emit->fails = true;
    if (emit->handler)
        emit_text(emit, "catch_%d", emit->handler);
    else
        text_add(&emit->text, "fail", 4);
}

void emit_info_address(Emit *emit)
{
    IrFunction *function = emit->function->fast ? emit->function->fast : emit->function;
    function->has_info = true;
    emit_text(emit, "&%s", function->info_c_name);
}

static void emit_result(Emit *emit, const IrOp *op)
{
    if (op->dst->is_undeclared) text_add_string(&emit->text, emit_repr(op->dst->repr));
    op->dst->is_undeclared = false;
    emit_var(emit, op->dst);
    text_add(&emit->text, " = ", 3);
}

// Boxed code calls a function whose own form is raw by its entry.
static const char *callee_name(const Emit *emit, const IrOp *op)
{
    const IrFunction *callee = op->as.callee;
    return callee->has_raw_form && !emit->function->slow ? callee->entry_c_name : callee->c_name;
}

// What the `$` and [code] of a template stand for; see emit_state.h.
static void emit_part(Emit *emit, const IrOp *op, char code)
{
    switch (code) {
    case 'd':
        emit_var(emit, op->dst);
        break;
    case '=':
        emit_result(emit, op);
        break;
    case '@':
        emit_at(emit, op->span);
        break;
    case '!':
        emit_fail_label(emit);
        break;
    case '*':
        emit_arguments(emit, op);
        break;
    case 'f':
        text_add_string(&emit->text,
                        op->kind == IR_CALL ? callee_name(emit, op) : op->as.routine->c_name);
        break;
    case '>':
        emit_leave(emit, op);
        break;
    case 'o':
        text_add_string(&emit->text, token_text((TokenKind)op->sub));
        break;
    case 'n':
        text_add_string(&emit->text, token_operation((TokenKind)op->sub));
        break;
    case '#':
        text_add_int(&emit->text, op->as.index);
        break;
    case 'g':
        text_add_string(&emit->text, emit_global_name(op->as.global));
        break;
    case 's':
        emit_c_string(emit, op->text, strlen(op->text));
        break;
    case 'l':
        emit_text(emit, "&%s", op->field->c_name);
        break;
    case 't':
        emit_text(emit, "&%s", emit_type_name(emit, op->as.annotation));
        break;
    case 'F':
        emit_text(emit, "&%s", emit_forms_name(emit, op->as.global));
        break;
    case 'a':
        emit_text(emit, "%d, ", op->arg_count);
        emit_array(emit, op, 0);
        break;
    case 'x':
        text_add_int(&emit->text, op->is_lenient | op->is_fresh << 1);
        break;
    case 'i':
        emit_info_address(emit);
        break;
    default:
        emit_operand(emit, op->args[code - '0']);
    }
}

void emit_pattern(Emit *emit, const IrOp *op, const char *pattern)
{
    while (*pattern) {
        pattern = text_add_until(&emit->text, pattern, '$');
        if (!*pattern) return;
        emit_part(emit, op, pattern[1]);
        pattern += 2;
    }
}

void emit_template(Emit *emit, const IrOp *op, const char *template)
{
    emit_indent(emit);
    emit_pattern(emit, op, template);
    text_add(&emit->text, "\n", 1);
}

// ----------------------------------------------------------------------------------------
// expressions

// A command as an expression; [check] is the macro that tells whether its value means failure, NULL
// when none does.
typedef struct Form {
    const char *expression; // NULL: it is none
    const char *check;
} Form;

static bool is_comparison(int op)
{
    return op >= TOK_EQUAL_EQUAL && op <= TOK_GREATER_EQUAL;
}

// The macro for small Ints that falls back on the runtime; NULL for an operator that has none.
static const char *hot_template(int op)
{
    switch (op) {
    case TOK_PLUS:
        return "TB_ADD($d, $0, $1, $@, $!);";
    case TOK_MINUS:
        return "TB_SUB($d, $0, $1, $@, $!);";
    case TOK_STAR:
        return "TB_MUL($d, $0, $1, $@, $!);";
    case TOK_SLASH_SLASH:
        return "TB_FLOOR_DIV($d, $0, $1, $@, $!);";
    case TOK_PERCENT:
        return "TB_MOD($d, $0, $1, $@, $!);";
    case TOK_AMP:
        return "TB_BIT_AND($d, $0, $1, $@, $!);";
    case TOK_PIPE:
        return "TB_BIT_OR($d, $0, $1, $@, $!);";
    case TOK_CARET:
        return "TB_BIT_XOR($d, $0, $1, $@, $!);";
    default:
        return NULL;
    }
}

static Form arithmetic_form(const IrOp *op)
{
    if (!is_comparison(op->sub)) return (Form){"tb_$n($0, $1)", "TB_CHECK"};
    if (op->kind == IR_INT_OP)
        return (Form){op->is_hot ? "TB_COMPARE_INTS($0, $o, $1)" : "tb_int_compare($0, $1) $o 0",
                      NULL};
    return (Form){op->is_hot ? "TB_COMPARE($0, $o, $1, tb_$n)" : "tb_$n($0, $1)",
                  "TB_CHECK_STATUS"};
}

static Form box_form(IrRepr repr)
{
    switch (repr) {
    case REPR_INT:
        return (Form){"tb_int_from($0)", "TB_CHECK"};
    case REPR_FLOAT:
        return (Form){"tb_float_from($0)", "TB_CHECK"};
    default:
        return (Form){"TB_BOOL_VALUE($0)", NULL};
    }
}

static const char *unbox_expression(IrRepr repr)
{
    switch (repr) {
    case REPR_INT:
        return "TB_UNBOX_INT($0)";
    case REPR_FLOAT:
        return "tb_float_get($0)";
    default:
        return "TB_UNBOX_BOOL($0)";
    }
}

static Form routine_form(char result)
{
    switch (result) {
    case 'V':
        return (Form){"$f($*)", "TB_CHECK"};
    case 'P':
        return (Form){"TB_OBJECT($f($*))", "TB_CHECK"}; // TB_OBJECT(NULL) is the pending word
    case 'B':
    case 'S':
        return (Form){"$f($*)", "TB_CHECK_STATUS"};
    case 'I':
        return (Form){"$f($*)", "TB_CHECK_INT"};
    case 'F':
        return (Form){"$f($*)", "TB_CHECK_FLOAT"};
    default:
        return (Form){"$f($*)", NULL};
    }
}

static Form call_form(const Emit *emit, const IrFunction *callee)
{
    static const char *const checks[] = {
        [REPR_NONE] = "TB_CHECK_STATUS", [REPR_VALUE] = "TB_CHECK",
        [REPR_INT] = "TB_CHECK_INT",     [REPR_FLOAT] = "TB_CHECK_FLOAT",
        [REPR_BOOL] = "TB_CHECK_STATUS", [REPR_CELL] = NULL};
    if (emit->function->slow && ir_has_raw_result(callee)) return (Form){"$f($*)", "TB_RAW_CHECK"};
    return (Form){"$f($*)", callee->can_fail ? checks[callee->result] : NULL};
}

static Form captured_form(const IrOp *op)
{
    if (op->as.index < 0) return (Form){"TB_OBJECT(self_)", NULL};
    return (Form){
        op->dst->repr == REPR_CELL ? "TB_PTR(tb_cell, self_->free[$#])" : "self_->free[$#]", NULL};
}

static Form form_of(const Emit *emit, const IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_MOVE:
        return (Form){"$0", NULL};
    case IR_BOX:
        return box_form(ir_operand_repr(op->args[0]));
    case IR_UNBOX:
        return (Form){unbox_expression(op->dst->repr), NULL};
    case IR_TO_FLOAT:
        if (ir_operand_repr(op->args[0]) == REPR_INT) return (Form){"(double)$0", NULL};
        return (Form){"tb_number_get($0)", "TB_CHECK_FLOAT"};
    case IR_CHECK_TYPE:
        return (Form){op->is_rest ? "tb_check_rest($0, $t, $s, $x)"
                                  : "tb_check_type($0, $t, $s, $x)",
                      "TB_CHECK"};
    case IR_RAISE_OVERLOAD:
        return (Form){"tb_raise_overload($F, $a)", "TB_CHECK"};
    case IR_RAW_OP:
        if (op->sub == TOK_SLASH_SLASH) return (Form){"tb_int64_floor_div($0, $1)", NULL};
        if (op->sub == TOK_PERCENT) return (Form){"tb_int64_mod($0, $1)", NULL};
        if (op->sub == TOK_SHIFT_RIGHT) return (Form){"(int64_t)$0 >> $1", NULL};
        return (Form){"$0 $o $1", NULL};
    case IR_FLOAT_OP:
        if (op->arg_count == 2) return (Form){"$0 $o $1", NULL};
        return (Form){op->args[0].kind == OPERAND_VAR ? "$o$0" : "$o($0)", NULL}; // not `--1.0`
    case IR_NOT:
        return (Form){"!$0", NULL};
    case IR_INT_OP:
    case IR_DYNAMIC_OP:
        return arithmetic_form(op);
    case IR_RUNTIME:
    case IR_SPREAD_CALL:
        return routine_form(op->as.routine->signature[0]);
    case IR_CALL:
        return call_form(emit, op->as.callee);
    case IR_GLOBAL_GET:
        return (Form){"$g", NULL};
    case IR_CELL_NEW:
        return (Form){"tb_cell_new($0)", "TB_CHECK_POINTER"};
    case IR_CELL_GET:
        return (Form){"$0->value", NULL};
    case IR_CAPTURED:
        return captured_form(op);
    case IR_ELEMENT:
        return (Form){"$0[$#]", NULL};
    case IR_PEEK:
        return (Form){"TB_PEEK($0, $1)", NULL};
    case IR_PEEK_FIELD:
        return (Form){"TB_AS_INSTANCE($0)->slots[$#].value", NULL};
    case IR_CATCH:
        return (Form){"tb_catch($i, at_)", NULL};
    default:
        return (Form){NULL, NULL};
    }
}

bool emit_is_plain(const Emit *emit, const IrOp *op)
{
    Form form = form_of(emit, op);
    return form.expression && !form.check;
}

void emit_plain(Emit *emit, const IrOp *op)
{
    emit_pattern(emit, op, form_of(emit, op).expression);
}

// ------------------------------------------------------------------------------------------
// statements

static bool is_wanted(const IrOp *op)
{
    return op->dst && (op->dst->name || op->dst->use_count);
}

static bool is_raw_call(const Emit *emit, const IrOp *op)
{
    return op->kind == IR_CALL && emit->function->slow && ir_has_raw_result(op->as.callee);
}

// The condition under which a check's macro leaves: what stands before and behind the value.
typedef struct Check {
    const char *macro, *before, *after;
} Check;

// The condition of the macro named [name], to be written instead of it; NULL where the macro stays:
// for C compilers, which take its hints, and where it says more.
static const Check *plain_check(const Emit *emit, const IrOp *op, const char *name)
{
    static const Check checks[] = {{"TB_CHECK", "if (", " == TB_PENDING)"},
                                   {"TB_CHECK_STATUS", "if (", " < 0)"},
                                   {"TB_CHECK_POINTER", "if (!", ")"}};
    if (!emit_is_for_libtcc(emit) || is_raw_call(emit, op)) return NULL;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (strcmp(checks[i].macro, name) == 0) return &checks[i];
    return NULL;
}

// The check named [name] that what [expression] gives is no failure; "$d" is the result.
static void emit_check(Emit *emit, const IrOp *op, const char *name, const char *expression)
{
    const Check *plain = plain_check(emit, op, name);
    bool is_enclosed = !plain || strcmp(expression, "$d") != 0;
    emit_indent(emit);
    text_add_string(&emit->text, plain ? plain->before : name);
    if (is_enclosed) text_add(&emit->text, "(", 1);
    emit_pattern(emit, op, expression);
    if (plain) {
        if (is_enclosed) text_add(&emit->text, ")", 1);
        text_add_string(&emit->text, plain->after);
        emit_pattern(emit, op, " { at_ = $@; goto $!; }\n");
    } else {
        emit_pattern(emit, op, is_raw_call(emit, op) ? ", $@, $!, $>);\n" : ", $@, $!);\n");
    }
}

// An expression that nobody wants the value of.
static void emit_unwanted(Emit *emit, const IrOp *op, Form form)
{
    if (form.check) {
        emit_check(emit, op, form.check, form.expression);
        return;
    }
    bool is_nothing = op->kind == IR_RUNTIME && op->as.routine->signature[0] == '-';
    emit_indent(emit);
    if (!is_nothing) text_add(&emit->text, "(void)", 6);
    emit_pattern(emit, op, form.expression);
    text_add(&emit->text, ";\n", 2);
}

static void emit_expression(Emit *emit, const IrOp *op, Form form)
{
    if (!is_wanted(op)) {
        emit_unwanted(emit, op, form);
        return;
    }
    bool is_unused = op->dst->is_undeclared && !op->dst->use_count;
    emit_indent(emit);
    emit_result(emit, op);
    emit_pattern(emit, op, form.expression);
    text_add(&emit->text, ";\n", 2);
    if (form.check)
        emit_check(emit, op, form.check, "$d");
    else if (is_unused)
        emit_template(emit, op, "(void)$d;");
}

void emit_declare_result(Emit *emit, const IrOp *op)
{
    if (!op->dst->is_undeclared) return;
    op->dst->is_undeclared = false;
    emit_indent(emit);
    text_add_string(&emit->text, emit_repr(op->dst->repr));
    emit_var(emit, op->dst);
    // C compilers do not always see that what leaves the macro leaves the function; libtcc does not
    // ask, and would set it each time.
    bool is_number = op->dst->repr != REPR_VALUE && op->dst->repr != REPR_VIEW;
    if (is_number && !emit->options.is_memory) text_add(&emit->text, " = 0", 4);
    text_add(&emit->text, ";\n", 2);
    if (!op->dst->use_count && is_number) emit_template(emit, op, "(void)$d;");
}

// Arithmetic that may use up the blocks of its operands (own.h). An owner that lost its Int must
// not drop it again.
static void emit_spending(Emit *emit, const IrOp *op)
{
    const char *name = op->sub == TOK_PLUS          ? "ADD"
                       : op->sub == TOK_MINUS       ? "SUB"
                       : op->sub == TOK_STAR        ? "MUL"
                       : op->sub == TOK_SLASH_SLASH ? "FLOOR_DIV"
                                                    : "MOD";
    emit_declare_result(emit, op);
    emit_indent(emit);
    emit_text(emit, "TB_%s_SPENDING(", name);
    emit_pattern(emit, op, "$d, $0, $1, ");
    emit_text(emit, "%d", op->spent);
    emit_pattern(emit, op, ", $@, $!);\n");
    for (int i = 0; i < 2; i++) {
        const IrVar *var = op->spent >> i & 1 ? op->args[i].as.var : op->dst;
        if (var == op->dst || !var->owns_int) continue;
        emit_indent(emit);
        emit_var(emit, var);
        emit_text(emit, " = TB_INT62(0);\n");
    }
}

// Arithmetic in a loop. Whether that is all there is to say about [op].
static bool emit_hot(Emit *emit, const IrOp *op)
{
    bool is_arithmetic = op->kind == IR_INT_OP || op->kind == IR_DYNAMIC_OP;
    const char *hot = op->is_hot && is_arithmetic && is_wanted(op) ? hot_template(op->sub) : NULL;
    if (!hot && !op->spent) return false;
    if (op->spent) {
        emit_spending(emit, op);
        return true;
    }
    emit_declare_result(emit, op);
    emit_template(emit, op, hot);
    return true;
}

static bool is_positive(IrOperand operand)
{
    return operand.kind == OPERAND_INT && operand.as.integer > 0;
}

static const char *checked_template(const IrOp *op)
{
    bool is_float = ir_operand_repr(op->args[0]) == REPR_FLOAT;
    if (is_float) return "TB_RAW_FLOAT_DIV($d, $0, $1, $>);";
    switch (op->sub) {
    case TOK_PLUS:
        return is_positive(op->args[1]) ? "TB_RAW_UP($d, $0, $1, $>);"
                                        : "TB_RAW_ADD($d, $0, $1, $>);";
    case TOK_MINUS:
        return is_positive(op->args[1]) ? "TB_RAW_DOWN($d, $0, $1, $>);"
                                        : "TB_RAW_SUB($d, $0, $1, $>);";
    case TOK_STAR:
        return "TB_RAW_MUL($d, $0, $1, $>);";
    case TOK_SLASH:
        return "TB_RAW_DIV($d, $0, $1, $>);";
    case TOK_SLASH_SLASH:
        return "TB_RAW_FLOOR_DIV($d, $0, $1, $>);";
    case TOK_PERCENT:
        return "TB_RAW_MOD($d, $0, $1, $>);";
    case TOK_SHIFT_LEFT:
        return "TB_RAW_SHIFT_LEFT($d, $0, $1, $>);";
    default:
        return "TB_RAW_SHIFT_RIGHT($d, $0, $1, $>);";
    }
}

static void emit_closure(Emit *emit, const IrOp *op)
{
    const IrFunction *callee = op->as.callee;
    const IrFunction *boxed = callee->boxed;
    emit_indent(emit);
    emit_result(emit, op);
    emit_text(emit, "tb_fn_new(TB_CODE(%s), &%s, %d);\n",
              boxed->has_raw_form ? boxed->entry_c_name : boxed->c_name, callee->info_c_name,
              op->arg_count);
    emit_check(emit, op, "TB_CHECK", "$d");
    for (int i = 0; i < op->arg_count; i++) {
        bool is_cell = ir_operand_repr(op->args[i]) == REPR_CELL;
        emit_indent(emit);
        emit_pattern(emit, op, "TB_AS_FN($d)->free[");
        emit_text(emit, is_cell ? "%d] = TB_OBJECT(" : "%d] = ", i);
        emit_operand(emit, op->args[i]);
        emit_text(emit, is_cell ? ");\n" : ";\n");
    }
}

// What gives a value to a variable that owns its Int (own.h): the old one is dropped, unless the
// operation spends it.
static bool replaces_int(const IrOp *op)
{
    if (!op->dst || !op->dst->owns_int || op->kind == IR_MOVE || op->kind == IR_BOX) return false;
    for (int i = 0; i < 2; i++)
        if (op->spent >> i & 1 && op->args[i].as.var == op->dst) return false;
    return true;
}

void emit_command(Emit *emit, const IrOp *op)
{
    Form form = form_of(emit, op);
    bool is_replacing = replaces_int(op) && is_wanted(op);
    if (is_replacing) emit_template(emit, op, "{ tb_value tb_old_ = $d;");
    bool is_hot = emit_hot(emit, op);
    if (!is_hot && form.expression) emit_expression(emit, op, form);
    if (is_replacing) emit_line(emit, "tb_int_drop(tb_old_); }");
    if (is_hot || form.expression) return;
    switch ((IrKind)op->kind) {
    case IR_CLOSURE:
        emit_closure(emit, op);
        break;
    case IR_GLOBAL_SET:
        emit_template(emit, op, "$g = $0;");
        break;
    case IR_CELL_SET:
        emit_template(emit, op, "$0->value = $1;");
        break;
    case IR_CLOSURE_SET:
        emit_template(emit, op, "TB_AS_FN($0)->free[$#] = $1;");
        break;
    case IR_FIELD_SET:
        emit_template(emit, op,
                      ir_operand_repr(op->args[1]) == REPR_FLOAT
                          ? "TB_AS_INSTANCE($0)->slots[$#].number = $1;"
                          : "TB_AS_INSTANCE($0)->slots[$#].value = $1;");
        break;
    case IR_SET_CHECK:
        emit_template(emit, op, "TB_CHECK_SET($0, $s, $@, $!);");
        break;
    case IR_CHECKED_OP:
        emit_declare_result(emit, op);
        emit_template(emit, op, checked_template(op));
        break;
    case IR_ITEM_GET:
        emit_get_item(emit, op);
        break;
    case IR_ITEM_SET:
        emit_set_item(emit, op);
        break;
    case IR_VIEW:
        emit_view(emit, op);
        break;
    case IR_GUARD:
        emit_declare_result(emit, op);
        emit_template(emit, op, "TB_RAW_GUARD($d, $0, $>);");
        break;
    case IR_RESUME:
        emit_template(emit, op, "resume_$#:;");
        break;
    case IR_FIELD_GET:
        emit_declare_result(emit, op);
        emit_template(emit, op,
                      op->dst->repr == REPR_FLOAT ? "TB_FIELD_FLOAT($d, $0, $#, $l, $@, $!);"
                                                  : "TB_FIELD($d, $0, $#, $l, $@, $!);");
        break;
    default:
        emit_poll(emit, op);
        break; // IR_POLL
    }
}

// Fast and slow versions of functions in C (raw.h): how a fast version is left, how its slow twin
// begins, and the entry that boxed code calls.
#include "emit_state.h"

#include <inttypes.h>
#include <stdio.h>

// ------------------------------------------------------------------------------------ signatures

// What goes along at exits, and where its slow version takes it up.
void emit_slow_prototype(Emit *emit, const IrFunction *slow, const char *end)
{
    emit_text(emit, "static TB_COLD %s%s(%sint point_, const struct %s *live_)%s",
              emit_result_type(slow), slow->c_name, slow->is_closure ? "tb_fn *self_, " : "",
              slow->live_c_name, end);
}

// A Float, Bool or boxed result is that of the slow version; a raw Int is unboxed.
static void emit_slow_call(Emit *emit, const IrFunction *slow, const char *point)
{
    bool is_raw = emit->function == slow->fast && ir_has_raw_result(slow->fast);
    emit_text(emit, "return %s%s(%s%s, ", is_raw ? "tb_raw_result(" : "", slow->c_name,
              slow->is_closure ? "self_, " : "", point);
}

// ------------------------------------------------------------------------------------------ exits

static bool is_by_pointer(const IrVar *var)
{
    return var->repr == REPR_ITER || var->repr == REPR_ARRAY;
}

static void emit_live_value(Emit *emit, const IrVar *slow, IrOperand fast)
{
    emit_text(emit, ".");
    emit_var(emit, slow);
    emit_text(emit, slow->repr == REPR_ITER ? " = &" : " = ");
    emit_operand(emit, fast);
}

void emit_live_values(Emit *emit, const IrExit *exit)
{
    for (int i = 0; i < exit->count; i++) {
        if (i) emit_text(emit, ", ");
        emit_live_value(emit, exit->slow[i], exit->fast[i]);
    }
}

void emit_leave(Emit *emit, const IrOp *op)
{
    const IrExit *exit = op->exit;
    const IrFunction *slow = emit->function->slow;
    if (!exit) { // nobody wants a wide result
        emit_text(emit, "(void)tb_raw_wide()");
        return;
    }
    bool brings = exit->result && slow->is_live[exit->result->number];
    char point[16];
    snprintf(point, sizeof point, "%d", exit->number);
    emit_slow_call(emit, slow, point);
    emit_text(emit, "&(struct %s){", slow->live_c_name);
    emit_live_values(emit, exit);
    if (brings) {
        emit_text(emit, "%s.value_ = ", exit->count ? ", " : "");
        if (exit->value.kind == OPERAND_NONE)
            emit_text(emit, "tb_raw_wide()");
        else
            emit_operand(emit, exit->value);
    } else if (!exit->count) {
        emit_text(emit, "0");
    }
    emit_text(emit, ir_has_raw_result(emit->function) ? "}))" : "})");
}

// ------------------------------------------------------------------------------------------ items

// `Int`, `Float` …: how the macros for items are named.
static const char *items_name(IrRepr repr)
{
    return repr == REPR_INT     ? "INT"
           : repr == REPR_FLOAT ? "FLOAT"
           : repr == REPR_BOOL  ? "BOOL"
                                : "BOXED";
}

// Negative constants count from the end.
static void emit_index(Emit *emit, IrOperand index)
{
    bool is_from_end = index.kind == OPERAND_INT && index.as.integer < 0;
    if (is_from_end)
        emit_text(emit, "TB_FROM_END(%" PRIu64 ")", -(uint64_t)index.as.integer);
    else
        emit_operand(emit, index);
}

// TB_ITEM_INT(result, list, index, leave); by a view TB_VIEW_INT(result, view, list, index, leave).
void emit_get_item(Emit *emit, const IrOp *op)
{
    bool has_view = op->args[2].kind == OPERAND_VAR;
    bool is_boxed = op->dst->repr == REPR_VALUE;
    emit_declare_result(emit, op);
    emit_indent(emit);
    emit_text(emit, has_view ? "TB_VIEW_%s(" : "TB_ITEM_%s(", items_name(op->dst->repr));
    emit_pattern(emit, op, has_view ? "$d, $2, $0, " : "$d, $0, ");
    emit_index(emit, op->args[1]);
    emit_pattern(emit, op, is_boxed ? ", $@, $!);\n" : ", $>);\n");
}

void emit_set_item(Emit *emit, const IrOp *op)
{
    bool has_view = op->args[3].kind == OPERAND_VAR;
    emit_indent(emit);
    emit_text(emit, has_view ? "TB_VIEW_SET_%s(" : "TB_ITEM_SET_%s(",
              items_name(ir_operand_repr(op->args[2])));
    emit_pattern(emit, op, has_view ? "$3, $0, " : "$0, ");
    emit_index(emit, op->args[1]);
    emit_pattern(emit, op, ", $2, $>);\n");
}

void emit_view(Emit *emit, const IrOp *op)
{
    static const char *const kinds[] = {"BOXED", "INT", "FLOAT", "BOOL"};
    emit_declare_result(emit, op);
    emit_indent(emit);
    emit_pattern(emit, op, "TB_VIEW($d, $0, TB_ITEMS_");
    emit_text(emit, "%s);\n", kinds[op->dst->length]);
}

// ----------------------------------------------------------------------------------- slow version

// Whether the entry starts it, with Ints that are not small.
static bool is_entered(const IrFunction *slow)
{
    return slow->fast->needs_entry && ir_has_raw_param(slow->fast);
}

void emit_live_field(Emit *emit, const IrVar *var, bool is_raw)
{
    const char *type = is_raw                    ? "int64_t "
                       : var->repr == REPR_ITER  ? "const tb_iter *"
                       : var->repr == REPR_ARRAY ? "const tb_value *"
                                                 : emit_repr(var->repr);
    emit_text(emit, "    %s", type);
    emit_var(emit, var);
    emit_text(emit, ";\n");
}

static void emit_live_struct(Emit *emit, const IrFunction *slow)
{
    emit_text(emit, "struct %s {\n    tb_value value_;\n", slow->live_c_name);
    if (is_entered(slow)) emit_text(emit, "    const tb_value *params_;\n");
    for (const IrVar *var = slow->vars; var; var = var->next)
        if (slow->is_live[var->number]) emit_live_field(emit, var, slow->is_raw[var->number]);
    emit_text(emit, "};\n\n");
}

// Declares what came along with the value it had; raw Ints are boxed again.
void emit_take_up(Emit *emit, const IrVar *var, bool is_raw)
{
    emit_indent(emit);
    emit_text(emit, "%s", emit_repr(var->repr));
    emit_var(emit, var);
    if (var->repr == REPR_ARRAY) emit_text(emit, "[%d]", var->length);
    if (!is_by_pointer(var)) {
        emit_text(emit, is_raw ? " = tb_int_from(live_->" : " = live_->");
        emit_var(emit, var);
        emit_text(emit, is_raw ? ");\n" : ";\n");
        return;
    }
    const char *copy = var->repr == REPR_ITER ? " = *live_->" : "[i_] = live_->";
    emit_text(emit, var->repr == REPR_ARRAY ? " = {0};\n" : ";\n");
    emit_indent(emit);
    emit_text(emit, "if (live_->");
    emit_var(emit, var);
    emit_text(emit, ") ");
    if (var->repr == REPR_ARRAY) emit_text(emit, "for (int i_ = 0; i_ < %d; i_++) ", var->length);
    emit_var(emit, var);
    emit_text(emit, "%s", copy);
    emit_var(emit, var);
    emit_text(emit, var->repr == REPR_ARRAY ? "[i_];\n" : ";\n");
}

// Boxed parameters of an entry stand in an array, in the order of the raw ones.
static void emit_entry_case(Emit *emit, const IrFunction *slow)
{
    if (!is_entered(slow)) return;
    emit_line(emit, "case 0:");
    for (int i = 0, raw = 0; i < slow->params.count; i++) {
        if (!slow->fast->raw_params[i]) continue;
        const IrVar *param = slow->params.items[i];
        if (param->is_param) {
            emit_indent(emit);
            emit_text(emit, "    ");
            emit_var(emit, param);
            emit_text(emit, " = live_->params_[%d];\n", raw);
        }
        raw++;
    }
    emit_line(emit, "    break;");
}

// By number of the exit, the variable that gets the value brought along.
static void find_results(const IrBlock *block, const IrVar **results)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        const IrExit *exit = ir_exit_of(op);
        if (exit && op->kind != IR_POLL) results[exit->number] = exit->result;
        if (!ir_has_blocks(op)) continue;
        find_results(op->body, results);
        if (op->other) find_results(op->other, results);
    }
}

static void emit_resume_cases(Emit *emit, const IrFunction *slow)
{
    const IrVar **results = ARENA_ARRAY(emit->arena, const IrVar *, slow->exit_count + 1);
    find_results(slow->fast->body, results);
    for (int number = 1; number <= slow->exit_count; number++) {
        const IrVar *result = results[number];
        emit_line(emit, "case %d:", number);
        emit_indent(emit);
        emit_text(emit, "    ");
        if (result && slow->is_live[result->number]) {
            emit_var(emit, result);
            emit_text(emit, " = live_->value_;\n");
            emit_indent(emit);
            emit_text(emit, "    ");
        }
        emit_text(emit, "goto resume_%d;\n", number);
    }
}

void emit_slow_head(Emit *emit, const IrFunction *slow)
{
    bool has_raw = false;
    emit_line(emit, "(void)live_;");
    for (const IrVar *var = slow->vars; var; var = var->next) {
        if (!slow->is_live[var->number]) continue;
        emit_take_up(emit, var, slow->is_raw[var->number]);
        has_raw |= slow->is_raw[var->number];
    }
    if (has_raw) { // a raw Int of more than 62 bits needs memory
        emit_indent(emit);
        emit_text(emit, "if (tb_rt.pending) goto ");
        emit_fail_label(emit);
        emit_text(emit, ";\n");
    }
    emit_line(emit, "switch (point_) {");
    emit_entry_case(emit, slow);
    emit_resume_cases(emit, slow);
    emit_line(emit, "}");
}

void emit_slow_start(Emit *emit, const IrFunction *slow)
{
    emit_live_struct(emit, slow);
    emit_text(emit, "/* %s, from any exit of its fast version on */\n",
              *slow->name ? slow->name : "the same");
    emit_slow_prototype(emit, slow, "\n{\n");
}

// ------------------------------------------------------------------------------------------ entry

// Boxed, whatever the fast version returns.
static const char *entry_result_type(const IrFunction *fast)
{
    return fast->result == REPR_NONE ? "int " : emit_repr(fast->result);
}

void emit_entry_prototype(Emit *emit, const IrFunction *fast, const char *end)
{
    const IrFunction *slow = fast->slow;
    emit_text(emit, "static %s%s(%s", entry_result_type(fast), fast->entry_c_name,
              fast->is_closure ? "tb_fn *self_" : "");
    const char *between = fast->is_closure ? ", " : "";
    for (int i = 0; i < slow->params.count; i++, between = ", ")
        emit_text(emit, "%s%s%s", between, emit_repr(slow->params.items[i]->repr),
                  fast->params.items[i]->name);
    emit_text(emit, "%s)%s", *between ? "" : "void", end);
}

// Small Ints only: the fast version can begin.
static void emit_entry_test(Emit *emit, const IrFunction *fast)
{
    const char *between = "    if (";
    for (int i = 0; i < fast->params.count; i++) {
        if (!fast->raw_params[i]) continue;
        emit_text(emit, "%sTB_IS_INT62(%s)", between, fast->params.items[i]->name);
        between = " && ";
    }
    emit_text(emit, ")\n    ");
}

static void emit_entry_fast(Emit *emit, const IrFunction *fast)
{
    bool is_raw = ir_has_raw_result(fast);
    emit_text(emit, "    return %s%s(%s", is_raw ? "tb_raw_boxed(" : "", fast->c_name,
              fast->is_closure ? "self_" : "");
    const char *between = fast->is_closure ? ", " : "";
    for (int i = 0; i < fast->params.count; i++, between = ", ")
        emit_text(emit, fast->raw_params[i] ? "%sTB_UNBOX_INT(%s)" : "%s%s", between,
                  fast->params.items[i]->name);
    emit_text(emit, is_raw ? "));\n" : ");\n");
}

static void emit_entry_slow(Emit *emit, const IrFunction *fast)
{
    const IrFunction *slow = fast->slow;
    emit_indent(emit);
    emit_text(emit, "return %s(%s0, &(struct %s){.params_ = (tb_value[]){", slow->c_name,
              fast->is_closure ? "self_, " : "", slow->live_c_name);
    const char *between = "";
    for (int i = 0; i < fast->params.count; i++) {
        if (!fast->raw_params[i]) continue;
        emit_text(emit, "%s%s", between, fast->params.items[i]->name);
        between = ", ";
    }
    emit_text(emit, "}");
    for (int i = 0; i < fast->params.count; i++)
        if (!fast->raw_params[i] && slow->params.items[i]->is_param)
            emit_text(emit, ", .%s = %s", slow->params.items[i]->name, fast->params.items[i]->name);
    emit_text(emit, "});\n");
}

void emit_entry(Emit *emit, const IrFunction *fast)
{
    emit_text(emit, "/* %s, called by boxed code */\n", *fast->name ? fast->name : "the same");
    emit_entry_prototype(emit, fast, "\n{\n");
    emit->depth = 1;
    if (ir_has_raw_param(fast)) emit_entry_test(emit, fast);
    emit_entry_fast(emit, fast);
    if (ir_has_raw_param(fast)) emit_entry_slow(emit, fast);
    emit->depth = 0;
    emit_text(emit, "}\n\n");
}

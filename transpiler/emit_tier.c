// The two texts of a program that changes over while it runs (tier_points.h). The first defines the
// data and can be left at loop heads; the second has the same functions on the first one's data,
// and for each function with loops a copy that begins at any of them. Tables at the end of both
// texts, in the same order, say what belongs together.
#include "emit_state.h"

// ------------------------------------------------------------------------------------------- data

bool emit_is_elsewhere(Emit *emit, const char *type, const char *name)
{
    if (emit->options.tier == TIER_ALONE) return false;
    if (emit->options.tier == TIER_SECOND)
        emit_text(emit, "extern %s%s __asm__(\"shared_%d\");\n", type, name, emit->shared.count);
    VEC_PUSH(emit->arena, emit->shared, name);
    return emit->options.tier == TIER_SECOND;
}

// ------------------------------------------------------------------------------------------ loops

void emit_loop_prototype(Emit *emit, const IrFunction *function, const char *end)
{
    bool is_declared = *end == ';';
    if (is_declared) emit_text(emit, "struct %s__live;\n", function->loop_c_name);
    emit_text(emit, "static %s%s(%sint point_, const struct %s__live *live_)%s",
              emit_result_type(function), function->loop_c_name,
              function->is_closure ? "tb_fn *self_, " : "", function->loop_c_name, end);
}

void emit_loop_start(Emit *emit, const IrFunction *function)
{
    emit_text(emit, "struct %s__live {\n", function->loop_c_name);
    bool has_any = false;
    for (const IrVar *var = function->vars; var; var = var->next) {
        if (!function->is_loop_live[var->number]) continue;
        emit_live_field(emit, var, false);
        has_any = true;
    }
    emit_text(emit, has_any ? "};\n\n" : "    int nothing_;\n};\n\n");
}

// What a call from the first text finds before the second is there: nothing, since none is made.
void emit_loop_stub(Emit *emit, const IrFunction *function)
{
    emit_loop_prototype(emit, function, "\n{\n");
    emit->depth = 1;
    if (function->is_closure) emit_line(emit, "(void)self_;");
    emit_line(emit, "(void)point_;");
    emit_line(emit, "(void)live_;");
    emit_line(emit, "return %s;", emit_failure_result(function));
    emit->depth = 0;
    emit_text(emit, "}\n\n");
}

// A variable that owns its Int and has none yet.
static void declare_owner(Emit *emit, const IrVar *var)
{
    emit_indent(emit);
    emit_text(emit, "tb_value ");
    emit_var(emit, var);
    emit_text(emit, " = TB_INT62(0);\n");
}

void emit_loop_head(Emit *emit, const IrFunction *function)
{
    emit_line(emit, "(void)live_;");
    for (const IrVar *var = function->vars; var; var = var->next) {
        if (function->is_loop_live[var->number])
            emit_take_up(emit, var, false);
        else if (var->owns_int)
            declare_owner(emit, var);
    }
    emit_line(emit, "switch (point_) {");
    for (int number = 2; number <= function->loop_count; number++)
        emit_line(emit, "case %d: goto loop_%d;", number, number);
    emit_line(emit, "default: goto loop_1;");
    emit_line(emit, "}");
}

void emit_poll(Emit *emit, const IrOp *op)
{
    if (!op->exit || emit->options.tier != TIER_FIRST) {
        emit_template(emit, op, op->is_quiet ? "TB_POLL_QUIET($@, $!);" : "TB_POLL($@, $!);");
        return;
    }
    const char *name = emit->function->loop_c_name;
    emit_indent(emit);
    emit_text(emit, "TB_POLL_TIER(%s, ", op->is_quiet ? "tb_interrupt" : "tb_poll");
    emit_pattern(emit, op, "$@, $!, return ");
    emit_text(emit, "%s(%s%d, &(struct %s__live){", name,
              emit->function->is_closure ? "self_, " : "", op->exit->number, name);
    emit_live_values(emit, op->exit);
    emit_text(emit, op->exit->count ? "}));\n" : "0}));\n");
}

// ----------------------------------------------------------------------------------------- tables

// The functions, and behind them those that begin at loops.
static void emit_code_table(Emit *emit, int *count, int *loop_count)
{
    const IrProgram *program = emit->program;
    emit_text(emit, "static const tb_code code_[] = {\n");
    for (int i = 0; i < program->functions.count; i++) {
        const IrFunction *function = program->functions.items[i];
        emit_text(emit, "    TB_CODE(%s),\n", function->c_name);
        if (function->needs_entry) emit_text(emit, "    TB_CODE(%s),\n", function->entry_c_name);
        *count += 1 + function->needs_entry;
    }
    for (int i = 0; i < program->functions.count; i++) {
        const IrFunction *function = program->functions.items[i];
        if (!function->loop_count) continue;
        emit_text(emit, "    TB_CODE(%s),\n", function->loop_c_name);
        ++*loop_count;
    }
    emit_text(emit, "};\n");
    *count += *loop_count;
}

void emit_tier(Emit *emit)
{
    if (emit->options.tier == TIER_ALONE) return;
    bool is_first = emit->options.tier == TIER_FIRST;
    if (is_first) {
        emit_text(emit, "static const void *const shared_[] = {\n");
        for (int i = 0; i < emit->shared.count; i++)
            emit_text(emit, "    &%s,\n", emit->shared.items[i]);
        emit_text(emit, "    0,\n};\n");
    }
    int count = 0, loop_count = 0;
    emit_code_table(emit, &count, &loop_count);
    emit_text(emit, "const tb_tier tb_main_tier = {%s, %d, code_, %d, %d};\n\n",
              is_first ? "shared_" : "0", emit->shared.count, count, loop_count);
}

// Functions in C: the heading, what is declared first, the commands with their control flow, and a
// label for every handler that something goes to.
#include "emit_state.h"
#include "tier_points.h"

// What a function of this result representation returns when it fails.
static const char *pending_result(IrRepr repr)
{
    switch (repr) {
    case REPR_VALUE:
        return "TB_PENDING";
    case REPR_INT:
        return "INT64_MIN";
    case REPR_FLOAT:
        return "tb_nan()";
    default:
        return "-1";
    }
}

const char *emit_failure_result(const IrFunction *function)
{
    return pending_result(ir_has_raw_result(function) ? REPR_INT : function->result);
}

const char *emit_result_type(const IrFunction *function)
{
    if (function->result == REPR_NONE) return "int ";
    return ir_has_raw_result(function) ? "int64_t " : emit_repr(function->result);
}

// --------------------------------------------------------------------------------------- control
// flow

static void emit_block(Emit *emit, IrBlock *block);

static void emit_braced(Emit *emit, IrBlock *block)
{
    emit->depth++;
    emit_declare_vars(emit, block);
    emit_block(emit, block);
    emit->depth--;
}

// The number of a construct's labels, given to it by the first that goes there.
static int label_of(Emit *emit, IrOp *construct)
{
    if (!construct->label) construct->label = ++emit->label_count;
    return construct->label;
}

static void emit_goto_exit(Emit *emit, const char *word, IrOp *target)
{
    target->has_exit_label = true;
    emit_text(emit, "goto %s_%d;", word, label_of(emit, target));
}

static void emit_goto_next(Emit *emit, IrOp *target)
{
    target->has_next_label = true;
    emit_text(emit, "goto next_%d;", label_of(emit, target));
}

// Without indentation and newline. In C, `break` and `continue` speak of the innermost loop.
static void emit_jump(Emit *emit, const IrOp *op)
{
    bool is_inner = op->as.target == emit->loop;
    switch ((IrKind)op->kind) {
    case IR_BREAK:
        if (is_inner)
            emit_text(emit, "break;");
        else
            emit_goto_exit(emit, "break", op->as.target);
        break;
    case IR_CONTINUE:
        if (is_inner)
            emit_text(emit, "continue;");
        else
            emit_goto_next(emit, op->as.target);
        break;
    case IR_LEAVE:
        emit_goto_exit(emit, "after", op->as.target);
        break;
    default: // IR_FAIL
        emit_text(emit, "goto ");
        emit_fail_label(emit);
        emit_text(emit, ";");
    }
}

static bool is_jump(const IrOp *op)
{
    return op->kind == IR_BREAK || op->kind == IR_CONTINUE || op->kind == IR_LEAVE ||
           op->kind == IR_FAIL;
}

static bool is_infix(const IrOp *op)
{
    return op->kind == IR_RAW_OP || op->kind == IR_FLOAT_OP ||
           (op->kind == IR_INT_OP && !op->is_hot);
}

// What stands in the brackets of an `if`: the operand, or [source], the command right before that
// makes it.
static void emit_condition(Emit *emit, const IrOp *op, const IrOp *source, bool is_negated)
{
    bool has_brackets = is_negated && source && is_infix(source);
    if (is_negated) emit_text(emit, has_brackets ? "!(" : "!");
    if (source)
        emit_plain(emit, source);
    else
        emit_operand(emit, op->args[0]);
    if (has_brackets) emit_text(emit, ")");
}

static void emit_if(Emit *emit, const IrOp *op, const IrOp *source)
{
    bool has_body = op->body->first != NULL, has_other = op->other && op->other->first;
    IrBlock *body = has_body ? op->body : op->other;
    if (!has_body && !has_other) body = op->body; // the condition may do something
    emit_indent(emit);
    emit_text(emit, "if (");
    emit_condition(emit, op, source, !has_body && has_other);
    if (!(has_body && has_other) && body->first && is_jump(body->first)) {
        emit_text(emit, ") ");
        emit_jump(emit, body->first);
        emit_text(emit, "\n");
        return;
    }
    emit_text(emit, ") {\n");
    emit_braced(emit, body);
    if (has_body && has_other) {
        emit_line(emit, "} else {");
        emit_braced(emit, op->other);
    }
    emit_line(emit, "}");
}

// The command whose value the IF [op] alone asks for, if that is [before] and can stand in the
// condition.
static const IrOp *condition_source(const Emit *emit, const IrOp *before, const IrOp *op)
{
    const IrVar *var = before->dst;
    if (!op || op->kind != IR_IF || !var || var->name || var->use_count != 1 || var->set_count != 1)
        return NULL;
    if (op->args[0].kind != OPERAND_VAR || op->args[0].as.var != var) return NULL;
    return emit_is_plain(emit, before) ? before : NULL;
}

// Whether this copy of the function can begin at the loop.
static bool is_entered(const Emit *emit, const IrOp *loop)
{
    return emit->begins_at_loop && tier_point_of(loop);
}

// for (counter = from; counter < to; counter += step) {
static void emit_count_head(Emit *emit, const IrOp *op)
{
    int64_t step = op->args[2].as.integer;
    emit_indent(emit);
    emit_pattern(emit, op, is_entered(emit, op) ? "for (; $d" : "for ($=$0; $d");
    emit_pattern(emit, op, step > 0 ? " < $1; $d" : " > $1; $d");
    if (step == 1)
        emit_text(emit, "++");
    else if (step == -1)
        emit_text(emit, "--");
    else {
        emit_text(emit, " += ");
        emit_int(emit, step);
    }
    emit_text(emit, ") {\n");
}

static void emit_loop(Emit *emit, IrOp *op)
{
    const IrOp *outer = emit->loop;
    if (is_entered(emit, op)) {
        if (op->kind == IR_COUNT) emit_template(emit, op, "$=$0;");
        emit_line(emit, "loop_%d:;", tier_point_of(op)->number);
    }
    if (op->kind == IR_COUNT)
        emit_count_head(emit, op);
    else
        emit_line(emit, "for (;;) {");
    emit->loop = op;
    emit_braced(emit, op->body);
    emit->loop = outer;
    if (op->has_next_label) emit_line(emit, "    next_%d:;", op->label);
    emit_line(emit, "}");
    if (op->has_exit_label) emit_line(emit, "break_%d:;", op->label);
}

static void emit_braces(Emit *emit, IrBlock *block)
{
    emit_line(emit, "{");
    emit_braced(emit, block);
    emit_line(emit, "}");
}

static void emit_try(Emit *emit, IrOp *op)
{
    int outer = emit->handler, label = ++emit->label_count;
    bool outer_fails = emit->fails;
    emit->handler = label;
    emit->fails = false;
    emit_braces(emit, op->body);
    bool caught = emit->fails;
    emit->handler = outer;
    emit->fails = outer_fails;
    if (!caught) return; // opt knows too, so this is for the eye only
    emit_line(emit, "goto end_%d;", label);
    emit_line(emit, "catch_%d:;", label);
    emit_braces(emit, op->other);
    emit_line(emit, "end_%d:;", label);
    emit->uses_at = true;
}

// --------------------------------------------------------------------------------------------
// blocks

static void emit_source_line(Emit *emit, const IrOp *op)
{
    const struct Module *module = emit->function->module;
    if (!op->span.end || module->is_library || emit->function->is_wrapper) return;
    uint32_t line = source_position(module->source, op->span.start).line;
    if (line == emit->line) return;
    emit->line = line;
    if (!emit->options.line_directives) {
        if (!emit->options.is_memory) emit_line(emit, "/* %u */", line);
        return;
    }
    emit_text(emit, "#line %u", line);
    if (emit->named_module != module) {
        emit_text(emit, " ");
        emit_c_path(emit, module);
        emit->named_module = module;
    }
    emit_text(emit, "\n");
}

static void emit_op(Emit *emit, IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_IF:
        emit_if(emit, op, NULL);
        break;
    case IR_LOOP:
    case IR_COUNT:
        emit_loop(emit, op);
        break;
    case IR_BLOCK:
        emit_braces(emit, op->body);
        if (op->has_exit_label) emit_line(emit, "after_%d:;", op->label);
        break;
    case IR_TRY:
        emit_try(emit, op);
        break;
    case IR_BREAK:
    case IR_CONTINUE:
    case IR_LEAVE:
    case IR_FAIL:
        emit_indent(emit);
        emit_jump(emit, op);
        emit_text(emit, "\n");
        break;
    case IR_RETURN:
        emit_template(emit, op, emit->function->result == REPR_NONE ? "return 0;" : "return $0;");
        break;
    default:
        emit_command(emit, op);
        break;
    }
}

// Whether a temporary that one command of the block makes and the one just emitted reads, and
// nothing else, may be a large text or list.
static bool is_worth_forgetting(const IrVar *var, const IrBlock *block)
{
    bool is_done = !var->name && !var->is_param && var->made_in == block && var->mention_count == 2;
    unsigned small = KINDS_NUMBER | KIND_BIT(TB_NONE);
    return is_done && var->repr == REPR_VALUE && (!var->type || var->type->kinds & ~small);
}

// In libtcc's code each temporary has a place of its own in the frame, where what was read from it
// would be held until the function returns.
static void emit_forgetting(Emit *emit, const IrOp *op, const IrBlock *block)
{
    if (!emit->options.is_memory || ir_has_blocks(op) || is_jump(op) || op->kind == IR_RETURN)
        return;
    for (int i = 0; i < op->arg_count; i++) {
        const IrVar *var = op->args[i].kind == OPERAND_VAR ? op->args[i].as.var : NULL;
        if (!var || !is_worth_forgetting(var, block)) continue;
        emit_indent(emit);
        emit_var(emit, var);
        emit_text(emit, " = 0;\n");
    }
    if (op->dst) op->dst->made_in = block;
}

static void emit_block(Emit *emit, IrBlock *block)
{
    for (IrOp *op = block->first; op; op = op->next) {
        emit_source_line(emit, op);
        const IrOp *source = condition_source(emit, op, op->next);
        if (source) {
            op = op->next;
            emit_if(emit, op, source);
        } else {
            emit_op(emit, op);
            emit_forgetting(emit, op, block);
        }
    }
}

// ------------------------------------------------------------------------------------------
// functions

void emit_prototype(Emit *emit, const IrFunction *function, const char *end)
{
    emit_text(emit, "static %s%s(", emit_result_type(function), function->c_name);
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
            emit_text(emit, "%s%s%s", between, emit_repr(param->repr), param->name);
            between = ", ";
        }
        if (!*between) emit_text(emit, "void");
    }
    emit_text(emit, ")%s", end);
}

// Above each function: what the user wrote, and where.
static void emit_heading(Emit *emit, const IrFunction *function)
{
    if (function->is_wrapper) {
        emit_text(emit, "/* %s, as a value */\n", *function->name ? function->name : "function");
        return;
    }
    Position at = source_position(function->module->source, function->span.start);
    const char *name = function->info && !function->info->node ? "the top level"
                       : *function->name                       ? function->name
                                                               : "a function";
    emit_text(emit, "/* %s, %s:%u */\n", name,
              emit_in_comment(emit->arena, function->module->source->path), at.line);
}

static void emit_array_params(Emit *emit, const IrFunction *function)
{
    for (int i = 0; i < function->params.count; i++)
        emit_line(emit, "tb_value %s = args_[%d];", function->params.items[i]->name, i);
}

static void emit_unused_params(Emit *emit, const IrFunction *function)
{
    for (int i = 0; i < function->params.count; i++)
        if (!function->params.items[i]->use_count)
            emit_line(emit, "(void)%s;", function->params.items[i]->name);
    if (function->is_closure && !function->uses_self) emit_line(emit, "(void)self_;");
}

static void emit_fail_exit(Emit *emit, const IrFunction *function)
{
    bool is_value = function->result == REPR_VALUE && !ir_has_raw_result(function);
    emit_text(emit, "fail:\n");
    if (function->is_wrapper || function->is_transparent) {
        emit_line(emit, "(void)at_;");
        emit_line(emit, "return %s;", emit_failure_result(function));
        return;
    }
    emit_indent(emit);
    emit_text(emit, is_value ? "return tb_trace(" : "tb_trace(");
    emit_info_address(emit);
    emit_text(emit, ", at_);\n");
    if (!is_value) emit_line(emit, "return %s;", emit_failure_result(function));
}

static void begin_function(Emit *emit, IrFunction *function)
{
    emit->function = function;
    emit->function_lines = emit_lines_of(emit, function->module);
    emit->line = 0;
    emit->label_count = 0;
    emit->fails = emit->uses_at = false;
    cnames_clear(&emit->locals);
    emit_place_vars(emit, function);
}

// The body, and the exits that go with it; [head] writes what comes first, or is NULL.
static void emit_body(Emit *emit, IrFunction *function,
                      void (*head)(Emit *emit, const IrFunction *function))
{
    // Whether at_ is needed is known only behind the body: its place is kept.
    size_t at_place = emit->text.size;
    emit_declare_vars(emit, function->body);
    if (function->can_fail && !function->is_wrapper && !function->is_transparent)
        emit_line(emit, "TB_ENTER(%s);", emit_failure_result(function));
    if (head) head(emit, function);
    emit_block(emit, function->body);
    if (emit->fails) emit_fail_exit(emit, function);
    static const char at_line[] = "    int64_t at_ = 0;\n";
    if (emit->fails || emit->uses_at)
        text_insert(&emit->text, at_place, at_line, sizeof at_line - 1);
    emit->depth = 0;
    emit_text(emit, "}\n\n");
}

static void emit_version(Emit *emit, IrFunction *function)
{
    begin_function(emit, function);
    bool is_slow = function->fast != NULL;
    if (function->loop_count) emit_loop_start(emit, function);
    if (is_slow) {
        emit_slow_start(emit, function);
    } else {
        emit_heading(emit, function);
        emit_prototype(emit, function, "\n{\n");
    }
    emit->depth = 1;
    if (function->is_array_code) emit_array_params(emit, function);
    if (!is_slow) emit_unused_params(emit, function);
    emit_body(emit, function, is_slow ? emit_slow_head : NULL);
}

// Declares what comes along at the start, and with it variables that own their Int: what they held
// before is given back.
static void emit_loop_copy(Emit *emit, IrFunction *function)
{
    bool *was_param = ARENA_ARRAY(emit->arena, bool, function->var_count + 1);
    for (IrVar *var = function->vars; var; var = var->next) {
        was_param[var->number] = var->is_param;
        var->is_param = function->is_loop_live[var->number] || var->owns_int;
    }
    emit->label_count = 0;
    emit->fails = emit->uses_at = false;
    emit->begins_at_loop = true;
    emit_place_vars_again(function);
    emit_loop_prototype(emit, function, "\n{\n");
    emit->depth = 1;
    emit_body(emit, function, emit_loop_head);
    emit->begins_at_loop = false;
    for (IrVar *var = function->vars; var; var = var->next)
        var->is_param = was_param[var->number];
}

void emit_function(Emit *emit, IrFunction *function)
{
    emit_version(emit, function);
    if (function->loop_count && emit->options.tier == TIER_SECOND)
        emit_loop_copy(emit, function);
    else if (function->loop_count)
        emit_loop_stub(emit, function);
    if (function->needs_entry) emit_entry(emit, function);
}

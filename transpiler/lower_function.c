// Functions: their C names and parameters, the forms that the runtime calls with boxed values,
// closures, and what stands at the start of a body. A function is declared when something first
// names it (lower_function_for); its body is lowered later (lower_function_body).
#include "lower_state.h"

const char *lower_module_prefix(const struct Module *module)
{
    return module->name ? module->name->text : "main";
}

static const char *function_c_name(Lower *lower, const FunctionInfo *info)
{
    const char *name = info->name ? info->name->text : "lambda";
    if (info->cls) name = arena_format(lower->arena, "%s__%s", info->cls->name->text, name);
    return arena_format(lower->arena, "%s__%s", lower_module_prefix(info->module), name);
}

static const char *function_name(Lower *lower, const FunctionInfo *info)
{
    if (!info->name) return "";
    if (info->cls)
        return arena_format(lower->arena, "%s.%s", info->cls->name->text, info->name->text);
    return info->name->text;
}

static IrRepr param_repr(Lower *lower, const Symbol *param)
{
    if (param->node->as.param.default_value) return REPR_VALUE;
    return lower_repr_of(infer_symbol_type(lower->compiler, param));
}

IrVar *lower_add_param(Lower *lower, IrFunction *function, const char *name, IrRepr repr,
                       Type *type)
{
    IrVar *var = ir_var(lower->arena, function, name, repr, type);
    var->is_param = true;
    VEC_PUSH(lower->arena, function->params, var);
    return var;
}

IrFunction *lower_new_function(Lower *lower, const char *c_name, const char *name,
                               struct Module *module, Span span)
{
    IrFunction *function = ARENA_NEW(lower->arena, IrFunction);
    function->c_name = c_name;
    function->name = name;
    function->module = module;
    function->span = span;
    function->result = REPR_VALUE;
    function->can_fail = true;
    function->body = ir_block(lower->arena, NULL);
    return function;
}

static IrRepr result_repr(Lower *lower, const FunctionInfo *info)
{
    const Type *type = infer_result_type(lower->compiler, info);
    if (type->kinds && !(type->kinds & ~KIND_BIT(TB_NONE))) return REPR_NONE;
    return lower_repr_of(type);
}

IrFunction *lower_function_for(Lower *lower, FunctionInfo *info)
{
    if (info->lowered) return info->lowered;
    Span span = info->node ? info->node->span : (Span){0, 0};
    IrFunction *function = lower_new_function(lower, function_c_name(lower, info),
                                              function_name(lower, info), info->module, span);
    info->lowered = function;
    function->info = info;
    function->is_method = info->self != NULL;
    function->is_closure = info->captures.count > 0;
    function->result = result_repr(lower, info);
    if (info->self)
        lower_add_param(lower, function, "self", REPR_VALUE,
                        infer_symbol_type(lower->compiler, info->self));
    for (int i = 0; i < info->params.count; i++) {
        Symbol *param = info->params.items[i];
        lower_add_param(lower, function, param->name->text, param_repr(lower, param),
                        infer_symbol_type(lower->compiler, param));
    }
    VEC_PUSH(lower->arena, lower->waiting, info);
    return function;
}

SavedFunction lower_begin_function(Lower *lower, IrFunction *function, FunctionInfo *info)
{
    SavedFunction saved = {lower->info,       lower->module,    lower->function,   lower->block,
                           lower->frame,      lower->storage,   lower->self_value, lower->result,
                           lower->loop_depth, lower->held.count};
    lower->info = info;
    lower->module = function->module;
    lower->function = function;
    lower->block = function->body;
    lower->frame = NULL;
    lower->storage = (Map){0};
    lower->self_value = NULL;
    lower->result = NULL;
    lower->loop_depth = 0;
    return saved;
}

void lower_end_function(Lower *lower, SavedFunction saved)
{
    lower->info = saved.info;
    lower->module = saved.module;
    lower->function = saved.function;
    lower->block = saved.block;
    lower->frame = saved.frame;
    lower->storage = saved.storage;
    lower->self_value = saved.self_value;
    lower->result = saved.result;
    lower->loop_depth = saved.loop_depth;
    lower->held.count = saved.held;
}

void lower_made_function(Lower *lower, IrFunction *function, void (*fill)(Lower *, void *),
                         void *data)
{
    SavedFunction saved = lower_begin_function(lower, function, NULL);
    fill(lower, data);
    lower_end_function(lower, saved);
    VEC_PUSH(lower->arena, lower->program->functions, function);
}

// ---- wrappers: how function values and the runtime call a function

const char *lower_param_text(Lower *lower, const IrFunction *function, const char *param)
{
    if (!*function->name) return arena_format(lower->arena, "`%s`", param);
    return arena_format(lower->arena, "`%s` of `%s`", param, function->name);
}

// A boxed argument as the function itself wants it.
static IrOperand unwrap(Lower *lower, const IrFunction *function, int index, IrVar *given)
{
    const IrVar *param = function->params.items[index];
    IrOperand value = operand_var(given);
    int own = index - (function->is_method ? 1 : 0);
    if (function->info && own >= 0 && !function->is_transparent) {
        const Symbol *symbol = function->info->params.items[own];
        const Node *node = symbol->node;
        bool checks_itself = node->as.param.is_rest || node->as.param.default_value;
        if (!checks_itself && node->as.param.annotation)
            value = lower_check_param(lower, function, value, NULL, symbol, function->span);
    }
    return lower_convert(lower, value, param->repr, function->span);
}

static void fill_wrapper(Lower *lower, IrFunction *wrapper, IrFunction *function)
{
    SavedFunction saved = lower_begin_function(lower, wrapper, NULL);
    int extra = function->is_closure ? 1 : 0;
    int count = function->params.count;
    IrOperand *args = ARENA_ARRAY(lower->arena, IrOperand, count + extra + 1);
    if (extra) {
        IrVar *self = lower_temp(lower, REPR_VALUE);
        lower_op(lower, IR_CAPTURED, function->span, self, 0)->as.index = -1;
        args[0] = operand_var(self);
    }
    for (int i = 0; i < count; i++)
        args[i + extra] = unwrap(lower, function, i, wrapper->params.items[i]);
    IrVar *dst = function->result == REPR_NONE ? NULL : lower_temp(lower, function->result);
    IrOp *call = lower_op(lower, IR_CALL, function->span, dst, count + extra);
    call->as.callee = function;
    if (count + extra) memcpy(call->args, args, sizeof *args * (size_t)(count + extra));
    IrOperand result = dst ? lower_boxed(lower, operand_var(dst), function->span) : operand_none();
    lower_op(lower, IR_RETURN, function->span, NULL, 1)->args[0] = result;
    lower_end_function(lower, saved);
}

static bool is_boxed_form(const IrFunction *function)
{
    if (!function->is_closure || function->result != REPR_VALUE) return false;
    if (function->params.count > TB_DIRECT_MAX) return false;
    for (int i = 0; i < function->params.count; i++) {
        if (function->params.items[i]->repr != REPR_VALUE) return false;
        const Symbol *param =
            function->info && i < function->info->params.count && !function->is_method
                ? function->info->params.items[i]
                : NULL;
        if (param && param->node->as.param.annotation) return false;
    }
    return !function->is_method;
}

IrFunction *lower_boxed_form(Lower *lower, IrFunction *function)
{
    if (function->boxed) return function->boxed;
    if (is_boxed_form(function)) return function->boxed = function;
    IrFunction *wrapper =
        lower_new_function(lower, arena_format(lower->arena, "%s__boxed", function->c_name),
                           function->name, function->module, function->span);
    function->boxed = wrapper;
    wrapper->is_wrapper = true;
    wrapper->is_closure = true;
    wrapper->is_array_code = function->params.count > TB_DIRECT_MAX;
    for (int i = 0; i < function->params.count; i++)
        lower_add_param(lower, wrapper, function->params.items[i]->name, REPR_VALUE, NULL);
    fill_wrapper(lower, wrapper, function);
    VEC_PUSH(lower->arena, lower->program->functions, wrapper);
    return wrapper;
}

void lower_function_value(Lower *lower, IrFunction *function)
{
    lower_boxed_form(lower, function);
}

// What a captured variable is handed over as: its cell, or its value.
static IrOperand captured_operand(Lower *lower, Symbol *symbol, Span span)
{
    if (symbol->kind == SYMBOL_FUNCTION && lower->info && symbol->function == lower->info) {
        return lower_closure(lower, symbol->function, span);
    }
    IrVar *var = lower_reaches_statically(lower, symbol) ? lower_global_get(lower, symbol, span)
                                                         : lower_local(lower, symbol);
    if (var->repr == REPR_CELL) return operand_var(var);
    return lower_boxed(lower, operand_var(var), span);
}

IrOperand lower_closure(Lower *lower, FunctionInfo *info, Span span)
{
    IrFunction *function =
        info->is_extern ? lower_extern_function(lower, info) : lower_function_for(lower, info);
    if (!function->is_closure) {
        lower_function_value(lower, function);
        return operand_function(function);
    }
    if (lower->info == info) { // the function itself, from inside
        if (!lower->self_value) {
            lower->self_value = lower_temp(lower, REPR_VALUE);
            IrOp *op = ARENA_NEW(lower->arena, IrOp);
            *op = (IrOp){.kind = IR_CAPTURED, .span = span, .dst = lower->self_value};
            op->as.index = -1;
            op->next = lower->function->body->first;
            lower->function->body->first = op;
            if (!lower->function->body->last) lower->function->body->last = op;
        }
        return operand_var(lower->self_value);
    }
    lower_boxed_form(lower, function);
    int count = info->captures.count;
    IrOperand *captured = ARENA_ARRAY(lower->arena, IrOperand, count + 1);
    for (int i = 0; i < count; i++)
        captured[i] = captured_operand(lower, info->captures.items[i], span);
    IrVar *dst = lower_temp(lower, REPR_VALUE);
    IrOp *op = lower_op(lower, IR_CLOSURE, span, dst, count);
    op->as.callee = function;
    memcpy(op->args, captured, sizeof *captured * (size_t)count);
    return operand_var(dst);
}

IrOperand lower_read_closure(Lower *lower, FunctionInfo *function, Span span)
{
    if (!function->captures.count || function == lower->info || !function->symbol)
        return lower_closure(lower, function, span);
    Node name = {.kind = NODE_NAME, .span = span, .as.name = {function->name, function->symbol}};
    return lower_read(lower, function->symbol, &name);
}

// ---- bodies

static void load_captures(Lower *lower, FunctionInfo *info)
{
    for (int i = 0; i < info->captures.count; i++) {
        Symbol *symbol = info->captures.items[i];
        IrVar *var = lower_local(lower, symbol);
        IrVar *word =
            var->repr == REPR_CELL || var->repr == REPR_VALUE ? var : lower_temp(lower, REPR_VALUE);
        lower_op(lower, IR_CAPTURED, symbol->span, word, 0)->as.index = i;
        if (word == var) continue;
        lower_op(lower, IR_UNBOX, symbol->span, var, 1)->args[0] = operand_var(word);
    }
}

// Variables that closures share get their cells at the start; those that may be read too early say
// so.
static void prepare_locals(Lower *lower, FunctionInfo *info)
{
    for (int i = 0; i < info->locals.count; i++) {
        Symbol *symbol = info->locals.items[i];
        if (lower_is_static(symbol)) continue;
        if (symbol->needs_cell)
            lower_make_cell(lower, symbol, lower_local(lower, symbol), operand_missing());
        else if (symbol->may_be_unset)
            lower_move(lower, lower_local(lower, symbol), operand_missing(), symbol->span);
    }
}

// What a rest parameter collected: each item must be what its annotation says.
static void check_rest(Lower *lower, const Symbol *param, IrVar *given)
{
    Node *annotation = param->node->as.param.annotation;
    if (!annotation || infer_annotation(lower->compiler, annotation)->kinds == KINDS_ANY) return;
    IrVar *checked = lower_temp(lower, REPR_VALUE);
    IrOp *op = lower_op(lower, IR_CHECK_TYPE, param->node->span, checked, 1);
    op->args[0] = operand_var(given);
    op->as.annotation = annotation;
    op->is_rest = true;
    op->text = lower_param_text(lower, lower->function, param->name->text);
}

// A parameter left out gets its default; then it becomes what the body uses: a cell, or a raw
// value.
static void prepare_param(Lower *lower, Symbol *param, IrVar *given)
{
    Node *value = param->node->as.param.default_value;
    Span span = param->node->span;
    if (value) {
        IrVar *is_missing = lower_temp(lower, REPR_BOOL);
        IrOp *test = lower_op(lower, IR_RUNTIME, span, is_missing, 2);
        test->as.routine = &routine_IDENTICAL;
        test->args[0] = operand_var(given);
        test->args[1] = operand_missing();
        IrOp *branch = lower_if(lower, operand_var(is_missing), span);
        IrBlock *former = lower_enter(lower, branch->body);
        IrOperand made = lower_value(lower, value);
        if (param->node->as.param.annotation)
            made = lower_check_param(lower, lower->function, made, value, param, value->span);
        lower_move(lower, given, made, span);
        if (param->node->as.param
                .annotation) { // it may come from a call of the function as a value
            lower_enter(lower, branch->other);
            IrOperand checked =
                lower_check_param(lower, lower->function, operand_var(given), NULL, param, span);
            lower_move(lower, given, checked, span);
        }
        lower_enter(lower, former);
    }
    if (param->node->as.param.is_rest) check_rest(lower, param, given);
    IrRepr wanted = lower_symbol_repr(lower, param);
    if (wanted == given->repr) {
        map_put(&lower->storage, lower->arena, param, given);
    } else if (wanted == REPR_CELL) {
        lower_make_cell(lower, param, lower_local(lower, param), operand_var(given));
    } else {
        IrVar *var = lower_local(lower, param);
        lower_op(lower, IR_UNBOX, span, var, 1)->args[0] = operand_var(given);
    }
}

static void prepare_params(Lower *lower, FunctionInfo *info)
{
    int first = 0;
    if (info->self) {
        IrVar *self = lower->function->params.items[first++];
        if (info->self->needs_cell)
            lower_make_cell(lower, info->self, lower_local(lower, info->self), operand_var(self));
        else
            map_put(&lower->storage, lower->arena, info->self, self);
    }
    for (int i = 0; i < info->params.count; i++)
        prepare_param(lower, info->params.items[i], lower->function->params.items[first + i]);
}

void lower_function_body(Lower *lower, FunctionInfo *info)
{
    IrFunction *function = info->lowered;
    SavedFunction saved = lower_begin_function(lower, function, info);
    prepare_locals(lower, info);
    load_captures(lower, info);
    prepare_params(lower, info);
    Node *body = info->node->as.function.body;
    IrVar *dst = function->result == REPR_NONE ? NULL : lower_temp(lower, function->result);
    if (info->node->flags & NODE_ONE_EXPRESSION) {
        IrOperand value = lower_expr(lower, body);
        lower_return(lower, value, body, body->span);
    } else {
        lower_body_into(lower, body, dst);
        const Node *last = body->kind == NODE_BLOCK ? body->as.list.last : body;
        lower_return(lower, dst ? operand_var(dst) : operand_none(), last,
                     last ? last->span : body->span);
    }
    lower_end_function(lower, saved);
    VEC_PUSH(lower->arena, lower->program->functions, function);
}

// The frame of lower: making commands, conversions, variables, functions and classes. Start at
// lower_program.
#include "lower.h"

#include "cname.h"
#include "lower_state.h"

#include <assert.h>

#define ROUTINE(name, c, s) const IrRoutine routine_##name = {.c_name = (c), .signature = (s)};
#include "routines.def"
#undef ROUTINE

// ------------------------------------------------------------------------------- operands,
// commands

IrOperand operand_int(int64_t value)
{
    return (IrOperand){OPERAND_INT, {.integer = value}};
}

IrOperand operand_small(int64_t value)
{
    return (IrOperand){OPERAND_SMALL, {.integer = value}};
}

IrOperand operand_bool(bool value)
{
    return (IrOperand){OPERAND_BOOL, {.integer = value}};
}

IrOperand operand_truth(bool value)
{
    return (IrOperand){OPERAND_TRUTH, {.integer = value}};
}

IrOperand operand_none(void)
{
    return (IrOperand){OPERAND_NIL, {.integer = 0}};
}

IrOperand operand_missing(void)
{
    return (IrOperand){OPERAND_MISSING, {.integer = 0}};
}

IrOperand operand_function(IrFunction *function)
{
    return (IrOperand){OPERAND_FUNCTION, {.function = function}};
}

IrOperand operand_class(ClassInfo *cls)
{
    return (IrOperand){OPERAND_CLASS, {.cls = cls}};
}

// Equal texts share one static.
IrOperand operand_text(Lower *lower, const char *bytes, size_t size)
{
    Name *key = name_of(&lower->compiler->names, bytes, size);
    IrLiteral *literal = map_get(&lower->program->text_literals, key);
    if (!literal) {
        literal = ARENA_NEW(lower->arena, IrLiteral);
        *literal = (IrLiteral){.kind = LITERAL_STRING, .bytes = key->text, .size = (uint32_t)size};
        literal->number_in_program = lower->program->literals.count + 1;
        VEC_PUSH(lower->arena, lower->program->literals, literal);
        map_put(&lower->program->text_literals, lower->arena, key, literal);
    }
    return (IrOperand){OPERAND_LITERAL, {.literal = literal}};
}

IrOperand operand_name(Lower *lower, const Name *name)
{
    return operand_text(lower, name->text, name->size);
}

IrLiteral *lower_name_literal(Lower *lower, const Name *name)
{
    return operand_name(lower, name).as.literal;
}

IrVar *lower_temp(Lower *lower, IrRepr repr)
{
    return ir_var(lower->arena, lower->function, NULL, repr, NULL);
}

IrOp *lower_op(Lower *lower, IrKind kind, Span span, IrVar *dst, int arg_count)
{
    IrOp *op = ir_op(lower->arena, lower->block, kind, span, dst, arg_count);
    op->is_hot = lower->loop_depth > 0;
    return op;
}

void lower_jump(Lower *lower, IrKind kind, IrOp *target, Span span)
{
    ir_jump(lower->arena, lower->block, kind, span, target);
}

IrBlock *lower_enter(Lower *lower, IrBlock *block)
{
    IrBlock *former = lower->block;
    lower->block = block;
    return former;
}

IrOp *lower_if(Lower *lower, IrOperand condition, Span span)
{
    IrOp *op = lower_op(lower, IR_IF, span, NULL, 1);
    op->args[0] = condition;
    op->body = ir_block(lower->arena, lower->block);
    op->other = ir_block(lower->arena, lower->block);
    return op;
}

// What a routine's result is held as.
static IrRepr routine_repr(const IrRoutine *routine)
{
    switch (routine->signature[0]) {
    case 'V':
    case 'v':
    case 'P':
        return REPR_VALUE;
    case 'B':
    case 'b':
        return REPR_BOOL;
    case 'I':
    case 'i':
        return REPR_INT;
    case 'F':
    case 'f':
        return REPR_FLOAT;
    default:
        return REPR_NONE;
    }
}

IrOperand lower_routine(Lower *lower, const IrRoutine *routine, Span span, int arg_count,
                        const IrOperand *args)
{
    IrRepr repr = routine_repr(routine);
    IrVar *dst = repr == REPR_NONE ? NULL : lower_temp(lower, repr);
    IrOp *op = lower_op(lower, IR_RUNTIME, span, dst, arg_count);
    op->as.routine = routine;
    if (arg_count) memcpy(op->args, args, sizeof *args * (size_t)arg_count);
    return dst ? operand_var(dst) : operand_none();
}

// ---------------------------------------------------------------------------------------
// conversions

IrRepr lower_repr_of(const Type *type)
{
    if (type_is(type, TB_FLOAT)) return REPR_FLOAT;
    if (type_is(type, TB_BOOL)) return REPR_BOOL;
    return REPR_VALUE;
}

static IrOperand box(Lower *lower, IrOperand value, Span span)
{
    switch (value.kind) {
    case OPERAND_INT:
        return operand_small(value.as.integer);
    case OPERAND_BOOL:
        return operand_truth(value.as.integer != 0);
    default:
        break;
    }
    IrVar *dst = lower_temp(lower, REPR_VALUE);
    lower_op(lower, IR_BOX, span, dst, 1)->args[0] = value;
    return operand_var(dst);
}

static IrOperand to_float(Lower *lower, IrOperand value, Span span)
{
    if (value.kind == OPERAND_SMALL || value.kind == OPERAND_INT)
        return (IrOperand){OPERAND_FLOAT, {.number = (double)value.as.integer}};
    if (ir_operand_repr(value) == REPR_BOOL) value = box(lower, value, span);
    IrVar *dst = lower_temp(lower, REPR_FLOAT);
    lower_op(lower, IR_TO_FLOAT, span, dst, 1)->args[0] = value;
    return operand_var(dst);
}

IrOperand lower_convert(Lower *lower, IrOperand value, IrRepr repr, Span span)
{
    IrRepr from = ir_operand_repr(value);
    if (from == repr) return value;
    switch (repr) {
    case REPR_VALUE:
        return box(lower, value, span);
    case REPR_FLOAT:
        return to_float(lower, value, span);
    case REPR_BOOL:
        return lower_truth(lower, value, span);
    case REPR_INT: {
        if (value.kind == OPERAND_SMALL) return operand_int(value.as.integer);
        IrVar *dst = lower_temp(lower, REPR_INT);
        lower_op(lower, IR_UNBOX, span, dst, 1)->args[0] = value;
        return operand_var(dst);
    }
    default:
        return value;
    }
}

IrOperand lower_boxed(Lower *lower, IrOperand value, Span span)
{
    return lower_convert(lower, value, REPR_VALUE, span);
}

IrOperand lower_operation(Lower *lower, IrKind kind, TokenKind op, IrRepr repr, IrOperand left,
                          IrOperand right, Span span)
{
    IrVar *dst = lower_temp(lower, repr);
    IrOp *command = lower_op(lower, kind, span, dst, 2);
    command->sub = (uint8_t)op;
    command->args[0] = left;
    command->args[1] = right;
    return operand_var(dst);
}

IrOperand lower_truth(Lower *lower, IrOperand value, Span span)
{
    switch (ir_operand_repr(value)) {
    case REPR_BOOL:
        return value;
    case REPR_INT:
    case REPR_FLOAT: {
        bool is_int = ir_operand_repr(value) == REPR_INT;
        IrOperand zero = is_int ? operand_int(0) : (IrOperand){OPERAND_FLOAT, {.number = 0}};
        return lower_operation(lower, is_int ? IR_RAW_OP : IR_FLOAT_OP, TOK_NOT_EQUAL, REPR_BOOL,
                               value, zero, span);
    }
    default:
        return LOWER_ROUTINE(lower, TRUTH, span, value);
    }
}

void lower_move(Lower *lower, IrVar *dst, IrOperand value, Span span)
{
    value = lower_convert(lower, value, dst->repr, span);
    lower_op(lower, IR_MOVE, span, dst, 1)->args[0] = value;
}

void lower_hold(Lower *lower, IrOperand *operand)
{
    VEC_PUSH(lower->arena, lower->held, operand);
}

void lower_release(Lower *lower, int count)
{
    lower->held.count -= count;
}

void lower_settle(Lower *lower, Span span)
{
    for (int i = 0; i < lower->held.count; i++) {
        IrOperand *operand = lower->held.items[i];
        if (operand->kind != OPERAND_VAR || !operand->as.var->name) continue;
        IrVar *copy = lower_temp(lower, operand->as.var->repr);
        lower_move(lower, copy, *operand, span);
        *operand = operand_var(copy);
    }
}

// -----------------------------------------------------------------------------------------
// variables

// C compilers take more than linear time for long functions: a top level is cut into parts of this
// many statements.
#define TOP_LEVEL_PART 200

// A variable of the program's top level that only this one function mentions.
static bool is_top_local(const Symbol *symbol)
{
    return symbol->kind == SYMBOL_VARIABLE && symbol->owner && !symbol->is_shared &&
           !symbol->is_session && !symbol->needs_cell && symbol->module->is_main &&
           symbol->module->tree->as.list.count <= TOP_LEVEL_PART;
}

bool lower_is_static(const Symbol *symbol)
{
    return symbol->is_global && !is_top_local(symbol);
}

IrRepr lower_symbol_repr(Lower *lower, Symbol *symbol)
{
    if (symbol->needs_cell) return REPR_CELL;
    if (symbol->may_be_unset || symbol->kind != SYMBOL_VARIABLE) return REPR_VALUE;
    return lower_repr_of(infer_symbol_type(lower->compiler, symbol));
}

void lower_use_global(Lower *lower, Symbol *symbol)
{
    if (symbol->lowered) return;
    symbol->lowered = symbol;
    symbol->repr = (uint8_t)lower_symbol_repr(lower, symbol);
    VEC_PUSH(lower->arena, lower->program->globals, symbol);
}

static int capture_index(const FunctionInfo *info, const Symbol *symbol)
{
    for (int i = 0; info && i < info->captures.count; i++)
        if (info->captures.items[i] == symbol) return i;
    return -1;
}

// The C variable of a symbol in the function being lowered: its own local, or a copy of what it
// captured.
static IrVar *local_var(Lower *lower, Symbol *symbol)
{
    IrVar *var = map_get(&lower->storage, symbol);
    if (var) return var;
    IrRepr repr = lower_symbol_repr(lower, symbol);
    var = ir_var(lower->arena, lower->function, symbol->name->text, repr,
                 infer_symbol_type(lower->compiler, symbol));
    map_put(&lower->storage, lower->arena, symbol, var);
    return var;
}

static bool reaches_statically(const Lower *lower, const Symbol *symbol)
{
    return lower_is_static(symbol) && capture_index(lower->info, symbol) < 0;
}

static IrVar *global_get(Lower *lower, Symbol *symbol, Span span)
{
    lower_use_global(lower, symbol);
    IrVar *dst = lower_temp(lower, lower_symbol_repr(lower, symbol));
    lower_op(lower, IR_GLOBAL_GET, span, dst, 0)->as.global = symbol;
    return dst;
}

static IrOperand check_set(Lower *lower, IrOperand value, const Symbol *symbol, Span span)
{
    IrOp *op = lower_op(lower, IR_SET_CHECK, span, NULL, 1);
    op->args[0] = value;
    op->text = symbol->name->text;
    return value;
}

IrOperand lower_read(Lower *lower, Symbol *symbol, Node *node)
{
    Span span = node->span;
    IrVar *var = reaches_statically(lower, symbol) ? global_get(lower, symbol, span)
                                                   : local_var(lower, symbol);
    if (var->repr == REPR_CELL) {
        IrVar *value = lower_temp(lower, REPR_VALUE);
        lower_op(lower, IR_CELL_GET, span, value, 1)->args[0] = operand_var(var);
        var = value;
    }
    IrOperand value = operand_var(var);
    bool is_marked = symbol->kind == SYMBOL_VARIABLE ? (node->flags & NODE_MAYBE_UNSET) != 0
                                                     : symbol->may_be_unset;
    // A function of the prompt may run when the entry that was to make the name has failed.
    if (symbol->is_session && lower->function->info != lower->compiler->main->top) is_marked = true;
    bool checked = is_marked && var->repr == REPR_VALUE;
    if (checked) check_set(lower, value, symbol, span);
    // What inference knows to be a Float or Bool is raw from here on, wherever it was kept.
    if (var->repr == REPR_VALUE && symbol->kind == SYMBOL_VARIABLE) {
        IrRepr repr = lower_repr_of(infer_symbol_type(lower->compiler, symbol));
        if (repr != REPR_VALUE) {
            IrVar *raw = lower_temp(lower, repr);
            lower_op(lower, IR_UNBOX, span, raw, 1)->args[0] = value;
            return operand_var(raw);
        }
    }
    return value;
}

static void write_cell(Lower *lower, Symbol *symbol, IrVar *cell, IrOperand value, bool makes,
                       Span span)
{
    value = lower_boxed(lower, value, span);
    if (!makes || !symbol->is_fresh) {
        IrOp *op = lower_op(lower, IR_CELL_SET, span, NULL, 2);
        op->args[0] = operand_var(cell);
        op->args[1] = value;
        return;
    }
    lower_op(lower, IR_CELL_NEW, span, cell, 1)->args[0] = value;
}

// A loop's variable that closures keep lives in a cell of its own; what later entries know by its
// name is this variable.
static Symbol *session_twin(Lower *lower, const Symbol *symbol)
{
    Symbol *twin = map_get(&lower->twins, symbol);
    if (twin) return twin;
    twin = ARENA_NEW(lower->arena, Symbol);
    *twin = (Symbol){.kind = SYMBOL_VARIABLE, .is_global = true, .is_session = true};
    twin->name = symbol->name;
    twin->module = symbol->module;
    map_put(&lower->twins, lower->arena, symbol, twin);
    return twin;
}

void lower_write(Lower *lower, Symbol *symbol, IrOperand value, bool makes, Span span)
{
    if (symbol->is_session && symbol->needs_cell) {
        value = lower_boxed(lower, value, span);
        lower_write(lower, session_twin(lower, symbol), value, false, span);
    }
    if (!reaches_statically(lower, symbol)) {
        IrVar *var = local_var(lower, symbol);
        if (var->repr == REPR_CELL)
            write_cell(lower, symbol, var, value, makes, span);
        else
            lower_move(lower, var, value, span);
        return;
    }
    lower_use_global(lower, symbol);
    IrRepr repr = lower_symbol_repr(lower, symbol);
    if (repr == REPR_CELL) {
        IrVar *cell = makes && symbol->is_fresh ? lower_temp(lower, REPR_CELL)
                                                : global_get(lower, symbol, span);
        write_cell(lower, symbol, cell, value, makes, span);
        if (!makes || !symbol->is_fresh) return;
        value = operand_var(cell);
    } else {
        value = lower_convert(lower, value, repr, span);
    }
    IrOp *op = lower_op(lower, IR_GLOBAL_SET, span, NULL, 1);
    op->args[0] = value;
    op->as.global = symbol;
}

// -----------------------------------------------------------------------------------------
// functions

static const char *module_prefix(const struct Module *module)
{
    return module->name ? module->name->text : "main";
}

static const char *function_c_name(Lower *lower, const FunctionInfo *info)
{
    const char *name = info->name ? info->name->text : "lambda";
    if (info->cls) name = arena_format(lower->arena, "%s__%s", info->cls->name->text, name);
    return arena_format(lower->arena, "%s__%s", module_prefix(info->module), name);
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

// Saves and restores what belongs to the function being lowered around making another one.
typedef struct SavedFunction {
    FunctionInfo *info;
    struct Module *module;
    IrFunction *function;
    IrBlock *block;
    Frame *frame;
    Map storage;
    IrVar *self_value, *result;
    int loop_depth, held;
} SavedFunction;

static SavedFunction begin_function(Lower *lower, IrFunction *function, FunctionInfo *info)
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

static void end_function(Lower *lower, SavedFunction saved)
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
    SavedFunction saved = begin_function(lower, function, NULL);
    fill(lower, data);
    end_function(lower, saved);
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
    SavedFunction saved = begin_function(lower, wrapper, NULL);
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
    end_function(lower, saved);
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
    IrVar *var = reaches_statically(lower, symbol) ? global_get(lower, symbol, span)
                                                   : local_var(lower, symbol);
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
        IrVar *var = local_var(lower, symbol);
        IrVar *word =
            var->repr == REPR_CELL || var->repr == REPR_VALUE ? var : lower_temp(lower, REPR_VALUE);
        lower_op(lower, IR_CAPTURED, symbol->span, word, 0)->as.index = i;
        if (word == var) continue;
        lower_op(lower, IR_UNBOX, symbol->span, var, 1)->args[0] = operand_var(word);
    }
}

static void make_cell(Lower *lower, Symbol *symbol, IrVar *cell, IrOperand value)
{
    value = lower_boxed(lower, value, symbol->span);
    lower_op(lower, IR_CELL_NEW, symbol->span, cell, 1)->args[0] = value;
}

// Variables that closures share get their cells at the start; those that may be read too early say
// so.
static void prepare_locals(Lower *lower, FunctionInfo *info)
{
    for (int i = 0; i < info->locals.count; i++) {
        Symbol *symbol = info->locals.items[i];
        if (lower_is_static(symbol)) continue;
        if (symbol->needs_cell)
            make_cell(lower, symbol, local_var(lower, symbol), operand_missing());
        else if (symbol->may_be_unset)
            lower_move(lower, local_var(lower, symbol), operand_missing(), symbol->span);
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
        make_cell(lower, param, local_var(lower, param), operand_var(given));
    } else {
        IrVar *var = local_var(lower, param);
        lower_op(lower, IR_UNBOX, span, var, 1)->args[0] = operand_var(given);
    }
}

static void prepare_params(Lower *lower, FunctionInfo *info)
{
    int first = 0;
    if (info->self) {
        IrVar *self = lower->function->params.items[first++];
        if (info->self->needs_cell)
            make_cell(lower, info->self, local_var(lower, info->self), operand_var(self));
        else
            map_put(&lower->storage, lower->arena, info->self, self);
    }
    for (int i = 0; i < info->params.count; i++)
        prepare_param(lower, info->params.items[i], lower->function->params.items[first + i]);
}

static void lower_function_body(Lower *lower, FunctionInfo *info)
{
    IrFunction *function = info->lowered;
    SavedFunction saved = begin_function(lower, function, info);
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
    end_function(lower, saved);
    VEC_PUSH(lower->arena, lower->program->functions, function);
}

// -------------------------------------------------------------------------------------------
// classes

void lower_use_class(Lower *lower, ClassInfo *cls)
{
    if (cls->lowered || cls->native) return;
    cls->lowered = cls;
    if (cls->base) lower_use_class(lower, cls->base);
    VEC_PUSH(lower->arena, lower->program->classes, cls);
    const ClassFacts *facts = infer_class_facts(cls);
    for (int i = 0; i < facts->fields.count; i++)
        lower_name_literal(lower, facts->fields.items[i]->name);
    for (int i = 0; i < cls->methods.count; i++) {
        lower_name_literal(lower, cls->methods.items[i]->name);
        lower_function_value(lower, lower_function_for(lower, cls->methods.items[i]));
    }
}

IrOperand lower_class_value(Lower *lower, ClassInfo *cls, Span span)
{
    if (!cls->is_closure) lower_use_class(lower, cls);
    if (!cls->is_closure && !cls->symbol->is_session) return operand_class(cls);
    Node name = {.kind = NODE_NAME, .span = span, .as.name = {cls->name, cls->symbol}};
    return lower_read(lower, cls->symbol, &name);
}

// Whether the base may have been made by an earlier entry of the prompt: a class of the library.
static bool has_session_base(const ClassInfo *cls)
{
    const ClassInfo *base = cls->base;
    return base && base->symbol->is_session && base->module->is_library;
}

IrOperand lower_base(Lower *lower, ClassInfo *cls, Span span)
{
    if (cls->base_variable) return LOWER_ROUTINE(lower, CLASS_BASE, span, operand_class(cls));
    // One of the same entry of the prompt stays the base, whatever its name means later.
    bool is_here = !cls->base->is_closure && !has_session_base(cls);
    if (is_here && cls->base->symbol && cls->base->symbol->is_session)
        return operand_class(cls->base);
    return lower_class_value(lower, cls->base, span);
}

// What a class statement does when it runs: links the class with its base and sets its variables.
static void make_class(Lower *lower, ClassInfo *cls, IrOperand object, Span span)
{
    if (cls->base_variable)
        LOWER_ROUTINE(lower, CLASS_EXTEND, cls->node->as.class_.base->span, object,
                      lower_value(lower, cls->node->as.class_.base));
    else if (has_session_base(cls))
        LOWER_ROUTINE(lower, CLASS_EXTEND, span, object, lower_class_value(lower, cls->base, span));
    LOWER_ROUTINE(lower, CLASS_READY, span, object);
    for (Node *item = cls->node->as.class_.body.first; item; item = item->next) {
        if (item->kind != NODE_LET || item->as.assign.target->kind != NODE_NAME) continue;
        Node *value = item->as.assign.value;
        IrOperand operand = value ? lower_value(lower, value) : operand_none();
        LOWER_ROUTINE(lower, CLASS_SET, item->span, object,
                      operand_name(lower, item->as.assign.target->as.name.name), operand);
    }
}

// A class that keeps variables is a copy of the static one, for this execution of its statement.
// Its own methods may name it: the variable has it before they become closures.
static IrOperand copy_class(Lower *lower, ClassInfo *cls, Span span)
{
    bool has_own_base = cls->base && cls->base->is_closure;
    IrOperand base = has_own_base ? lower_class_value(lower, cls->base, span) : operand_missing();
    IrOperand object = LOWER_ROUTINE(lower, CLASS_COPY, span, operand_class(cls), base);
    lower_write(lower, cls->symbol, object, false, span);
    for (int i = 0; i < cls->methods.count; i++) {
        FunctionInfo *method = cls->methods.items[i];
        if (!method->captures.count) continue;
        LOWER_ROUTINE(lower, CLASS_SET_METHOD, span, object, operand_name(lower, method->name),
                      lower_closure(lower, method, span));
    }
    return object;
}

void lower_class_statement(Lower *lower, Node *node)
{
    ClassInfo *cls = node->as.class_.info;
    lower_use_class(lower, cls);
    IrOperand object = cls->is_closure ? copy_class(lower, cls, node->span) : operand_class(cls);
    if (cls->symbol->is_session && !cls->is_closure)
        lower_write(lower, cls->symbol, object, true, node->span);
    make_class(lower, cls, object, node->span);
}

// ----------------------------------------------------------------------------------------- top
// levels

static IrFunction *top_level_part(Lower *lower, FunctionInfo *top, int number, Span span)
{
    const char *c_name = arena_format(lower->arena, number ? "%s__top_%d" : "%s__top",
                                      module_prefix(top->module), number + 1);
    IrFunction *function = lower_new_function(lower, c_name, "", top->module, span);
    function->info = top;
    function->result = REPR_NONE;
    return function;
}

static void call_part(Lower *lower, IrFunction *callee, Span span)
{
    lower_op(lower, IR_CALL, span, NULL, 0)->as.callee = callee;
}

// The last statement of an entry of the prompt, whose value is to be shown.
static void lower_shown(Lower *lower, Node *last)
{
    IrVar *value = lower_temp(lower, REPR_VALUE);
    Node block = {.kind = NODE_BLOCK, .span = last->span, .as.list = {last, last, 1}};
    lower_body_into(lower, &block, value);
    lower_write(lower, lower->compiler->shown, operand_var(value), false, last->span);
}

// Lowers statements [first, …) of a top level into [function], at most TOP_LEVEL_PART; returns the
// next one.
static Node *lower_top_statements(Lower *lower, Node *first)
{
    int count = 0;
    bool shows = lower->compiler->options.is_repl && lower->module->is_main;
    for (; first && count < TOP_LEVEL_PART; first = first->next, count++)
        if (shows && !first->next && !infer_never_ends(first))
            lower_shown(lower, first);
        else
            lower_statement(lower, first);
    return first;
}

static void finish_top(Lower *lower, IrFunction *function)
{
    lower_op(lower, IR_RETURN, function->span, NULL, 0);
    VEC_PUSH(lower->arena, lower->program->functions, function);
}

static void call_main(Lower *lower, FunctionInfo *top)
{
    FunctionInfo *main_info = top->module->main_symbol->function;
    IrFunction *callee = lower_function_for(lower, main_info);
    int count = main_info->params.count;
    IrVar *dst = callee->result == REPR_NONE ? NULL : lower_temp(lower, callee->result);
    IrOperand args = operand_none();
    if (count == 1 && main_info->rest_index < 0)
        args = LOWER_ROUTINE_0(lower, PROGRAM_ARGS, callee->span);
    else if (count >= 1)
        args = LOWER_ROUTINE_0(lower, LIST_FROM, callee->span);
    IrOp *call = lower_op(lower, IR_CALL, callee->span, dst, count);
    call->as.callee = callee;
    for (int i = 0; i < count; i++)
        call->args[i] = i ? operand_missing() : args;
}

static void prepare_globals(Lower *lower, FunctionInfo *top)
{
    struct Module *module = top->module;
    for (int i = 0; i < module->globals.count; i++) {
        Symbol *symbol = module->globals.items[i];
        if (is_top_local(symbol) && symbol->may_be_unset)
            lower_move(lower, local_var(lower, symbol), operand_missing(), symbol->span);
        if (!symbol->needs_cell) continue;
        lower_use_global(lower, symbol);
        IrVar *cell = lower_temp(lower, REPR_CELL);
        make_cell(lower, symbol, cell, operand_missing());
        IrOp *op = lower_op(lower, IR_GLOBAL_SET, symbol->span, NULL, 1);
        op->args[0] = operand_var(cell);
        op->as.global = symbol;
    }
}

static Symbol *run_mark(Lower *lower, struct Module *module, Span span)
{
    Symbol *has_run = ARENA_NEW(lower->arena, Symbol);
    *has_run = (Symbol){.kind = SYMBOL_VARIABLE, .is_global = true, .module = module, .span = span};
    has_run->name = name_from(&lower->compiler->names, "has_run_");
    has_run->is_session = lower->compiler->options.is_repl;
    if (has_run->is_session) return has_run;
    Cell *cell = ARENA_NEW(lower->arena, Cell);
    cell->type = infer_types(lower->compiler)->kinds[TB_BOOL];
    has_run->facts = cell;
    return has_run;
}

// An imported module's top level runs once, however often it is imported. At the prompt the mark
// that it has is missing before.
static void run_once(Lower *lower, struct Module *module, Span span)
{
    Symbol *has_run = run_mark(lower, module, span);
    IrOperand mark = operand_var(global_get(lower, has_run, span));
    bool is_session = has_run->is_session;
    if (is_session) mark = LOWER_ROUTINE(lower, IDENTICAL, span, mark, operand_missing());
    IrOp *branch = lower_if(lower, mark, span);
    IrBlock *former = lower_enter(lower, is_session ? branch->other : branch->body);
    lower_op(lower, IR_RETURN, span, NULL, 0);
    lower_enter(lower, former);
    lower_write(lower, has_run, operand_bool(true), true, span);
}

// At the prompt functions that the entry uses before their statements are there from the start.
static void make_prompt_functions(Lower *lower, const NodeList *statements)
{
    for (const Node *node = statements->first; node; node = node->next) {
        if (node->kind != NODE_FUNCTION) continue;
        FunctionInfo *info = node->as.function.info;
        const Symbol *symbol = info->symbol;
        if (symbol && symbol->is_session && symbol->is_hoisted && symbol->node == node)
            lower_write(lower, info->symbol, lower_closure(lower, info, node->span), true,
                        node->span);
    }
}

// A module's top level: one C function, or one that calls its parts in order.
static IrFunction *lower_top_level(Lower *lower, FunctionInfo *top)
{
    if (top->lowered) return top->lowered;
    NodeList *statements = &top->module->tree->as.list;
    Span span = top->module->tree->span;
    IrFunction *whole = top_level_part(lower, top, 0, span);
    top->lowered = whole;
    SavedFunction saved = begin_function(lower, whole, top);
    if (!top->module->is_main) run_once(lower, top->module, span);
    prepare_globals(lower, top);
    if (lower->compiler->options.is_repl) make_prompt_functions(lower, statements);
    Node *next = statements->first;
    if (statements->count <= TOP_LEVEL_PART) next = lower_top_statements(lower, next);
    for (int number = 1; next; number++) {
        IrFunction *part = top_level_part(lower, top, number, next->span);
        SavedFunction outer = begin_function(lower, part, top);
        Node *rest = lower_top_statements(lower, next);
        finish_top(lower, part);
        end_function(lower, outer);
        call_part(lower, part, next->span);
        next = rest;
    }
    if (top->module->is_main && top->module->calls_main) call_main(lower, top);
    finish_top(lower, whole);
    end_function(lower, saved);
    return whole;
}

IrFunction *lower_module_top(Lower *lower, struct Module *module)
{
    if (!module->top->lowered) VEC_PUSH(lower->arena, lower->program->modules, module);
    return lower_top_level(lower, module->top);
}

static void lower_waiting(Lower *lower)
{
    for (int i = 0; i < lower->waiting.count; i++)
        lower_function_body(lower, lower->waiting.items[i]);
    lower->waiting.count = 0;
}

static void make_library_class(Lower *lower, ClassInfo *cls, Span span)
{
    if (!cls->symbol->is_session) {
        make_class(lower, cls, operand_class(cls), span);
        return;
    }
    IrOperand is_missing =
        LOWER_ROUTINE(lower, IDENTICAL, span, operand_var(global_get(lower, cls->symbol, span)),
                      operand_missing());
    IrBlock *former = lower_enter(lower, lower_if(lower, is_missing, span)->body);
    make_class(lower, cls, operand_class(cls), span);
    lower_write(lower, cls->symbol, operand_class(cls), true, span);
    lower_enter(lower, former);
}

// Classes written in Tombo that the library declares have no statement that runs: those in use are
// made first of all.
static void make_library_classes(Lower *lower)
{
    IrFunction *start = lower->program->start;
    IrBlock rest = *start->body;
    *start->body = (IrBlock){.parent = rest.parent};
    SavedFunction saved = begin_function(lower, start, NULL);
    for (int i = 0; i < lower->program->classes.count; i++) {
        ClassInfo *cls = lower->program->classes.items[i];
        if (cls->module->is_library) make_library_class(lower, cls, start->span);
        lower_waiting(lower);
    }
    end_function(lower, saved);
    IrOp **end = start->body->last ? &start->body->last->next : &start->body->first;
    *end = rest.first;
    if (rest.last) start->body->last = rest.last;
}

IrProgram *lower_program(Compiler *compiler)
{
    Lower *lower = ARENA_NEW(&compiler->ir_arena, Lower);
    lower->compiler = compiler;
    lower->arena = &compiler->ir_arena;
    lower->program = ARENA_NEW(lower->arena, IrProgram);
    lower->program->compiler = compiler;
    lower->program->arena = lower->arena;
    lower->program->start = lower_module_top(lower, compiler->main);
    lower_waiting(lower);
    make_library_classes(lower);
    return lower->program;
}

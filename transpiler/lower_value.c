// Operands, commands, conversions and variables: the ground on which the rest of lower stands.
// Every helper appends commands to the block that is open (lower->block) and gives back an operand.
#include "lower_state.h"

#define ROUTINE(name, c, s) const IrRoutine routine_##name = {.c_name = (c), .signature = (s)};
#include "routines.def"
#undef ROUTINE

// ---- operands, commands

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

// ---- conversions

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

// ---- variables

// A variable of the program's top level that only this one function mentions.
bool lower_is_top_local(const Symbol *symbol)
{
    return symbol->kind == SYMBOL_VARIABLE && symbol->owner && !symbol->is_shared &&
           !symbol->is_session && !symbol->needs_cell && symbol->module->is_main &&
           symbol->module->tree->as.list.count <= LOWER_TOP_LEVEL_PART;
}

bool lower_is_static(const Symbol *symbol)
{
    return symbol->is_global && !lower_is_top_local(symbol);
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
IrVar *lower_local(Lower *lower, Symbol *symbol)
{
    IrVar *var = map_get(&lower->storage, symbol);
    if (var) return var;
    IrRepr repr = lower_symbol_repr(lower, symbol);
    var = ir_var(lower->arena, lower->function, symbol->name->text, repr,
                 infer_symbol_type(lower->compiler, symbol));
    map_put(&lower->storage, lower->arena, symbol, var);
    return var;
}

bool lower_reaches_statically(const Lower *lower, const Symbol *symbol)
{
    return lower_is_static(symbol) && capture_index(lower->info, symbol) < 0;
}

IrVar *lower_global_get(Lower *lower, Symbol *symbol, Span span)
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
    IrVar *var = lower_reaches_statically(lower, symbol) ? lower_global_get(lower, symbol, span)
                                                         : lower_local(lower, symbol);
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
    if (!lower_reaches_statically(lower, symbol)) {
        IrVar *var = lower_local(lower, symbol);
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
                                                : lower_global_get(lower, symbol, span);
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

void lower_make_cell(Lower *lower, Symbol *symbol, IrVar *cell, IrOperand value)
{
    value = lower_boxed(lower, value, symbol->span);
    lower_op(lower, IR_CELL_NEW, symbol->span, cell, 1)->args[0] = value;
}

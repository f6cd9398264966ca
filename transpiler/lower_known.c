// Calls of library functions that the compiler knows: where the kinds of the arguments are certain,
// `len`, `append`, `pop`, `min`, `max` and `abs` become commands in line instead of calls.
//
// Each rule does exactly what the C function does for arguments of those kinds, errors included.
#include "lower_state.h"

// A call whose arguments are evaluated, in the order of the parameters.
typedef struct Known {
    const IrOperand *args;
    const Type *const *types;
    int count;
    Span span;
} Known;

static bool is_kind(const Known *call, int index, tb_kind kind)
{
    return index < call->count && call->types[index] && type_is(call->types[index], kind);
}

static bool known_len(Lower *lower, const Known *call, IrOperand *result)
{
    static const struct {
        tb_kind kind;
        const IrRoutine *routine;
    } lengths[] = {
        {TB_LIST, &routine_LIST_LENGTH},   {TB_STRING, &routine_STR_LENGTH},
        {TB_TUPLE, &routine_TUPLE_LENGTH}, {TB_DICT, &routine_DICT_LENGTH},
        {TB_SET, &routine_SET_LENGTH},
    };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        if (!is_kind(call, 0, lengths[i].kind)) continue;
        *result = lower_routine(lower, lengths[i].routine, call->span, 1, call->args);
        return true;
    }
    return false;
}

// The list itself is the result.
static bool known_append(Lower *lower, const Known *call, IrOperand *result)
{
    if (!is_kind(call, 0, TB_LIST) || ir_operand_repr(call->args[0]) != REPR_VALUE) return false;
    lower_push(lower, call->args[0], call->args[1], call->span);
    *result = call->args[0];
    return true;
}

static bool known_pop(Lower *lower, const Known *call, IrOperand *result)
{
    if (!is_kind(call, 0, TB_LIST) || call->args[1].kind != OPERAND_MISSING) return false;
    *result = lower_routine(lower, &routine_LIST_POP_LAST, call->span, 1, call->args);
    return true;
}

// The comparison by which an argument is taken in the place of those before it, when the function
// is the library's `min` or `max` of two or three values; else 0.
static TokenKind extreme_order(const char *name)
{
    static const char *const names[] = {"tb_math_min", "tb_math_min3", "tb_math_max",
                                        "tb_math_max3"};
    for (int i = 0; i < 4; i++)
        if (!strcmp(name, names[i])) return i < 2 ? TOK_LESS : TOK_GREATER;
    return 0;
}

// Whether the values are all Ints or all Floats.
static bool are_numbers(int count, const Type *const *types)
{
    for (int i = 0; i < count; i++)
        if (!types[i] || types[i]->kinds != types[0]->kinds) return false;
    return type_is(types[0], TB_INT) || type_is(types[0], TB_FLOAT);
}

// The least or greatest of numbers, found in place.
static IrOperand lower_extreme(Lower *lower, TokenKind order, int count, const IrOperand *args,
                               const Type *type, Span span)
{
    IrVar *best = lower_temp(lower, lower_repr_of(type));
    best->type = (Type *)(uintptr_t)type;
    lower_move(lower, best, args[0], span);
    for (int i = 1; i < count; i++) {
        IrOperand wins =
            lower_compare_op(lower, order, args[i], operand_var(best), type, type, span);
        IrBlock *former = lower_enter(lower, lower_if(lower, wins, span)->body);
        lower_move(lower, best, args[i], span);
        lower_enter(lower, former);
    }
    return operand_var(best);
}

static bool known_extreme(Lower *lower, TokenKind order, const Known *call, IrOperand *result)
{
    if (!are_numbers(call->count, call->types)) return false;
    *result = lower_extreme(lower, order, call->count, call->args, call->types[0], call->span);
    return true;
}

static bool known_abs(Lower *lower, const Known *call, IrOperand *result)
{
    if (!is_kind(call, 0, TB_INT)) return false;
    IrOperand value = lower_boxed(lower, call->args[0], call->span);
    IrVar *dst = lower_temp(lower, REPR_VALUE);
    dst->type = (Type *)(uintptr_t)call->types[0];
    lower_move(lower, dst, value, call->span);
    IrOperand is_negative =
        lower_operation(lower, IR_INT_OP, TOK_LESS, REPR_BOOL, value, operand_small(0), call->span);
    IrBlock *former = lower_enter(lower, lower_if(lower, is_negative, call->span)->body);
    lower_move(lower, dst,
               lower_operation(lower, IR_INT_OP, TOK_MINUS, REPR_VALUE, operand_small(0), value,
                               call->span),
               call->span);
    lower_enter(lower, former);
    *result = operand_var(dst);
    return true;
}

bool lower_known_call(Lower *lower, const FunctionInfo *function, int count, const IrOperand *args,
                      const Type *const *types, Span span, IrOperand *result)
{
    const char *name = function->node->as.function.extern_name;
    const Known call = {args, types, count, span};
    if (!strcmp(name, "tb_length_raw")) return known_len(lower, &call, result);
    if (!strcmp(name, "tb_collections_append")) return known_append(lower, &call, result);
    if (!strcmp(name, "tb_list_pop")) return known_pop(lower, &call, result);
    if (!strcmp(name, "tb_math_abs")) return known_abs(lower, &call, result);
    TokenKind order = extreme_order(name);
    return order && known_extreme(lower, order, &call, result);
}

// Making, printing and checking IR.
#include "ir.h"

#include <assert.h>
#include <inttypes.h>

static const char *const op_texts[IR_KIND_COUNT] = {
#define IR(op, text) text,
#include "ir.def"
#undef IR
};

IrVar *ir_var(Arena *arena, IrFunction *function, const char *name, IrRepr repr, Type *type)
{
    IrVar *var = ARENA_NEW(arena, IrVar);
    var->name = name;
    var->repr = repr;
    var->type = type;
    var->number = ++function->var_count;
    if (function->last_var)
        function->last_var->next = var;
    else
        function->vars = var;
    function->last_var = var;
    return var;
}

// Runtime functions that do nothing but raise.
static bool always_fails(const IrRoutine *routine)
{
    static const char *const names[] = {"tb_throw", "tb_rethrow", "tb_raise_assertion"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(routine->c_name, names[i])) return true;
    return false;
}

// Whether control never comes out behind the command. A TRY or IF must be complete.
static bool never_ends(IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_BREAK:
    case IR_CONTINUE:
    case IR_LEAVE:
    case IR_FAIL:
    case IR_RETURN:
    case IR_RAISE_OVERLOAD:
        return true;
    case IR_RUNTIME:
        return !op->as.routine->is_library && always_fails(op->as.routine);
    case IR_IF:
    case IR_TRY:
        return ir_is_ended(op->body) && ir_is_ended(op->other);
    case IR_LOOP:
        return !op->is_left;
    case IR_BLOCK:
        return ir_is_ended(op->body) && !op->is_left;
    default:
        return false;
    }
}

bool ir_is_ended(IrBlock *block)
{
    if (!block->is_ended && block->last) block->is_ended = never_ends(block->last);
    return block->is_ended;
}

IrOp *ir_op(Arena *arena, IrBlock *block, IrKind kind, Span span, IrVar *dst, int arg_count)
{
    IrOp *op = arena_alloc(arena, sizeof *op + sizeof(IrOperand) * (size_t)arg_count);
    op->kind = (uint8_t)kind;
    op->span = span;
    op->dst = dst;
    op->arg_count = arg_count;
    if (ir_is_ended(block)) return op;
    if (block->last)
        block->last->next = op;
    else
        block->first = op;
    block->last = op;
    return op;
}

IrOp *ir_jump(Arena *arena, IrBlock *block, IrKind kind, Span span, IrOp *target)
{
    IrOp *op = ir_op(arena, block, kind, span, NULL, 0);
    op->as.target = target;
    if (block->last == op && kind != IR_CONTINUE) target->is_left = true;
    return op;
}

IrBlock *ir_block(Arena *arena, IrBlock *parent)
{
    IrBlock *block = ARENA_NEW(arena, IrBlock);
    block->parent = parent;
    block->depth = parent ? parent->depth + 1 : 0;
    return block;
}

IrRepr ir_operand_repr(IrOperand operand)
{
    switch (operand.kind) {
    case OPERAND_NONE:
        return REPR_NONE;
    case OPERAND_VAR:
        return operand.as.var->repr;
    case OPERAND_INT:
        return REPR_INT;
    case OPERAND_FLOAT:
        return REPR_FLOAT;
    case OPERAND_BOOL:
        return REPR_BOOL;
    case OPERAND_SMALL:
    case OPERAND_NIL:
    case OPERAND_TRUTH:
    case OPERAND_MISSING:
    case OPERAND_LITERAL:
    case OPERAND_FUNCTION:
    case OPERAND_CLASS:
    case OPERAND_MODULE:
        return REPR_VALUE;
    }
    return REPR_NONE;
}

// The signature's letter for argument [index]; those for the runtime's own additions take none.
static char argument_letter(const IrRoutine *routine, int index)
{
    for (const char *letter = routine->signature + 1; *letter; letter++) {
        if (strchr("kNph", *letter)) continue;
        if (strchr("ADa", *letter) || index-- == 0) return *letter;
    }
    return 0;
}

bool ir_writes_argument(const IrOp *op, int index)
{
    if (op->kind != IR_RUNTIME || op->args[index].kind != OPERAND_VAR) return false;
    char letter = argument_letter(op->as.routine, index);
    return letter == 'o' ||
           (letter == 'T' && !strncmp(op->as.routine->c_name, "tb_iter_start", 13));
}

bool ir_has_raw_param(const IrFunction *function)
{
    for (int i = 0; function->has_raw_form && i < function->params.count; i++)
        if (function->raw_params[i]) return true;
    return false;
}

IrExit *ir_exit_of(const IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_CHECKED_OP:
    case IR_GUARD:
    case IR_ITEM_GET:
    case IR_ITEM_SET:
    case IR_CALL:
    case IR_POLL:
        return op->exit;
    default:
        return NULL;
    }
}

static bool is_comparison(int op)
{
    return op >= TOK_EQUAL_EQUAL && op <= TOK_GREATER_EQUAL;
}

bool ir_can_fail(const IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_BOX:
        return ir_operand_repr(op->args[0]) != REPR_BOOL;
    case IR_ITEM_GET:
        return op->dst->repr == REPR_VALUE;
    case IR_TO_FLOAT:
        return ir_operand_repr(op->args[0]) == REPR_VALUE;
    case IR_INT_OP:
        return !is_comparison(op->sub);
    case IR_RUNTIME:
        return strchr("VBSIFP", op->as.routine->signature[0]) != NULL;
    case IR_CALL:
        return op->as.callee->can_fail;
    case IR_SPREAD_CALL:
    case IR_CHECK_TYPE:
    case IR_RAISE_OVERLOAD:
    case IR_DYNAMIC_OP:
    case IR_CELL_NEW:
    case IR_CLOSURE:
    case IR_FIELD_GET:
    case IR_SET_CHECK:
    case IR_FAIL:
    case IR_POLL:
        return true;
    default:
        return false;
    }
}

// ------------------------------------------------------------------------------------------
// printing

typedef struct Printer {
    FILE *out;
    int depth;
} Printer;

static const char *repr_text(IrRepr repr)
{
    static const char *const texts[] = {"nothing", "value", "int",  "float",
                                        "bool",    "cell",  "iter", "array"};
    return texts[repr];
}

static void print_var(Printer *printer, const IrVar *var)
{
    if (var->name)
        fprintf(printer->out, "%s", var->name);
    else
        fprintf(printer->out, "t%d", var->number);
}

static void print_operand(Printer *printer, IrOperand operand)
{
    FILE *out = printer->out;
    switch (operand.kind) {
    case OPERAND_NONE:
        fputs("-", out);
        break;
    case OPERAND_VAR:
        print_var(printer, operand.as.var);
        break;
    case OPERAND_INT:
        fprintf(out, "%" PRId64, operand.as.integer);
        break;
    case OPERAND_FLOAT:
        fprintf(out, "%.17g", operand.as.number);
        break;
    case OPERAND_BOOL:
        fputs(operand.as.integer ? "yes" : "no", out);
        break;
    case OPERAND_SMALL:
        fprintf(out, "<%" PRId64 ">", operand.as.integer);
        break;
    case OPERAND_NIL:
        fputs("<None>", out);
        break;
    case OPERAND_TRUTH:
        fputs(operand.as.integer ? "<true>" : "<false>", out);
        break;
    case OPERAND_MISSING:
        fputs("<missing>", out);
        break;
    case OPERAND_LITERAL:
        if (operand.as.literal->kind == LITERAL_FLOAT)
            fprintf(out, "<%.17g>", operand.as.literal->number);
        else
            fprintf(out, "<\"%.*s\">", (int)operand.as.literal->size, operand.as.literal->bytes);
        break;
    case OPERAND_FUNCTION:
        fprintf(out, "<function %s>", operand.as.function->c_name);
        break;
    case OPERAND_CLASS:
        fprintf(out, "<class %s>", operand.as.cls->name->text);
        break;
    case OPERAND_MODULE:
        fprintf(out, "<module %s>", operand.as.module->path);
        break;
    }
}

static void print_block(Printer *printer, const IrBlock *block);

static void print_detail(Printer *printer, const IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_SPREAD_CALL:
    case IR_RUNTIME:
        fprintf(printer->out, " %s", op->as.routine->c_name);
        break;
    case IR_CALL:
    case IR_CLOSURE:
        fprintf(printer->out, " %s", op->as.callee->c_name);
        break;
    case IR_GLOBAL_GET:
    case IR_GLOBAL_SET:
    case IR_RAISE_OVERLOAD:
        fprintf(printer->out, " %s", op->as.global->name->text);
        break;
    case IR_CAPTURED:
    case IR_FIELD_GET:
    case IR_FIELD_SET:
    case IR_CLOSURE_SET:
    case IR_RESUME:
        fprintf(printer->out, " #%d", op->as.index);
        break;
    default:
        break;
    }
    if (op->sub) fprintf(printer->out, " %s", token_text((TokenKind)op->sub));
}

static void print_op(Printer *printer, const IrOp *op)
{
    fprintf(printer->out, "%*s", 4 * printer->depth, "");
    if (op->dst) {
        print_var(printer, op->dst);
        fprintf(printer->out, ":%s = ", repr_text(op->dst->repr));
    }
    fputs(op_texts[op->kind], printer->out);
    print_detail(printer, op);
    for (int i = 0; i < op->arg_count; i++) {
        fputs(i ? ", " : " ", printer->out);
        print_operand(printer, op->args[i]);
    }
    if (ir_can_fail(op)) fputs(" !", printer->out);
    if (ir_exit_of(op)) fprintf(printer->out, " exit #%d", ir_exit_of(op)->number);
    fputc('\n', printer->out);
    if (!ir_has_blocks(op)) return;
    print_block(printer, op->body);
    if (op->other && op->other->first) {
        fprintf(printer->out, "%*s%s\n", 4 * printer->depth, "",
                op->kind == IR_TRY ? "handler" : "else");
        print_block(printer, op->other);
    }
}

static void print_block(Printer *printer, const IrBlock *block)
{
    printer->depth++;
    for (const IrOp *op = block->first; op; op = op->next)
        print_op(printer, op);
    printer->depth--;
}

void ir_print(const IrProgram *program, FILE *out)
{
    Printer printer = {out, 0};
    for (int i = 0; i < program->functions.count; i++) {
        const IrFunction *function = program->functions.items[i];
        fprintf(out, "function %s(", function->c_name);
        for (int p = 0; p < function->params.count; p++) {
            if (p) fputs(", ", out);
            print_var(&printer, function->params.items[p]);
            fprintf(out, ":%s", repr_text(function->params.items[p]->repr));
        }
        fprintf(out, ") -> %s%s\n", repr_text(function->result), function->can_fail ? " !" : "");
        print_block(&printer, function->body);
    }
}

// ------------------------------------------------------------------------------------------
// checking

static bool encloses(const IrOp *target, const IrBlock *block)
{
    for (; block; block = block->parent)
        if (block == target->body) return true;
    return false;
}

static void verify_reprs(const IrOp *op)
{
    switch ((IrKind)op->kind) {
    case IR_MOVE:
        assert(op->dst->repr == ir_operand_repr(op->args[0]));
        break;
    case IR_BOX:
        assert(op->dst->repr == REPR_VALUE);
        assert(ir_operand_repr(op->args[0]) != REPR_VALUE);
        break;
    case IR_GUARD:
    case IR_UNBOX:
        assert(ir_operand_repr(op->args[0]) == REPR_VALUE);
        break;
    case IR_FLOAT_OP:
        for (int i = 0; i < op->arg_count; i++)
            assert(ir_operand_repr(op->args[i]) == REPR_FLOAT);
        break;
    case IR_CHECKED_OP:
        assert(ir_operand_repr(op->args[0]) == ir_operand_repr(op->args[1]));
        break;
    case IR_RAW_OP:
        for (int i = 0; i < op->arg_count; i++)
            assert(ir_operand_repr(op->args[i]) == REPR_INT);
        break;
    case IR_INT_OP:
    case IR_DYNAMIC_OP:
        for (int i = 0; i < op->arg_count; i++)
            assert(ir_operand_repr(op->args[i]) == REPR_VALUE);
        break;
    case IR_IF:
        assert(ir_operand_repr(op->args[0]) == REPR_BOOL);
        break;
    case IR_CALL:
        assert(op->arg_count == op->as.callee->params.count + (op->as.callee->is_closure ? 1 : 0));
        break;
    default:
        break;
    }
}

static void verify_block(const IrBlock *block)
{
    for (const IrOp *op = block->first; op; op = op->next) {
        verify_reprs(op);
        if (op->kind == IR_BREAK || op->kind == IR_CONTINUE || op->kind == IR_LEAVE)
            assert(encloses(op->as.target, block));
        if (!ir_has_blocks(op)) continue;
        assert(op->body->parent == block);
        verify_block(op->body);
        if (op->other) verify_block(op->other);
    }
}

void ir_verify(const IrProgram *program)
{
    for (int i = 0; i < program->functions.count; i++)
        verify_block(program->functions.items[i]->body);
}

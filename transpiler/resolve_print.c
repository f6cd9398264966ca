// What names mean, as text: `tombo emit --after=resolve`.
#include "resolve.h"

static const char *kind_of(const Symbol *symbol)
{
    switch ((SymbolKind)symbol->kind) {
    case SYMBOL_VARIABLE:
        return "variable";
    case SYMBOL_FUNCTION:
        return "function";
    case SYMBOL_CLASS:
        return "class";
    case SYMBOL_MODULE:
        return "module";
    case SYMBOL_OVERLOADS:
        return "library";
    case SYMBOL_CONSTANT:
        return "constant";
    case SYMBOL_TYPE:
        return "type";
    case SYMBOL_UNKNOWN:
        return "unknown";
    }
    return "";
}

static void print_symbol(const Symbol *symbol, int depth, FILE *out)
{
    fprintf(out, "%*s%s %s", 2 * depth, "", kind_of(symbol), symbol->name->text);
    if (symbol->is_param) fputs(" param", out);
    if (symbol->is_captured) fputs(" captured", out);
    if (symbol->needs_cell) fputs(" cell", out);
    if (symbol->is_fresh) fputs(" fresh", out);
    if (symbol->is_reassigned) fputs(" reassigned", out);
    if (symbol->may_be_unset) fputs(" unset", out);
    if (symbol->is_hoisted) fputs(" hoisted", out);
    fputc('\n', out);
}

static void print_function(FunctionInfo *function, int depth, FILE *out)
{
    const char *name = function->name ? function->name->text : "";
    if (function->parent && function->cls)
        fprintf(out, "%*smethod %s.%s\n", 2 * depth, "", function->cls->name->text, name);
    else if (function->parent)
        fprintf(out, "%*s%s%s%s\n", 2 * depth, "", function->name ? "function" : "lambda",
                *name ? " " : "", name);
    for (int i = 0; i < function->params.count; i++)
        print_symbol(function->params.items[i], depth + 1, out);
    for (int i = 0; i < function->locals.count; i++)
        print_symbol(function->locals.items[i], depth + 1, out);
    if (function->captures.count) fprintf(out, "%*scaptures", 2 * depth + 2, "");
    for (int i = 0; i < function->captures.count; i++)
        fprintf(out, " %s", function->captures.items[i]->name->text);
    if (function->captures.count) fputc('\n', out);
    for (int i = 0; i < function->inner.count; i++)
        print_function(function->inner.items[i], depth + 1, out);
}

void resolve_print(const Compiler *compiler, Module *module, FILE *out)
{
    (void)compiler;
    fprintf(out, "module %s%s\n", module->path, module->calls_main ? ", calls main" : "");
    for (int i = 0; i < module->globals.count; i++)
        print_symbol(module->globals.items[i], 1, out);
    print_function(module->top, 0, out);
}

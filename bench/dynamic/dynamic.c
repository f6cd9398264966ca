#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { NONE, INT, FLOAT, STRING, LIST } Kind;

typedef struct Value Value;
struct Value {
    Kind kind;
    int count;
    union {
        long number;
        double real;
        const char *text;
        Value *items;
    };
};

static Value of_int(long number)
{
    return (Value){.kind = INT, .number = number};
}

static Value of_float(double real)
{
    return (Value){.kind = FLOAT, .real = real};
}

static Value of_text(const char *text)
{
    return (Value){.kind = STRING, .text = text};
}

static Value list(int count, const Value *items)
{
    Value made = {.kind = LIST, .count = count, .items = malloc((size_t)count * sizeof *items)};
    memcpy(made.items, items, (size_t)count * sizeof *items);
    return made;
}

#define L(...) list((int)(sizeof((Value[]){__VA_ARGS__}) / sizeof(Value)), (Value[]){__VA_ARGS__})
#define T(text) of_text(text)
#define I(number) of_int(number)

static struct {
    const char *name;
    Value value;
} names[16];
static int name_count;

static Value *variable(const char *name)
{
    for (int i = 0; i < name_count; i++)
        if (strcmp(names[i].name, name) == 0)
            return &names[i].value;
    names[name_count].name = name;
    return &names[name_count++].value;
}

static double real(Value value)
{
    return value.kind == FLOAT ? value.real : (double)value.number;
}

static Value operation(char word, Value a, Value b)
{
    if (a.kind == INT && b.kind == INT)
        switch (word) {
        case '+': return of_int(a.number + b.number);
        case '-': return of_int(a.number - b.number);
        case '*': return of_int(a.number * b.number);
        case '%': return of_int(a.number % b.number);
        case '<': return of_int(a.number < b.number);
        default: return of_int(a.number == b.number);
        }
    double x = real(a), y = real(b);
    switch (word) {
    case '+': return of_float(x + y);
    case '-': return of_float(x - y);
    case '*': return of_float(x * y);
    case '<': return of_int(x < y);
    default: return of_int(x == y);
    }
}

static int is_true(Value value)
{
    return value.kind == FLOAT ? value.real != 0 : value.number != 0;
}

static Value evaluate(Value node)
{
    if (node.kind == INT || node.kind == FLOAT)
        return node;
    if (node.kind == STRING)
        return *variable(node.text);
    const char *word = node.items[0].text;
    if (strcmp(word, "let") == 0) {
        Value value = evaluate(node.items[2]);
        return *variable(node.items[1].text) = value;
    }
    if (strcmp(word, "if") == 0)
        return evaluate(is_true(evaluate(node.items[1])) ? node.items[2] : node.items[3]);
    if (strcmp(word, "while") == 0) {
        Value last = {0};
        while (is_true(evaluate(node.items[1])))
            for (int i = 2; i < node.count; i++)
                last = evaluate(node.items[i]);
        return last;
    }
    Value a = evaluate(node.items[1]);
    return operation(word[0], a, evaluate(node.items[2]));
}

static Value text_of(long number)
{
    char text[24];
    snprintf(text, sizeof text, "%ld", number);
    return of_text(strdup(text));
}

static Value thing(long i)
{
    switch (i % 5) {
    case 0: return of_int(i);
    case 1: return of_float((double)i * 0.5);
    case 2: return text_of(i);
    case 3: return L(of_int(i), text_of(i));
    default: return (Value){0};
    }
}

static double weigh(Value value)
{
    double sum = 0;
    switch (value.kind) {
    case INT: return (double)(value.number % 1000);
    case FLOAT: return value.real;
    case STRING: return (double)strlen(value.text);
    case LIST:
        for (int i = 0; i < value.count; i++)
            sum += weigh(value.items[i]);
        return sum;
    default: return 1;
    }
}

int main(void)
{
    Value program =
        L(T("while"), L(T("<"), T("i"), I(100000)), L(T("let"), T("odd"), L(T("%"), T("i"), I(2))),
          L(T("let"), T("total"),
            L(T("if"), T("odd"), L(T("+"), T("total"), L(T("*"), T("i"), of_float(0.5))), L(T("-"), T("total"), I(1)))),
          L(T("let"), T("i"), L(T("+"), T("i"), I(1))));
    *variable("i") = *variable("total") = of_int(0);
    long last = evaluate(program).number;
    printf("%ld %.1f\n", last, variable("total")->real);

    int count = 100000;
    Value *things = malloc((size_t)count * sizeof *things);
    for (int i = 0; i < count; i++)
        things[i] = thing(i);
    double weight = 0;
    for (int turn = 0; turn < 5; turn++)
        for (int i = 0; i < count; i++)
            weight += weigh(things[i]);
    printf("%.1f\n", weight);
    return 0;
}

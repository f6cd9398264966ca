#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REQUIRED, STRONG, PREFERRED, NORMAL, WEAKEST };
typedef enum { NONE, FORWARD, BACKWARD } Direction;
typedef enum { STAY, EDIT, EQUALITY, SCALE } Kind;

typedef struct Constraint Constraint;

typedef struct {
    void **items;
    int count, room;
} List;

typedef struct {
    long value, mark;
    List constraints;
    Constraint *determined_by;
    int walk_strength;
    bool is_constant;
} Variable;

// A unary constraint uses `second`, and FORWARD when it holds.
struct Constraint {
    Kind kind;
    int strength;
    Direction direction;
    Variable *first, *second, *factor, *offset;
};

typedef struct {
    long mark;
} Planner;

static void append(List *list, void *item)
{
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 4;
        list->items = realloc(list->items, (size_t)list->room * sizeof *list->items);
    }
    list->items[list->count++] = item;
}

static void take_out(List *list, void *item)
{
    int at = 0;
    while (list->items[at] != item)
        at++;
    list->count--;
    memmove(list->items + at, list->items + at + 1, (size_t)(list->count - at) * sizeof *list->items);
}

static void *pop(List *list)
{
    return list->items[--list->count];
}

static Variable *new_variable(long value)
{
    Variable *variable = calloc(1, sizeof *variable);
    variable->value = value;
    variable->walk_strength = WEAKEST;
    variable->is_constant = true;
    return variable;
}

static Constraint *new_constraint(Kind kind, int strength, Variable *first, Variable *second)
{
    Constraint *constraint = calloc(1, sizeof *constraint);
    constraint->kind = kind;
    constraint->strength = strength;
    constraint->first = first;
    constraint->second = second;
    return constraint;
}

// ---------------------------------------------------------------------------------- constraints

static bool is_binary(const Constraint *c)
{
    return c->kind == EQUALITY || c->kind == SCALE;
}

static Variable *input(const Constraint *c)
{
    return c->direction == FORWARD ? c->first : c->second;
}

static Variable *output(const Constraint *c)
{
    return c->direction == FORWARD || !is_binary(c) ? c->second : c->first;
}

static void for_variables(Constraint *c, void (*what)(List *, void *))
{
    what(&c->second->constraints, c);
    if (is_binary(c))
        what(&c->first->constraints, c);
    if (c->kind == SCALE) {
        what(&c->factor->constraints, c);
        what(&c->offset->constraints, c);
    }
    c->direction = NONE;
}

static void choose(Constraint *c, long mark)
{
    Variable *first = c->first, *second = c->second;
    bool to_second = second->mark != mark && c->strength < second->walk_strength;
    Direction forward = to_second ? FORWARD : NONE;
    if (!is_binary(c) || first->mark == mark) {
        c->direction = forward;
        return;
    }
    bool to_first = first->mark != mark && c->strength < first->walk_strength;
    if (second->mark == mark || first->walk_strength > second->walk_strength)
        c->direction = to_first ? BACKWARD : NONE;
    else
        c->direction = forward;
}

static void mark_inputs(Constraint *c, long mark)
{
    if (is_binary(c))
        input(c)->mark = mark;
    if (c->kind == SCALE)
        c->factor->mark = c->offset->mark = mark;
}

static bool inputs_known(Constraint *c, long mark)
{
    if (!is_binary(c))
        return true;
    Variable *source = input(c);
    return source->mark == mark || source->is_constant || !source->determined_by;
}

static void execute(Constraint *c)
{
    if (c->kind == EQUALITY)
        output(c)->value = input(c)->value;
    else if (c->kind == SCALE && c->direction == FORWARD)
        c->second->value = c->first->value * c->factor->value + c->offset->value;
    else if (c->kind == SCALE)
        c->first->value = (c->second->value - c->offset->value) / c->factor->value;
}

static void recalculate(Constraint *c)
{
    Variable *out = output(c);
    if (is_binary(c)) {
        Variable *source = input(c);
        out->walk_strength = c->strength > source->walk_strength ? c->strength : source->walk_strength;
        out->is_constant = source->is_constant;
        if (c->kind == SCALE)
            out->is_constant = out->is_constant && c->factor->is_constant && c->offset->is_constant;
    } else {
        out->walk_strength = c->strength;
        out->is_constant = c->kind != EDIT;
    }
    if (out->is_constant)
        execute(c);
}

// -------------------------------------------------------------------------------------- planner

static void remove_constraint(Planner *planner, Constraint *c);

static void add_consumers(Variable *variable, List *todo)
{
    for (int i = 0; i < variable->constraints.count; i++) {
        Constraint *c = variable->constraints.items[i];
        if (c->direction != NONE && variable->determined_by != c)
            append(todo, c);
    }
}

static bool propagate(Planner *planner, Constraint *c, long mark)
{
    List todo = {0};
    append(&todo, c);
    while (todo.count > 0) {
        Constraint *next = pop(&todo);
        if (output(next)->mark == mark) {
            remove_constraint(planner, c);
            free(todo.items);
            return false;
        }
        recalculate(next);
        add_consumers(output(next), &todo);
    }
    free(todo.items);
    return true;
}

static void fail(const char *message)
{
    fprintf(stderr, "%s\n", message);
    exit(1);
}

static Constraint *satisfy(Planner *planner, Constraint *c, long mark)
{
    choose(c, mark);
    if (c->direction == NONE) {
        if (c->strength == REQUIRED)
            fail("a required constraint cannot be satisfied");
        return NULL;
    }
    mark_inputs(c, mark);
    Variable *out = output(c);
    Constraint *overridden = out->determined_by;
    if (overridden)
        overridden->direction = NONE;
    out->determined_by = c;
    if (!propagate(planner, c, mark))
        fail("a cycle of constraints");
    out->mark = mark;
    return overridden;
}

static void add_satisfied(Planner *planner, Constraint *c)
{
    long mark = ++planner->mark;
    while (c)
        c = satisfy(planner, c, mark);
}

static Constraint *add(Planner *planner, Constraint *c)
{
    for_variables(c, append);
    add_satisfied(planner, c);
    return c;
}

static List unpropagate(Variable *out)
{
    List unsatisfied = {0}, todo = {0};
    out->determined_by = NULL;
    out->walk_strength = WEAKEST;
    out->is_constant = true;
    append(&todo, out);
    while (todo.count > 0) {
        Variable *variable = pop(&todo);
        for (int i = 0; i < variable->constraints.count; i++) {
            Constraint *c = variable->constraints.items[i];
            if (c->direction == NONE)
                append(&unsatisfied, c);
        }
        for (int i = 0; i < variable->constraints.count; i++) {
            Constraint *c = variable->constraints.items[i];
            if (c->direction != NONE && variable->determined_by != c) {
                recalculate(c);
                append(&todo, output(c));
            }
        }
    }
    free(todo.items);
    return unsatisfied;
}

static void remove_constraint(Planner *planner, Constraint *c)
{
    if (c->direction == NONE) {
        for_variables(c, take_out);
        return;
    }
    Variable *out = output(c);
    for_variables(c, take_out);
    List unsatisfied = unpropagate(out);
    for (int strength = REQUIRED; strength <= WEAKEST; strength++)
        for (int i = 0; i < unsatisfied.count; i++) {
            Constraint *other = unsatisfied.items[i];
            if (other->strength == strength)
                add_satisfied(planner, other);
        }
    free(unsatisfied.items);
}

static List new_plan(Planner *planner, Constraint *source)
{
    long mark = ++planner->mark;
    List plan = {0}, todo = {0};
    append(&todo, source);
    while (todo.count > 0) {
        Constraint *c = pop(&todo);
        if (output(c)->mark != mark && inputs_known(c, mark)) {
            append(&plan, c);
            output(c)->mark = mark;
            add_consumers(output(c), &todo);
        }
    }
    free(todo.items);
    return plan;
}

static void execute_plan(const List *plan)
{
    for (int i = 0; i < plan->count; i++)
        execute(plan->items[i]);
}

// ---------------------------------------------------------------------------------------- tests

static void change_value(Planner *planner, Variable *variable, long value)
{
    Constraint *edit = add(planner, new_constraint(EDIT, PREFERRED, NULL, variable));
    List plan = new_plan(planner, edit);
    for (int turn = 0; turn < 10; turn++) {
        variable->value = value;
        execute_plan(&plan);
    }
    remove_constraint(planner, edit);
    free(plan.items);
}

static long chain(int n)
{
    Planner planner = {0};
    Variable **variables = malloc((size_t)(n + 1) * sizeof *variables);
    for (int i = 0; i <= n; i++)
        variables[i] = new_variable(0);
    for (int i = 0; i < n; i++)
        add(&planner, new_constraint(EQUALITY, REQUIRED, variables[i], variables[i + 1]));
    add(&planner, new_constraint(STAY, NORMAL, NULL, variables[n]));
    Constraint *edit = add(&planner, new_constraint(EDIT, PREFERRED, NULL, variables[0]));
    List plan = new_plan(&planner, edit);
    long sum = 0;
    for (int i = 0; i < 100; i++) {
        variables[0]->value = i;
        execute_plan(&plan);
        sum += variables[n]->value;
    }
    remove_constraint(&planner, edit);
    return sum;
}

static long sum_of(Variable **variables, int n)
{
    long sum = 0;
    for (int i = 0; i < n; i++)
        sum += variables[i]->value;
    return sum;
}

static void projection(int n)
{
    Planner planner = {0};
    Variable *scale = new_variable(10), *offset = new_variable(1000), *source = NULL;
    Variable **targets = malloc((size_t)n * sizeof *targets);
    for (int i = 0; i < n; i++) {
        source = new_variable(i);
        targets[i] = new_variable(i);
        add(&planner, new_constraint(STAY, NORMAL, NULL, source));
        Constraint *c = new_constraint(SCALE, REQUIRED, source, targets[i]);
        c->factor = scale;
        c->offset = offset;
        add(&planner, c);
    }
    change_value(&planner, source, 17);
    long forward = targets[n - 1]->value;
    change_value(&planner, targets[n - 1], 1050);
    long backward = source->value;
    change_value(&planner, scale, 5);
    long scaled = sum_of(targets, n);
    change_value(&planner, offset, 2000);
    printf(" (%ld, %ld, %ld, %ld)\n", forward, backward, scaled, sum_of(targets, n));
}

int main(void)
{
    for (int i = 0; i < 4; i++) {
        printf("%ld", chain(10000 + i));
        projection(10000 + i);
    }
    return 0;
}

REQUIRED = 0
STRONG = 1
PREFERRED = 2
NORMAL = 3
WEAKEST = 4

NONE = 0
FORWARD = 1
BACKWARD = 2


class Variable:
    def __init__(self, value):
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.mark = 0
        self.walk_strength = WEAKEST
        self.is_constant = True


class Constraint:
    def __init__(self, strength):
        self.strength = strength

    def is_input(self):
        return False

    def add_to(self, planner):
        self.connect()
        planner.add(self)

    def remove_from(self, planner):
        if self.is_satisfied():
            planner.remove(self)
        else:
            self.disconnect()

    def satisfy(self, mark, planner):
        self.choose(mark)
        if not self.is_satisfied():
            if self.strength == REQUIRED:
                raise ValueError("a required constraint cannot be satisfied")
            return None
        self.mark_inputs(mark)
        out = self.output()
        overridden = out.determined_by
        if overridden is not None:
            overridden.give_up()
        out.determined_by = self
        if not planner.propagate(self, mark):
            raise ValueError("a cycle of constraints")
        out.mark = mark
        return overridden


class Unary(Constraint):
    def __init__(self, variable, strength):
        super().__init__(strength)
        self.variable = variable
        self.holds = False

    def connect(self):
        self.variable.constraints.append(self)
        self.holds = False

    def disconnect(self):
        self.variable.constraints.remove(self)
        self.holds = False

    def choose(self, mark):
        self.holds = self.variable.mark != mark and self.strength < self.variable.walk_strength

    def is_satisfied(self):
        return self.holds

    def give_up(self):
        self.holds = False

    def output(self):
        return self.variable

    def mark_inputs(self, mark):
        pass

    def inputs_known(self, mark):
        return True

    def execute(self):
        pass

    def recalculate(self):
        self.variable.walk_strength = self.strength
        self.variable.is_constant = not self.is_input()
        if self.variable.is_constant:
            self.execute()


class Stay(Unary):
    pass


class Edit(Unary):
    def is_input(self):
        return True


class Binary(Constraint):
    def __init__(self, first, second, strength):
        super().__init__(strength)
        self.first = first
        self.second = second
        self.direction = NONE

    def connect(self):
        self.first.constraints.append(self)
        self.second.constraints.append(self)
        self.direction = NONE

    def disconnect(self):
        self.first.constraints.remove(self)
        self.second.constraints.remove(self)
        self.direction = NONE

    def choose(self, mark):
        first = self.first
        second = self.second
        to_second = second.mark != mark and self.strength < second.walk_strength
        to_first = first.mark != mark and self.strength < first.walk_strength
        if first.mark == mark:
            self.direction = FORWARD if to_second else NONE
        elif second.mark == mark:
            self.direction = BACKWARD if to_first else NONE
        elif first.walk_strength > second.walk_strength:
            self.direction = BACKWARD if to_first else NONE
        else:
            self.direction = FORWARD if to_second else NONE

    def is_satisfied(self):
        return self.direction != NONE

    def give_up(self):
        self.direction = NONE

    def input(self):
        return self.first if self.direction == FORWARD else self.second

    def output(self):
        return self.second if self.direction == FORWARD else self.first

    def mark_inputs(self, mark):
        self.input().mark = mark

    def inputs_known(self, mark):
        source = self.input()
        return source.mark == mark or source.is_constant or source.determined_by is None

    def recalculate(self):
        source = self.input()
        out = self.output()
        out.walk_strength = max(self.strength, source.walk_strength)
        out.is_constant = source.is_constant
        if out.is_constant:
            self.execute()


class Equality(Binary):
    def execute(self):
        self.output().value = self.input().value


class Scale(Binary):
    def __init__(self, source, factor, offset, target, strength):
        super().__init__(source, target, strength)
        self.factor = factor
        self.offset = offset

    def connect(self):
        super().connect()
        self.factor.constraints.append(self)
        self.offset.constraints.append(self)

    def disconnect(self):
        super().disconnect()
        self.factor.constraints.remove(self)
        self.offset.constraints.remove(self)

    def mark_inputs(self, mark):
        super().mark_inputs(mark)
        self.factor.mark = mark
        self.offset.mark = mark

    def execute(self):
        if self.direction == FORWARD:
            self.second.value = self.first.value * self.factor.value + self.offset.value
        else:
            self.first.value = (self.second.value - self.offset.value) // self.factor.value

    def recalculate(self):
        source = self.input()
        out = self.output()
        out.walk_strength = max(self.strength, source.walk_strength)
        out.is_constant = source.is_constant and self.factor.is_constant and self.offset.is_constant
        if out.is_constant:
            self.execute()


class Planner:
    def __init__(self):
        self.current_mark = 0

    def new_mark(self):
        self.current_mark += 1
        return self.current_mark

    def add(self, constraint):
        mark = self.new_mark()
        overridden = constraint.satisfy(mark, self)
        while overridden is not None:
            overridden = overridden.satisfy(mark, self)

    def remove(self, constraint):
        out = constraint.output()
        constraint.give_up()
        constraint.disconnect()
        unsatisfied = self.unpropagate(out)
        for strength in range(REQUIRED, WEAKEST + 1):
            for other in unsatisfied:
                if other.strength == strength:
                    self.add(other)

    def plan(self, sources):
        mark = self.new_mark()
        plan = []
        todo = sources[:]
        while len(todo) > 0:
            constraint = todo.pop()
            if constraint.output().mark != mark and constraint.inputs_known(mark):
                plan.append(constraint)
                constraint.output().mark = mark
                self.add_consumers(constraint.output(), todo)
        return plan

    def propagate(self, constraint, mark):
        todo = [constraint]
        while len(todo) > 0:
            next = todo.pop()
            if next.output().mark == mark:
                constraint.remove_from(self)
                return False
            next.recalculate()
            self.add_consumers(next.output(), todo)
        return True

    def unpropagate(self, out):
        out.determined_by = None
        out.walk_strength = WEAKEST
        out.is_constant = True
        unsatisfied = []
        todo = [out]
        while len(todo) > 0:
            variable = todo.pop()
            for constraint in variable.constraints:
                if not constraint.is_satisfied():
                    unsatisfied.append(constraint)
            for constraint in variable.constraints:
                if constraint.is_satisfied() and variable.determined_by != constraint:
                    constraint.recalculate()
                    todo.append(constraint.output())
        return unsatisfied

    def add_consumers(self, variable, todo):
        for constraint in variable.constraints:
            if constraint.is_satisfied() and variable.determined_by != constraint:
                todo.append(constraint)


def change_value(planner, variable, value):
    edit = Edit(variable, PREFERRED)
    edit.add_to(planner)
    plan = planner.plan([edit])
    for turn in range(10):
        variable.value = value
        for constraint in plan:
            constraint.execute()
    edit.remove_from(planner)



def chain(n):
    planner = Planner()
    variables = [Variable(0) for i in range(n + 1)]
    for i in range(n):
        Equality(variables[i], variables[i + 1], REQUIRED).add_to(planner)
    Stay(variables[n], NORMAL).add_to(planner)
    edit = Edit(variables[0], PREFERRED)
    edit.add_to(planner)
    plan = planner.plan([edit])
    sum = 0
    for i in range(100):
        variables[0].value = i
        for constraint in plan:
            constraint.execute()
        sum += variables[n].value
    edit.remove_from(planner)
    return sum



def projection(n):
    planner = Planner()
    scale = Variable(10)
    offset = Variable(1000)
    source = None
    target = None
    targets = []
    for i in range(n):
        source = Variable(i)
        target = Variable(i)
        targets.append(target)
        Stay(source, NORMAL).add_to(planner)
        Scale(source, scale, offset, target, REQUIRED).add_to(planner)
    change_value(planner, source, 17)
    forward = target.value
    change_value(planner, target, 1050)
    backward = source.value
    change_value(planner, scale, 5)
    scaled = sum([t.value for t in targets])
    change_value(planner, offset, 2000)
    return (forward, backward, scaled, sum([t.value for t in targets]))


for i in range(4):
    print(chain(10_000 + i), projection(10_000 + i))

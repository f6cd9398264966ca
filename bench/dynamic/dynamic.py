def evaluate(node, names):
    if type(node) is int or type(node) is float:
        return node
    if type(node) is str:
        return names[node]
    word = node[0]
    if word == "let":
        names[node[1]] = evaluate(node[2], names)
        return names[node[1]]
    if word == "if":
        return evaluate(node[2], names) if evaluate(node[1], names) else evaluate(node[3], names)
    if word == "while":
        last = None
        while evaluate(node[1], names):
            for i in range(2, len(node)):
                last = evaluate(node[i], names)
        return last
    a = evaluate(node[1], names)
    b = evaluate(node[2], names)
    match word:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "%":
            return a % b
        case "<":
            return a < b
        case "=":
            return a == b
    raise ValueError("unknown word " + word)


def mixed(n):
    things = []
    for i in range(n):
        match i % 5:
            case 0:
                thing = i
            case 1:
                thing = i * 0.5
            case 2:
                thing = str(i)
            case 3:
                thing = [i, str(i)]
            case _:
                thing = None
        things.append(thing)
    return things


def weigh(thing):
    if isinstance(thing, int):
        return thing % 1000
    if isinstance(thing, float):
        return thing
    if isinstance(thing, str):
        return len(thing)
    if isinstance(thing, list):
        return sum([weigh(x) for x in thing])
    return 1


def main():
    program = ["while", ["<", "i", 100000],
               ["let", "odd", ["%", "i", 2]],
               ["let", "total", ["if", "odd", ["+", "total", ["*", "i", 0.5]], ["-", "total", 1]]],
               ["let", "i", ["+", "i", 1]]]
    names = {"i": 0, "total": 0}
    print(evaluate(program, names), names["total"])

    things = mixed(100_000)
    weight = 0
    for turn in range(5):
        for thing in things:
            weight += weigh(thing)
    print(weight)


main()

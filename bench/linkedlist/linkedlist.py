class Node:
    def __init__(self, value, next):
        self.value = value
        self.next = next


def build(n, start, step):
    first = None
    for i in range(n):
        first = Node(start - i * step, first)
    return first


def turned(node):
    done = None
    while node is not None:
        rest = node.next
        node.next = done
        done = node
        node = rest
    return done


def without(node, divisor):
    head = Node(0, node)
    last = head
    while last.next is not None:
        if last.next.value % divisor == 0:
            last.next = last.next.next
        else:
            last = last.next
    return head.next


def merged(a, b):
    head = Node(0, None)
    last = head
    while a is not None and b is not None:
        if a.value <= b.value:
            last.next = a
            a = a.next
        else:
            last.next = b
            b = b.next
        last = last.next
    last.next = a if a is not None else b
    return head.next


def total(node):
    result = 0
    while node is not None:
        result = (result * 31 + node.value) % 1000003
        node = node.next
    return result


def main():
    n = 200_000
    for turn in range(10):
        a = without(build(n, 3 * n, 3), 7)
        b = without(build(n, 2 * n + turn, 2), 5)
        merged_list = merged(a, b)
        forward = total(merged_list)
        print(forward, total(turned(merged_list)))


main()

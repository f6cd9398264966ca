#include <stdio.h>
#include <stdlib.h>

typedef struct Node Node;
struct Node {
    long value;
    Node *next;
};

static Node *new_node(long value, Node *next)
{
    Node *node = malloc(sizeof *node);
    *node = (Node){value, next};
    return node;
}

static Node *build(long n, long start, long step)
{
    Node *first = NULL;
    for (long i = 0; i < n; i++)
        first = new_node(start - i * step, first);
    return first;
}

static Node *turned(Node *node)
{
    Node *done = NULL;
    while (node) {
        Node *rest = node->next;
        node->next = done;
        done = node;
        node = rest;
    }
    return done;
}

static Node *without(Node *node, long divisor)
{
    Node head = {0, node}, *last = &head;
    while (last->next)
        if (last->next->value % divisor == 0) {
            Node *gone = last->next;
            last->next = gone->next;
            free(gone);
        } else {
            last = last->next;
        }
    return head.next;
}

static Node *merged(Node *a, Node *b)
{
    Node head = {0, NULL}, *last = &head;
    while (a && b) {
        Node **from = a->value <= b->value ? &a : &b;
        last = last->next = *from;
        *from = (*from)->next;
    }
    last->next = a ? a : b;
    return head.next;
}

static long total(Node *node)
{
    long sum = 0;
    for (; node; node = node->next)
        sum = (sum * 31 + node->value) % 1000003;
    return sum;
}

int main(void)
{
    long n = 200000;
    for (long turn = 0; turn < 10; turn++) {
        Node *a = without(build(n, 3 * n, 3), 7), *b = without(build(n, 2 * n + turn, 2), 5);
        Node *all = merged(a, b);
        long forward = total(all);
        all = turned(all);
        printf("%ld %ld\n", forward, total(all));
        while (all) {
            Node *next = all->next;
            free(all);
            all = next;
        }
    }
    return 0;
}

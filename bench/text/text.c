#define _GNU_SOURCE // memrchr

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *data;
    size_t size, room;
} Text;

static void add(Text *text, const char *from, size_t size)
{
    if (text->size + size + 1 > text->room) {
        text->room = (text->size + size + 1) * 2;
        text->data = realloc(text->data, text->room);
    }
    memcpy(text->data + text->size, from, size);
    text->size += size;
    text->data[text->size] = 0;
}

static Text make_text(int lines)
{
    static const char *words[] = {"the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "again"};
    Text text = {0};
    for (long i = 0; i < lines; i++) {
        if (i > 0)
            add(&text, "\n", 1);
        for (int k = 0; k < 10; k++) {
            const char *word = words[(i * 7 + k * k) % 10];
            if (k > 0)
                add(&text, " ", 1);
            add(&text, word, strlen(word));
        }
    }
    return text;
}

static Text replaced(const Text *text, const char *from, const char *to)
{
    Text made = {0};
    const char *at = text->data, *found;
    for (; (found = strstr(at, from)); at = found + strlen(from)) {
        add(&made, at, (size_t)(found - at));
        add(&made, to, strlen(to));
    }
    add(&made, at, strlen(at));
    return made;
}

static int count_of(const char *text, const char *part)
{
    int count = 0;
    for (; (text = strstr(text, part)); text += strlen(part))
        count++;
    return count;
}

static Text with_ends_swapped(const Text *text)
{
    Text made = {0};
    const char *line = text->data;
    while (line) {
        const char *end = strchr(line, '\n');
        size_t size = end ? (size_t)(end - line) : strlen(line);
        const char *first = memchr(line, ' ', size), *last = memrchr(line, ' ', size);
        if (made.size > 0)
            add(&made, "\n", 1);
        add(&made, last + 1, (size_t)(line + size - last - 1));
        add(&made, first, (size_t)(last + 1 - first));
        add(&made, line, (size_t)(first - line));
        line = end ? end + 1 : NULL;
    }
    return made;
}

int main(void)
{
    Text text = make_text(60000);
    printf("%zu %d\n", text.size, count_of(text.data, "fox"));
    Text other = with_ends_swapped(&text);
    printf("%.40s %s\n", other.data, strcmp(other.data, text.data) == 0 ? "true" : "false");

    Text wolf = replaced(&text, "fox", "wolf"), loud = replaced(&wolf, "lazy ", "");
    for (size_t i = 0; i < loud.size; i++)
        if (loud.data[i] >= 'a' && loud.data[i] <= 'z')
            loud.data[i] -= 'a' - 'A';
    printf("%zu %td %s\n", loud.size, strstr(loud.data, "WOLF") - loud.data, strstr(loud.data, "LAZY") ? "true" : "false");

    const char *longest = "", *line = loud.data;
    size_t longest_size = 0;
    int at = 0;
    while (line) {
        const char *end = strchr(line, '\n'), *start = line;
        size_t size = end ? (size_t)(end - line) : strlen(line);
        while (size > 0 && *start == ' ')
            start++, size--;
        while (size > 0 && start[size - 1] == ' ')
            size--;
        if (size >= 3 && memcmp(start, "THE", 3) == 0 && size > longest_size) {
            longest = start;
            longest_size = size;
        }
        if (size >= 3 && memcmp(start + size - 3, "DOG", 3) == 0)
            at++;
        line = end ? end + 1 : NULL;
    }
    printf("%.*s %d\n", (int)longest_size, longest, at);
    return 0;
}

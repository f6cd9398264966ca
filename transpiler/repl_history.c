// Entries of earlier sessions. The file has one a line, oldest first, line breaks written as `\n`;
// each entry is appended when it is made, so that several sessions can share the file.
#include "repl_edit_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_ITEMS = 2000, LONGEST_ITEM = 64 << 10 };

// $XDG_STATE_HOME/tombo/history, usually ~/.local/state/tombo/history; NULL when there is no home.
static const char *history_path(Arena *arena)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state == '/') return arena_format(arena, "%s/tombo/history", state);
    return home && *home ? arena_format(arena, "%s/.local/state/tombo/history", home) : NULL;
}

static void make_folders(const char *path)
{
    Arena arena = {0};
    char *copy = arena_copy(&arena, path, strlen(path));
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(copy, 0700); // what fails here fails below
        *slash = '/';
    }
    arena_free(&arena);
}

static const char *unescape(Arena *arena, const char *line, size_t size)
{
    char *text = arena_copy(arena, line, size), *to = text;
    for (const char *at = line; at < line + size; at++) {
        bool is_escape = *at == '\\' && at + 1 < line + size;
        if (is_escape) at++;
        *to++ = is_escape && *at == 'n' ? '\n' : *at;
    }
    *to = '\0';
    return text;
}

static void write_escaped(Text *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\')
            text_add(out, "\\\\", 2);
        else if (*text == '\n')
            text_add(out, "\\n", 2);
        else
            text_add(out, text, 1);
    }
    text_add(out, "\n", 1);
}

// Writes the file anew with the youngest entries only.
static void shorten(const History *history)
{
    Text out = {0};
    int first = history->items.count - MOST_ITEMS;
    for (int i = first; i < history->items.count; i++)
        write_escaped(&out, history->items.items[i]);
    int file = open(history->path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (file >= 0 && write(file, out.bytes, out.size) < 0) unlink(history->path);
    if (file >= 0) close(file);
    text_free(&out);
}

static void read_items(History *history, FILE *file)
{
    char *line = NULL;
    size_t capacity = 0;
    for (ssize_t size; (size = getline(&line, &capacity, file)) > 0;) {
        if (line[size - 1] == '\n') size--;
        if (size > 0)
            VEC_PUSH(&history->arena, history->items,
                     unescape(&history->arena, line, (size_t)size));
    }
    free(line);
}

void history_load(History *history, FILE *former)
{
    *history = (History){0};
    history->path = history_path(&history->arena);
    if (former) read_items(history, former);
    FILE *file = history->path && !former ? fopen(history->path, "re") : NULL;
    if (!file) return;
    read_items(history, file);
    fclose(file);
    if (history->items.count > 2 * MOST_ITEMS) shorten(history);
}

void history_write(const History *history, FILE *out)
{
    Text text = {0};
    for (int i = 0; i < history->items.count; i++)
        write_escaped(&text, history->items.items[i]);
    fwrite(text.bytes, 1, text.size, out);
    text_free(&text);
}

void history_add(History *history, const char *text)
{
    size_t size = strlen(text);
    int count = history->items.count;
    if (!size || *text == ' ' || size > LONGEST_ITEM) return;
    if (count && strcmp(history->items.items[count - 1], text) == 0) return;
    VEC_PUSH(&history->arena, history->items, arena_copy(&history->arena, text, size));
    if (!history->path) return;
    int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
    int file = open(history->path, flags, 0600);
    if (file < 0 && errno == ENOENT) {
        make_folders(history->path);
        file = open(history->path, flags, 0600);
    }
    Text line = {0};
    write_escaped(&line, text);
    bool is_written = file >= 0 && write(file, line.bytes, line.size) == (ssize_t)line.size;
    if (!is_written) history->path = NULL; // once is enough
    if (file >= 0) close(file);
    text_free(&line);
}

void history_free(History *history)
{
    arena_free(&history->arena);
}

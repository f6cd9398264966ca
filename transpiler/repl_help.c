// Documentation at the prompt, from the same places as everything else: the library's declarations
// with their `##` comments, and the entries that made the user's own functions.
#include <stdlib.h>
#include <string.h>

#include "repl_help.h"
#include "repl_state.h"

#define BOLD "\x1b[1m"
#define OFF  "\x1b[0m"

// ---- a declaration's text -----------------------------------------------------------------------

static const char *line_end(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline : end;
}

// The first line behind the comment.
static const char *header_of(const char *at, const char *end)
{
    while (at < end && (*at == '#' || *at == '\n')) {
        at = line_end(at, end);
        if (at < end) at++;
    }
    return at;
}

// Where the header ends: before the `= "c_name"` of an extern, the arrow of a short body, the line.
static const char *header_end(const char *at, const char *end)
{
    int brackets = 0;
    for (const char *start = at; at < end; at++) {
        if (strchr("([{", *at)) brackets++;
        if (strchr(")]}", *at)) brackets--;
        if (brackets) continue;
        if (*at == '\n') return at;
        bool is_arrow = at[0] == '=' && at + 1 < end && (at[1] == '>' || at[1] == ' ');
        bool is_value = is_arrow && strncmp(start, "let", 3) == 0;
        if (is_arrow && !is_value) return at > start && at[-1] == ' ' ? at - 1 : at;
    }
    return at;
}

// The header without what only the library's own files need: `extern "m" def`.
static const char *header_text(Arena *arena, const char *at, const char *end)
{
    const char *stop = header_end(at, end);
    if (strncmp(at, "extern ", 7) == 0) at += 7;
    if (*at == '"') {
        const char *quote = memchr(at + 1, '"', (size_t)(end - at - 1));
        at = quote ? quote + 2 : at;
    }
    return arena_copy(arena, at, (size_t)(stop - at));
}

static void write_header(const Repl *repl, const char *at, const char *end)
{
    Arena arena = {0};
    printf("%s%s%s\n", repl->is_color ? BOLD : "", header_text(&arena, at, end),
           repl->is_color ? OFF : "");
    arena_free(&arena);
}

// The `##` lines without their marks.
static void write_comment(const char *at, const char *end)
{
    while (at < end && *at == '#') {
        const char *stop = line_end(at, end);
        at += strspn(at, "#");
        if (*at == ' ') at++;
        printf("    %.*s\n", (int)(stop > at ? stop - at : 0), at);
        at = stop < end ? stop + 1 : stop;
    }
}

static const char *library_text(const LibraryEntry *entry)
{
    return library_texts[library_number(entry->library)].text;
}

const char *help_signature(Arena *arena, const LibraryEntry *entry)
{
    const char *text = library_text(entry);
    const char *end = text + entry->end;
    const char *header = header_text(arena, header_of(text + entry->start, end), end);
    static const char *const words[] = {"def ", "defi ", "fn ", "let "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(header, words[i], strlen(words[i])) == 0) return header + strlen(words[i]);
    return header;
}

static void help_library_name(const Repl *repl, int row, int count)
{
    const char *library = "";
    for (int i = count - 1; i >= 0; i--) {
        const LibraryEntry *entry = &library_entries[row + i];
        const char *text = library_text(entry);
        const char *start = text + entry->start, *end = text + entry->end;
        if (strcmp(library, entry->library) != 0) printf("library %s\n", entry->library);
        library = entry->library;
        write_header(repl, header_of(start, end), end);
        write_comment(start, end);
    }
}

// ---- a library ----------------------------------------------------------------------------------

static void help_library(const char *name)
{
    const LibraryText *library = &library_texts[library_number(name)];
    enum { WIDTH = 76 };
    int column = 0;
    const char *before = "";
    printf("library %s\n", name);
    write_comment(library->text, library->text + library->size);
    for (int i = 0; i < library_entry_count; i++) {
        const LibraryEntry *entry = &library_entries[i];
        bool is_shown = strcmp(entry->library, name) == 0 && entry->name[0] != '_' &&
                        strcmp(entry->name, before) != 0;
        if (!is_shown) continue;
        before = entry->name;
        int size = (int)strlen(entry->name) + 1;
        if (column + size > WIDTH) column = 0;
        printf("%s%s ", column ? "" : i ? "\n    " : "    ", entry->name);
        column = column + size;
    }
    printf("\n");
}

// ---- the user's own -----------------------------------------------------------------------------

static void help_own(const Repl *repl, const char *name)
{
    const char *signature = session_signature(repl->session, name);
    const char *origin = session_origin(repl->session, name);
    if (signature)
        printf("%s%s%s\n", repl->is_color ? BOLD : "", signature, repl->is_color ? OFF : "");
    else
        session_type(repl->session, name);
    if (origin) printf("%s", origin);
}

void repl_help(Repl *repl, const char *topic)
{
    int count = 0;
    const char *dot = strrchr(topic, '.');
    const char *name = dot && dot[1] ? dot + 1 : topic;
    int row = library_find_all(name, &count);
    if (session_has(repl->session, topic)) {
        help_own(repl, topic);
    } else if (library_exists(topic)) {
        help_library(topic);
    } else if (count) {
        help_library_name(repl, row, count);
    } else {
        Nearest nearest = {.wanted = name};
        library_offer_names(&nearest);
        message_error(repl->messages, "nothing is known of `%s`", topic);
        if (nearest.best) message_help(repl->messages, "did you mean `%s`?", nearest.best);
    }
}

// What Tab offers, and the grey hints: keywords, names of the session, the library with its
// signatures, members of what stands before a dot, files in strings, commands.
#include "repl_edit_state.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "library.h"
#include "repl_help.h"
#include "repl_state.h"
#include "repl_words.h"

// The candidates being collected: those that begin with [prefix].
typedef struct Offer {
    Candidates *candidates;
    const char *prefix;
    const char *tail; // what is inserted behind each
} Offer;

// ---- collecting ---------------------------------------------------------------------------------

static void offer_noted(Offer *offer, const char *item, const char *note)
{
    Candidates *candidates = offer->candidates;
    Arena *arena = &candidates->arena;
    if (strncmp(item, offer->prefix, strlen(offer->prefix)) != 0) return;
    VEC_PUSH(arena, candidates->items, arena_format(arena, "%s%s", item, offer->tail));
    VEC_PUSH(arena, candidates->notes, note);
}

static void offer(void *offer_pointer, const char *item)
{
    offer_noted(offer_pointer, item, "");
}

typedef struct Pair {
    const char *item, *note;
} Pair;

static int by_item(const void *a, const void *b)
{
    return strcmp(((const Pair *)a)->item, ((const Pair *)b)->item);
}

// Sorts the candidates and drops those that are there twice.
static void settle(Candidates *candidates)
{
    int count = candidates->items.count, kept = 0;
    Pair *pairs = ARENA_ARRAY(&candidates->arena, Pair, count + 1);
    for (int i = 0; i < count; i++)
        pairs[i] = (Pair){candidates->items.items[i], candidates->notes.items[i]};
    qsort(pairs, (size_t)count, sizeof *pairs, by_item);
    for (int i = 0; i < count; i++) {
        if (kept && strcmp(pairs[kept - 1].item, pairs[i].item) == 0) continue;
        pairs[kept++] = pairs[i];
    }
    for (int i = 0; i < kept; i++) {
        candidates->items.items[i] = pairs[i].item;
        candidates->notes.items[i] = pairs[i].note;
    }
    candidates->items.count = kept;
}

// ---- the library --------------------------------------------------------------------------------

const char *complete_signature(Arena *arena, const char *name)
{
    int count;
    int row = library_find(name, &count);
    return count ? help_signature(arena, &library_entries[row + count - 1]) : NULL;
}

static void offer_library(Offer *offer, const char *library)
{
    for (int i = 0; i < library_entry_count; i++) {
        const LibraryEntry *entry = &library_entries[i];
        bool is_asked =
            library ? strcmp(entry->library, library) == 0 : !library_is_apart(entry->library);
        bool fits = is_asked && entry->name[0] != '_' &&
                    strncmp(entry->name, offer->prefix, strlen(offer->prefix)) == 0;
        if (fits) offer_noted(offer, entry->name, help_signature(&offer->candidates->arena, entry));
    }
}

// Whether a function's first parameter takes values of that kind.
static bool takes_first(const char *signature, const char *kind)
{
    const char *colon = strchr(signature, ':'), *open = strchr(signature, '(');
    if (!open || !colon) return false;
    const char *type = colon + 2;
    size_t size = strlen(kind);
    if (strncmp(type, kind, size) == 0) return true;
    return strncmp(type, "Any", 3) == 0 && open[1] != ')';
}

static void offer_methods(Offer *offer, const char *kind)
{
    for (int i = 0; i < library_entry_count; i++) {
        const LibraryEntry *entry = &library_entries[i];
        if (entry->name[0] == '_' || library_is_apart(entry->library) ||
            strncmp(entry->name, offer->prefix, strlen(offer->prefix)) != 0)
            continue;
        const char *signature = help_signature(&offer->candidates->arena, entry);
        if (takes_first(signature, kind)) offer_noted(offer, entry->name, signature);
    }
}

// ---- members ------------------------------------------------------------------------------------

// The kind of literal that ends before [at]; NULL when what stands there is none.
static const char *literal_kind(const Editor *editor, size_t at)
{
    const char *text = editor->text.bytes;
    Word word = words_at(text, at, at);
    if (word.kind == WORD_STRING) return "String";
    if (at > 0 && text[at - 1] == ']') return "List";
    if (at > 0 && text[at - 1] == '}') return "Dict";
    return NULL;
}

// `name.` and the beginning of a member.
static void offer_members(const Editor *editor, Offer *offering, size_t dot)
{
    const char *text = editor->text.bytes;
    Word word = words_at(text, dot, dot);
    const char *literal = literal_kind(editor, dot);
    if (literal) {
        offer_methods(offering, literal);
        return;
    }
    if (word.kind != WORD_NAME) return;
    const char *name =
        arena_copy(&offering->candidates->arena, text + word.start, word.end - word.start);
    const char *kind = session_each_member(editor->session, name, offer, offering);
    if (kind && *kind)
        offer_methods(offering, kind);
    else if (!kind && library_exists(name))
        offer_library(offering, name);
}

// ---- files --------------------------------------------------------------------------------------

// Files whose name begins like the last part of [path].
static void offer_files(Offer *offering, const char *path)
{
    Arena *arena = &offering->candidates->arena;
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_copy(arena, path, (size_t)(slash - path) + 1) : "";
    offering->prefix = slash ? slash + 1 : path;
    offering->candidates->start += slash ? (size_t)(slash + 1 - path) : 0;
    DIR *listing = opendir(*folder ? folder : ".");
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        struct stat info;
        if (entry->d_name[0] == '.' && offering->prefix[0] != '.') continue;
        const char *whole = arena_format(arena, "%s%s", folder, entry->d_name);
        bool is_folder = stat(whole, &info) == 0 && S_ISDIR(info.st_mode);
        offering->tail = is_folder ? "/" : "";
        offer(offering, entry->d_name);
    }
    if (listing) closedir(listing);
}

// ---- commands -----------------------------------------------------------------------------------

static void offer_command(const Editor *editor, Offer *offering)
{
    const char *text = editor->text.bytes;
    size_t size = strcspn(text, " ");
    Candidates *candidates = offering->candidates;
    if (size >= editor->cursor) {
        candidates->start = 1;
        offering->prefix = arena_copy(&candidates->arena, text + 1, editor->cursor - 1);
        repl_each_command(offer, offering);
    } else if (strncmp(text, ":load", size) == 0 || strncmp(text, ":save", size) == 0) {
        candidates->start = size + 1;
        offer_files(offering,
                    arena_copy(&candidates->arena, text + size + 1, editor->cursor - size - 1));
    }
}

// ---- the doors ----------------------------------------------------------------------------------

static void offer_names(const Editor *editor, Offer *offering)
{
    words_each_keyword(offer, offering);
    session_each_name(editor->session, offer, offering);
    for (int i = 0; i < library_text_count; i++)
        offer(offering, library_texts[i].library);
    offer_library(offering, NULL);
}

void complete(const Editor *editor, Candidates *candidates)
{
    const char *text = editor->text.bytes;
    size_t at = editor->cursor;
    Offer offering = {.candidates = candidates, .prefix = "", .tail = ""};
    Word word = words_at(text, at, at);
    candidates->start = word.kind == WORD_NAME || word.kind == WORD_KEYWORD ? word.start : at;
    offering.prefix =
        arena_copy(&candidates->arena, text + candidates->start, at - candidates->start);
    bool takes_names = text[0] == ':' && strchr(text, ' ') && strncmp(text, ":load", 5) != 0 &&
                       strncmp(text, ":save", 5) != 0;
    if (text[0] == ':' && !takes_names) {
        offer_command(editor, &offering);
    } else if (word.kind == WORD_UNCLOSED) {
        size_t start = word.start + strcspn(text + word.start, "\"'") + 1;
        candidates->start = start;
        offer_files(&offering, arena_copy(&candidates->arena, text + start, at - start));
    } else if (candidates->start > 0 && text[candidates->start - 1] == '.') {
        offer_members(editor, &offering, candidates->start - 1);
    } else if (at > candidates->start) {
        offer_names(editor, &offering);
    }
    settle(candidates);
}

// ---- hints --------------------------------------------------------------------------------------

// The signature of the function whose brackets the cursor is in.
static bool hint_signature(Editor *editor)
{
    const char *text = editor->text.bytes;
    size_t open = words_open_bracket(text, editor->cursor);
    if (open == (size_t)-1 || text[open] != '(' || open == 0) return false;
    Word word = words_at(text, open, open);
    if (word.kind != WORD_NAME) return false;
    Arena arena = {0};
    const char *name = arena_copy(&arena, text + word.start, word.end - word.start);
    const char *signature = session_has(editor->session, name)
                                ? session_signature(editor->session, name)
                                : complete_signature(&arena, name);
    if (signature) text_format(&editor->hint, "  %s", signature);
    arena_free(&arena);
    return signature != NULL;
}

// The rest of the youngest entry of the history that begins like this one.
static void hint_history(Editor *editor)
{
    enum { FROM = 2 };
    const Text *text = &editor->text;
    if (text->size < FROM || memchr(text->bytes, '\n', text->size)) return;
    for (int i = editor->history.items.count - 1; i >= 0; i--) {
        const char *item = editor->history.items.items[i];
        bool fits = strncmp(item, text->bytes, text->size) == 0 && item[text->size] != '\0' &&
                    !strchr(item, '\n');
        if (!fits) continue;
        text_add_string(&editor->hint, item + text->size);
        editor->is_hint_text = true;
        return;
    }
}

void complete_hint(Editor *editor)
{
    editor->hint.size = 0;
    editor->is_hint_text = false;
    if (editor->cursor < editor->text.size || !editor->is_color) return;
    if (!hint_signature(editor)) hint_history(editor);
    text_end(&editor->hint);
}

// The line editor: the entry's text, and what each key does to it. docs/prompt.md says why it is
// our own. An entry is edited as a whole, however many lines it has; Enter runs it when it is
// complete.
#include "repl_edit_state.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "repl_words.h"

enum { INDENT = 4 };

#define PASTE_ON  "\x1b[?2004h"
#define PASTE_OFF "\x1b[?2004l"

// What a key makes of the reading.
typedef enum Step { STEP_ON, STEP_DONE, STEP_CANCELLED, STEP_END } Step;

// ---- the text -----------------------------------------------------------------------------------

static void insert(Editor *editor, const char *bytes, size_t size)
{
    text_insert(&editor->text, editor->cursor, bytes, size);
    text_end(&editor->text);
    editor->cursor += size;
}

static void erase(Editor *editor, size_t from, size_t to)
{
    Text *text = &editor->text;
    memmove(text->bytes + from, text->bytes + to, text->size - to);
    text->size -= to - from;
    text_end(text);
    editor->cursor = from;
}

static void kill_span(Editor *editor, size_t from, size_t to)
{
    if (from == to) return;
    editor->killed.size = 0;
    text_add(&editor->killed, editor->text.bytes + from, to - from);
    erase(editor, from, to);
}

static void set_text(Editor *editor, const char *text)
{
    editor->text.size = 0;
    text_add_string(&editor->text, text);
    text_end(&editor->text);
    editor->cursor = editor->text.size;
}

static size_t line_start(const Editor *editor, size_t at)
{
    while (at > 0 && editor->text.bytes[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(const Editor *editor, size_t at)
{
    while (at < editor->text.size && editor->text.bytes[at] != '\n')
        at++;
    return at;
}

static size_t step_left(const Editor *editor, size_t at)
{
    if (at > 0) at--;
    while (at > 0 && (editor->text.bytes[at] & 0xc0) == 0x80)
        at--;
    return at;
}

static size_t step_right(const Editor *editor, size_t at)
{
    if (at < editor->text.size) at++;
    while (at < editor->text.size && (editor->text.bytes[at] & 0xc0) == 0x80)
        at++;
    return at;
}

static bool is_word_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '_' || (byte & 0x80);
}

static size_t word_left(const Editor *editor)
{
    size_t at = editor->cursor;
    while (at > 0 && !is_word_byte(editor->text.bytes[at - 1]))
        at--;
    while (at > 0 && is_word_byte(editor->text.bytes[at - 1]))
        at--;
    return at;
}

static size_t word_right(const Editor *editor)
{
    size_t at = editor->cursor;
    while (at < editor->text.size && !is_word_byte(editor->text.bytes[at]))
        at++;
    while (at < editor->text.size && is_word_byte(editor->text.bytes[at]))
        at++;
    return at;
}

static bool is_blank(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != ' ' && bytes[i] != '\t') return false;
    return true;
}

// ---- lines and their indentation ----------------------------------------------------------------

static size_t indentation_of(const Editor *editor, size_t start)
{
    size_t at = start;
    while (at < editor->text.size && editor->text.bytes[at] == ' ')
        at++;
    return at - start;
}

// Whether the line opens a block, so that the next one stands deeper.
static bool opens_block(const char *line, size_t size)
{
    static const char *const words[] = {"else", "catch", "finally", "elif", "when", "case"};
    Text text = {0};
    text_add(&text, line, size);
    text_add(&text, "\n", 1);
    bool opens = session_wants_more(text.bytes, text.size);
    text_free(&text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        bool is_word = size >= length && strncmp(line, words[i], length) == 0;
        const char *colon = is_word ? memchr(line, ':', size) : NULL;
        bool has_body = colon && !is_blank(colon + 1, (size_t)(line + size - colon - 1));
        if (is_word && !has_body && !memmem(line, size, " then ", 6)) return true;
    }
    return opens;
}

// A line break, with the indentation that the line above asks for.
static void break_line(Editor *editor)
{
    size_t start = line_start(editor, editor->cursor);
    size_t indent = indentation_of(editor, start);
    if (start + indent > editor->cursor) indent = editor->cursor - start;
    const char *line = editor->text.bytes + start + indent;
    if (opens_block(line, editor->cursor - start - indent)) indent += INDENT;
    insert(editor, "\n", 1);
    for (; indent; indent--)
        insert(editor, " ", 1);
}

// A word that closes or continues a block moves left as soon as it is written.
static void settle_word(Editor *editor)
{
    static const char *const words[] = {"end", "else", "elif", "catch", "finally"};
    size_t start = line_start(editor, editor->cursor);
    size_t indent = indentation_of(editor, start);
    if (!start || indent < INDENT || start + indent > editor->cursor) return;
    size_t above = line_start(editor, start - 1);
    if (indentation_of(editor, above) < indent) return;
    const char *word = editor->text.bytes + start + indent;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = editor->cursor - start - indent;
        if (strlen(words[i]) != size || strncmp(word, words[i], size) != 0) continue;
        size_t cursor = editor->cursor;
        erase(editor, start, start + INDENT);
        editor->cursor = cursor - INDENT;
        return;
    }
}

// ---- Enter --------------------------------------------------------------------------------------

// Whether the entry with a line break behind it still wants more. Blanks that only indent do not
// count: they make a blank line, which ends a block.
static bool wants_more(const Editor *editor)
{
    Text text = {0};
    size_t start = line_start(editor, editor->text.size);
    bool ends_blank = is_blank(editor->text.bytes + start, editor->text.size - start);
    text_add(&text, editor->text.bytes, ends_blank ? start : editor->text.size);
    text_add(&text, "\n", 1);
    bool result = session_wants_more(text.bytes, text.size);
    text_free(&text);
    return result;
}

static bool is_command(const Editor *editor)
{
    return editor->text.size && strchr(":%!?", editor->text.bytes[0]);
}

// `exit` on a line of its own inside a block gives the block up.
static bool leaves_block(const Editor *editor)
{
    size_t start = line_start(editor, editor->text.size);
    if (!start) return false;
    const char *word = editor->text.bytes + start + strspn(editor->text.bytes + start, " ");
    return strcmp(word, "exit") == 0 || strcmp(word, "quit") == 0;
}

static Step enter(Editor *editor)
{
    if (leaves_block(editor)) return STEP_CANCELLED;
    bool is_inside = line_end(editor, editor->cursor) < editor->text.size;
    if (is_inside || (!is_command(editor) && wants_more(editor))) {
        break_line(editor);
        return STEP_ON;
    }
    editor->cursor = editor->text.size;
    return STEP_DONE;
}

// ---- history ------------------------------------------------------------------------------------

static void show_item(Editor *editor, int item)
{
    History *history = &editor->history;
    if (item < 0 || item > history->items.count) return;
    if (editor->history_at == history->items.count) {
        editor->draft.size = 0;
        text_add(&editor->draft, editor->text.bytes, editor->text.size);
        text_end(&editor->draft);
    }
    editor->history_at = item;
    set_text(editor,
             item == history->items.count ? editor->draft.bytes : history->items.items[item]);
}

// The youngest item before [before] that has the text in it; -1 when none does.
static int find_item(const History *history, const char *wanted, int before)
{
    for (int i = before - 1; i >= 0; i--)
        if (strstr(history->items.items[i], wanted)) return i;
    return -1;
}

// Searches the history backwards while the user types. Returns the key that ended it.
static int search(Editor *editor)
{
    Text wanted = {0};
    History *history = &editor->history;
    int found = -1, key;
    text_end(&wanted);
    for (;;) {
        paint_search(editor, wanted.bytes, found >= 0 ? history->items.items[found] : "");
        key = key_read(editor);
        int before = history->items.count;
        if (key == KEY_NONE) continue;
        if (key == CONTROL('r')) {
            before = found >= 0 ? found : before;
        } else if (key == 127 || key == CONTROL('h')) {
            if (wanted.size) wanted.size--;
        } else if (key >= ' ' && key < 127) {
            char byte = (char)key;
            text_add(&wanted, &byte, 1);
        } else {
            break;
        }
        text_end(&wanted);
        int next = wanted.size ? find_item(history, wanted.bytes, before) : -1;
        if (next >= 0 || key != CONTROL('r')) found = next;
    }
    bool is_kept = key != CONTROL('c') && key != CONTROL('g');
    if (found >= 0 && is_kept) show_item(editor, found);
    text_free(&wanted);
    return is_kept && key != 27 ? key : KEY_NONE;
}

// ---- moving -------------------------------------------------------------------------------------

// To the same column of the line above or below; at the edge of the entry, to another entry.
static void move_line(Editor *editor, bool is_up)
{
    size_t start = line_start(editor, editor->cursor), end = line_end(editor, editor->cursor);
    bool is_edge = is_up ? start == 0 : end == editor->text.size;
    if (is_edge) {
        show_item(editor, editor->history_at + (is_up ? -1 : 1));
        return;
    }
    const char *text = editor->text.bytes;
    if (editor->wanted_column < 0)
        editor->wanted_column = paint_columns(text + start, editor->cursor - start);
    size_t at = is_up ? line_start(editor, start - 1) : end + 1;
    size_t stop = line_end(editor, at), target = at;
    while (at < stop && paint_columns(text + target, at - target) < editor->wanted_column)
        at = step_right(editor, at);
    editor->cursor = at;
}

static void backspace(Editor *editor)
{
    size_t start = line_start(editor, editor->cursor), at = editor->cursor;
    bool is_indentation = at > start && is_blank(editor->text.bytes + start, at - start);
    size_t from = step_left(editor, at);
    if (is_indentation && editor->text.bytes[at - 1] == ' ') {
        size_t width = (at - start - 1) % INDENT + 1;
        from = at - width;
    }
    erase(editor, from, at);
}

// ---- completion ---------------------------------------------------------------------------------

static size_t common_size(const Candidates *candidates)
{
    const char *first = candidates->items.items[0];
    size_t size = strlen(first);
    for (int i = 1; i < candidates->items.count; i++) {
        size_t same = 0;
        while (same < size && candidates->items.items[i][same] == first[same])
            same++;
        size = same;
    }
    return size;
}

static void tab(Editor *editor)
{
    size_t start = line_start(editor, editor->cursor);
    if (is_blank(editor->text.bytes + start, editor->cursor - start)) {
        size_t width = INDENT - (editor->cursor - start) % INDENT;
        insert(editor, "    ", width);
        return;
    }
    Candidates candidates = {0};
    complete(editor, &candidates);
    size_t written = editor->cursor - candidates.start;
    if (candidates.items.count) {
        size_t common = common_size(&candidates);
        bool adds = common > written || (candidates.items.count == 1 && common == written);
        if (adds) {
            erase(editor, candidates.start, editor->cursor);
            insert(editor, candidates.items.items[0], common);
        } else if (candidates.items.count > 1) {
            paint_candidates(editor, &candidates);
        }
    }
    arena_free(&candidates.arena);
}

// Takes over what the hint suggests.
static bool take_hint(Editor *editor)
{
    bool is_at_end = editor->cursor == editor->text.size;
    if (!is_at_end || !editor->is_hint_text || !editor->hint.size) return false;
    insert(editor, editor->hint.bytes, editor->hint.size);
    return true;
}

// ---- keys ---------------------------------------------------------------------------------------

static void insert_code(Editor *editor, int code)
{
    char bytes[4];
    size_t size = 0;
    if (code < 0x80) {
        bytes[size++] = (char)code;
    } else if (code < 0x800) {
        bytes[size++] = (char)(0xc0 | code >> 6);
    } else if (code < 0x10000) {
        bytes[size++] = (char)(0xe0 | code >> 12);
        bytes[size++] = (char)(0x80 | (code >> 6 & 0x3f));
    } else {
        bytes[size++] = (char)(0xf0 | code >> 18);
        bytes[size++] = (char)(0x80 | (code >> 12 & 0x3f));
        bytes[size++] = (char)(0x80 | (code >> 6 & 0x3f));
    }
    if (code >= 0x80) bytes[size++] = (char)(0x80 | (code & 0x3f));
    insert(editor, bytes, size);
}

// Text from the clipboard, as it is.
static void paste(Editor *editor)
{
    for (int key; (key = key_read(editor)) != KEY_PASTE_END && key != KEY_END_OF_INPUT;)
        if (key < KEY_NONE && (key >= ' ' || key == '\t' || key == '\r' || key == '\n'))
            insert_code(editor, key == '\r' ? '\n' : key);
}

static void set_cooked(const Editor *editor)
{
    if (write(STDOUT_FILENO, PASTE_OFF, strlen(PASTE_OFF)) < 0) return;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &editor->cooked);
}

static void set_raw(const Editor *editor)
{
    struct termios raw = editor->cooked;
    raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON | BRKINT | ISTRIP);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG | IEXTEN);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
    if (write(STDOUT_FILENO, PASTE_ON, strlen(PASTE_ON)) < 0) return;
}

// Ctrl-Z: stops the process until the shell continues it.
static void suspend(Editor *editor)
{
    paint_final(editor);
    set_cooked(editor);
    raise(SIGTSTP);
    set_raw(editor);
}

static void move_key(Editor *editor, int key)
{
    switch (key) {
    case KEY_LEFT:
    case CONTROL('b'):
        editor->cursor = step_left(editor, editor->cursor);
        break;
    case KEY_RIGHT:
    case CONTROL('f'):
        if (!take_hint(editor)) editor->cursor = step_right(editor, editor->cursor);
        break;
    case KEY_WORD_LEFT:
        editor->cursor = word_left(editor);
        break;
    case KEY_WORD_RIGHT:
        editor->cursor = word_right(editor);
        break;
    case KEY_HOME:
    case CONTROL('a'):
        editor->cursor = line_start(editor, editor->cursor);
        break;
    case KEY_END:
    case CONTROL('e'):
        if (!take_hint(editor)) editor->cursor = line_end(editor, editor->cursor);
        break;
    default:
        break;
    }
}

static void change_key(Editor *editor, int key)
{
    size_t at = editor->cursor;
    switch (key) {
    case 127:
    case CONTROL('h'):
        backspace(editor);
        break;
    case KEY_DELETE:
        erase(editor, at, step_right(editor, at));
        break;
    case KEY_DELETE_WORD:
    case CONTROL('w'):
        kill_span(editor, word_left(editor), at);
        break;
    case CONTROL('k'): {
        size_t end = line_end(editor, at);
        kill_span(editor, at, end == at && end < editor->text.size ? end + 1 : end);
        break;
    }
    case CONTROL('u'):
        kill_span(editor, line_start(editor, at), at);
        break;
    case CONTROL('y'):
        insert(editor, editor->killed.bytes, editor->killed.size);
        break;
    case KEY_NEW_LINE:
        break_line(editor);
        break;
    case KEY_PASTE:
        paste(editor);
        break;
    case '\t':
        tab(editor);
        break;
    default:
        if (key >= ' ' && key < KEY_NONE) {
            insert_code(editor, key);
            settle_word(editor);
        }
        break;
    }
}

static Step take_key(Editor *editor, int key)
{
    if (key == CONTROL('r')) key = search(editor);
    bool is_line_key =
        key == KEY_UP || key == KEY_DOWN || key == CONTROL('p') || key == CONTROL('n');
    if (!is_line_key) editor->wanted_column = -1;
    switch (key) {
    case '\r':
    case '\n':
        return enter(editor);
    case KEY_END_OF_INPUT:
        return STEP_END;
    case CONTROL('d'):
        if (!editor->text.size) return STEP_END;
        change_key(editor, KEY_DELETE);
        return STEP_ON;
    case CONTROL('c'):
        return STEP_CANCELLED;
    case CONTROL('l'):
        if (write(STDOUT_FILENO, "\x1b[H\x1b[2J", 7) == 7) editor->rows_above = 0;
        return STEP_ON;
    case CONTROL('z'):
        suspend(editor);
        return STEP_ON;
    case KEY_UP:
    case CONTROL('p'):
        move_line(editor, true);
        return STEP_ON;
    case KEY_DOWN:
    case CONTROL('n'):
        move_line(editor, false);
        return STEP_ON;
    default:
        move_key(editor, key);
        change_key(editor, key);
        return STEP_ON;
    }
}

// ---- the door -----------------------------------------------------------------------------------

// A signal that only interrupts the wait for a key: the entry is drawn anew.
static void on_resize(int number)
{
    (void)number;
}

static Step edit(Editor *editor)
{
    Step step = STEP_ON;
    while (step == STEP_ON) {
        complete_hint(editor);
        if (!input_is_waiting(editor->input, 0)) paint(editor);
        step = take_key(editor, key_read(editor));
    }
    editor->hint.size = 0;
    paint_final(editor);
    return step;
}

// Goes to the start of a line: blanks up to the last column run over to the next line unless the
// cursor is at the start of one, which the output of an entry does not always leave it at.
static void go_to_line_start(void)
{
    Text blanks = {0};
    text_add_spaces(&blanks, (size_t)paint_width() - 1);
    text_add(&blanks, "\r", 1);
    if (write(STDOUT_FILENO, blanks.bytes, blanks.size) < 0) blanks.size = 0; // nobody looks
    text_free(&blanks);
}

bool editor_read(Editor *editor, const char *first_prompt, const char *more_prompt, Text *entry)
{
    struct sigaction resize = {.sa_handler = on_resize}, former;
    editor->first_prompt = first_prompt;
    editor->more_prompt = more_prompt;
    editor->history_at = editor->history.items.count;
    editor->rows_above = 0;
    set_text(editor, "");
    sigaction(SIGWINCH, &resize, &former);
    set_raw(editor);
    go_to_line_start();
    Step step = edit(editor);
    set_cooked(editor);
    sigaction(SIGWINCH, &former, NULL);
    entry->size = 0;
    if (step == STEP_DONE) {
        history_add(&editor->history, editor->text.bytes);
        text_add(entry, editor->text.bytes, editor->text.size);
        text_add(entry, "\n", 1);
    }
    text_end(entry);
    return step != STEP_END;
}

Editor *editor_new(Session *session, ReplInput *input, bool is_color, FILE *former_history)
{
    Editor *editor = calloc(1, sizeof *editor);
    if (!editor) return NULL;
    editor->session = session;
    editor->input = input;
    editor->is_color = is_color;
    if (tcgetattr(STDIN_FILENO, &editor->cooked) != 0) {
        free(editor);
        return NULL;
    }
    history_load(&editor->history, former_history);
    text_end(&editor->killed);
    text_end(&editor->draft);
    return editor;
}

void editor_write_history(const Editor *editor, FILE *out)
{
    history_write(&editor->history, out);
}

void editor_free(Editor *editor)
{
    if (!editor) return;
    history_free(&editor->history);
    text_free(&editor->text);
    text_free(&editor->killed);
    text_free(&editor->draft);
    text_free(&editor->hint);
    free(editor);
}

// Drawing the entry. Everything is drawn anew after each key: the cursor goes up to where the entry
// begins, the screen below is cleared, and one write puts the new picture there. A line that is
// wider than the terminal goes on in the next row.
#include "repl_edit_state.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "names.h"
#include "repl_words.h"

#define KEYWORD_COLOR "\x1b[35m"
#define NUMBER_COLOR  "\x1b[36m"
#define STRING_COLOR  "\x1b[32m"
#define COMMENT_COLOR "\x1b[90m"
#define PROMPT_COLOR  "\x1b[1;34m"
#define MATCH_COLOR   "\x1b[1;4m"
#define LOST_COLOR    "\x1b[31m"
#define COLOR_OFF     "\x1b[0m"

enum { USUAL_WIDTH = 80, TAB_WIDTH = 4 };

int paint_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 10) return size.ws_col;
    return USUAL_WIDTH;
}

// ---- the picture --------------------------------------------------------------------------------

typedef struct Picture {
    Editor *editor;
    Text out;
    int width;
    int row, column;               // where the next character goes, from the entry's start
    int cursor_row, cursor_column; // where the cursor is to stand
    const char *color;             // in force
} Picture;

// The code point at [bytes] and how many bytes it has.
static uint32_t code_at(const char *bytes, size_t size, size_t *length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    *length = utf8_size(bytes, size);
    switch (*length) {
    case 2:
        return (at[0] & 0x1fu) << 6 | (at[1] & 0x3fu);
    case 3:
        return (at[0] & 0xfu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
    case 4:
        return (at[0] & 7u) << 18 | (at[1] & 0x3fu) << 12 | (at[2] & 0x3fu) << 6 | (at[3] & 0x3fu);
    default:
        *length = 1;
        return at[0];
    }
}

// How many columns a code point takes: none for marks that join others, two for wide ones.
static int code_columns(uint32_t code)
{
    if (code < 0x300) return 1;
    int width = wcwidth((wchar_t)code);
    if (width >= 0) return width;
    bool is_mark = code <= 0x36f;
    bool is_wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
                   (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
                   (code >= 0xff00 && code <= 0xff60) || (code >= 0x1f300 && code <= 0x1faff);
    return is_mark ? 0 : is_wide ? 2 : 1;
}

int paint_columns(const char *bytes, size_t size)
{
    int columns = 0;
    for (size_t at = 0, length; at < size; at += length)
        columns += code_columns(code_at(bytes + at, size - at, &length));
    return columns;
}

static void set_color(Picture *picture, const char *color)
{
    if (!picture->editor->is_color || color == picture->color) return;
    if (picture->color) text_add_string(&picture->out, COLOR_OFF);
    if (color) text_add_string(&picture->out, color);
    picture->color = color;
}

static void advance(Picture *picture, int columns)
{
    if (picture->column + columns > picture->width) {
        picture->row++;
        picture->column = 0;
    }
    picture->column += columns;
    // The terminal waits at the right margin: a step makes sure where the next character goes.
    if (picture->column == picture->width) {
        text_add_string(&picture->out, "\r\n");
        picture->row++;
        picture->column = 0;
    }
}

static void put(Picture *picture, const char *bytes, size_t size)
{
    for (size_t at = 0, length; at < size; at += length) {
        uint32_t code = code_at(bytes + at, size - at, &length);
        if (code == '\t') {
            int columns = TAB_WIDTH - picture->column % TAB_WIDTH;
            for (; columns; columns--)
                put(picture, " ", 1);
        } else if (code < ' ' || code == 127) {
            text_add(&picture->out, "?", 1);
            advance(picture, 1);
        } else {
            text_add(&picture->out, bytes + at, length);
            advance(picture, code_columns(code));
        }
    }
}

static void new_row(Picture *picture, const char *prompt)
{
    set_color(picture, NULL);
    if (picture->column || picture->row) text_add_string(&picture->out, "\r\n");
    if (picture->column || picture->row) picture->row++;
    picture->column = 0;
    set_color(picture, PROMPT_COLOR);
    put(picture, prompt, strlen(prompt));
    set_color(picture, NULL);
}

// ---- colours ------------------------------------------------------------------------------------

static const char *word_color(WordKind kind)
{
    switch (kind) {
    case WORD_KEYWORD:
        return KEYWORD_COLOR;
    case WORD_NUMBER:
        return NUMBER_COLOR;
    case WORD_STRING:
        return STRING_COLOR;
    case WORD_COMMENT:
        return COMMENT_COLOR;
    case WORD_UNCLOSED:
        return STRING_COLOR;
    default:
        return NULL;
    }
}

// The bracket beside the cursor and its partner.
typedef struct Brackets {
    size_t one, other; // SIZE_MAX: there is none
    bool is_lost;      // it has no partner
} Brackets;

static Brackets brackets_beside(const Editor *editor)
{
    Brackets none = {SIZE_MAX, SIZE_MAX, false};
    const char *text = editor->text.bytes;
    size_t at = editor->cursor;
    if (!(at < editor->text.size && strchr("()[]{}", text[at])) &&
        !(at > 0 && strchr("()[]{}", text[--at])))
        return none;
    size_t partner = words_partner(text, editor->text.size, at);
    bool is_closing = strchr(")]}", text[at]) != NULL;
    if (partner == SIZE_MAX) return (Brackets){at, SIZE_MAX, is_closing};
    return (Brackets){at, partner, false};
}

static void put_word(Picture *picture, const Word *word, const Brackets *brackets)
{
    Editor *editor = picture->editor;
    const char *text = editor->text.bytes;
    for (size_t at = word->start, length; at < word->end; at += length) {
        if (at == editor->cursor) {
            picture->cursor_row = picture->row;
            picture->cursor_column = picture->column;
        }
        if (text[at] == '\n') {
            length = 1;
            new_row(picture, editor->more_prompt);
            continue;
        }
        bool is_marked = at == brackets->one || at == brackets->other;
        const char *mark = brackets->is_lost ? LOST_COLOR : MATCH_COLOR;
        set_color(picture, is_marked ? mark : word_color(word->kind));
        code_at(text + at, word->end - at, &length);
        put(picture, text + at, length);
    }
}

static void put_entry(Picture *picture, Brackets brackets)
{
    Editor *editor = picture->editor;
    const char *text = editor->text.bytes;
    Word word = {0};
    while (words_next(text, editor->text.size, &word))
        put_word(picture, &word, &brackets);
    if (editor->cursor == editor->text.size) {
        picture->cursor_row = picture->row;
        picture->cursor_column = picture->column;
    }
    set_color(picture, NULL);
}

// ---- onto the screen ----------------------------------------------------------------------------

static void begin(Picture *picture, Editor *editor)
{
    *picture = (Picture){.editor = editor, .width = paint_width()};
    text_add_string(&picture->out, "\r");
    if (editor->rows_above) text_format(&picture->out, "\x1b[%dA", editor->rows_above);
    text_add_string(&picture->out, "\x1b[J");
}

static void finish(Picture *picture)
{
    set_color(picture, NULL);
    const char *at = picture->out.bytes;
    for (size_t left = picture->out.size; left;) {
        ssize_t size = write(STDOUT_FILENO, at, left);
        if (size <= 0) break;
        at += size;
        left -= (size_t)size;
    }
    text_free(&picture->out);
}

static void place_cursor(Picture *picture)
{
    int up = picture->row - picture->cursor_row;
    if (up) text_format(&picture->out, "\x1b[%dA", up);
    text_add_string(&picture->out, "\r");
    if (picture->cursor_column) text_format(&picture->out, "\x1b[%dC", picture->cursor_column);
    picture->editor->rows_above = picture->cursor_row;
}

void paint(Editor *editor)
{
    Picture picture;
    begin(&picture, editor);
    new_row(&picture, editor->first_prompt);
    put_entry(&picture, brackets_beside(editor));
    bool shows_hint = editor->hint.size && editor->is_color;
    if (shows_hint && picture.column + (int)editor->hint.size < picture.width) {
        set_color(&picture, COMMENT_COLOR);
        put(&picture, editor->hint.bytes, editor->hint.size);
    }
    set_color(&picture, NULL);
    place_cursor(&picture);
    finish(&picture);
}

void paint_final(Editor *editor)
{
    Picture picture;
    begin(&picture, editor);
    new_row(&picture, editor->first_prompt);
    put_entry(&picture, (Brackets){SIZE_MAX, SIZE_MAX, false});
    if (picture.column || !picture.row) text_add_string(&picture.out, "\r\n");
    editor->rows_above = 0;
    finish(&picture);
}

void paint_search(Editor *editor, const char *wanted, const char *found)
{
    Picture picture;
    begin(&picture, editor);
    new_row(&picture, "search: ");
    put(&picture, wanted, strlen(wanted));
    picture.cursor_row = picture.row;
    picture.cursor_column = picture.column;
    set_color(&picture, COMMENT_COLOR);
    put(&picture, "  ", 2);
    put(&picture, found, strcspn(found, "\n"));
    if (strchr(found, '\n')) put(&picture, " …", strlen(" …"));
    set_color(&picture, NULL);
    place_cursor(&picture);
    finish(&picture);
}

// ---- candidates ---------------------------------------------------------------------------------

static void put_with_notes(Picture *picture, const Candidates *candidates)
{
    for (int i = 0; i < candidates->items.count; i++) {
        const char *note = candidates->notes.items[i];
        const char *line = *note ? note : candidates->items.items[i];
        text_add_string(&picture->out, "\r\n  ");
        set_color(picture, *note ? COMMENT_COLOR : NULL);
        text_add(&picture->out, line, strlen(line));
        set_color(picture, NULL);
    }
}

static void put_columns(Picture *picture, const Candidates *candidates)
{
    int widest = 0, count = candidates->items.count;
    for (int i = 0; i < count; i++) {
        int size = (int)strlen(candidates->items.items[i]);
        if (size > widest) widest = size;
    }
    int columns = picture->width / (widest + 2);
    if (columns < 1) columns = 1;
    for (int i = 0; i < count; i++) {
        const char *item = candidates->items.items[i];
        if (i % columns == 0) text_add_string(&picture->out, "\r\n");
        text_add_string(&picture->out, item);
        text_add_spaces(&picture->out, (size_t)widest + 2 - strlen(item));
    }
}

void paint_candidates(Editor *editor, const Candidates *candidates)
{
    enum { FEW = 12 };
    Picture picture;
    editor->hint.size = 0;
    paint_final(editor);
    picture = (Picture){.editor = editor, .width = paint_width()};
    text_add_string(&picture.out, "\x1b[A");
    if (candidates->items.count <= FEW)
        put_with_notes(&picture, candidates);
    else
        put_columns(&picture, candidates);
    text_add_string(&picture.out, "\r\n");
    finish(&picture);
}

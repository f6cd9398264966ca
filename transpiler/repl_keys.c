// Bytes of the terminal to keys: UTF-8, control characters, and the escape sequences that terminals
// of the xterm family send.
#include "repl_edit_state.h"

enum { ESCAPE = 27, ESCAPE_WAIT_MS = 50 };

// A byte that belongs to an escape sequence; -1 when none follows soon.
static int read_soon(Editor *editor)
{
    return input_is_waiting(editor->input, ESCAPE_WAIT_MS) ? input_byte(editor->input) : -1;
}

// ESC [ number ~
static int numbered_key(int number)
{
    switch (number) {
    case 1:
    case 7:
        return KEY_HOME;
    case 3:
        return KEY_DELETE;
    case 4:
    case 8:
        return KEY_END;
    case 200:
        return KEY_PASTE;
    case 201:
        return KEY_PASTE_END;
    default:
        return KEY_NONE;
    }
}

static int lettered_key(int letter, bool is_word)
{
    switch (letter) {
    case 'A':
        return KEY_UP;
    case 'B':
        return KEY_DOWN;
    case 'C':
        return is_word ? KEY_WORD_RIGHT : KEY_RIGHT;
    case 'D':
        return is_word ? KEY_WORD_LEFT : KEY_LEFT;
    case 'H':
        return KEY_HOME;
    case 'F':
        return KEY_END;
    default:
        return KEY_NONE;
    }
}

// What stands behind ESC [ or ESC O: numbers, then a letter.
static int read_sequence(Editor *editor)
{
    int numbers[2] = {0}, count = 0;
    for (;;) {
        int byte = read_soon(editor);
        if (byte >= '0' && byte <= '9') {
            if (count < 2 && numbers[count] < 1000)
                numbers[count] = numbers[count] * 10 + byte - '0';
        } else if (byte == ';') {
            count++;
        } else if (byte == '~') {
            return numbered_key(numbers[0]);
        } else {
            return lettered_key(byte, numbers[1] > 1); // with Ctrl or Alt
        }
    }
}

static int read_escape(Editor *editor)
{
    int byte = read_soon(editor);
    switch (byte) {
    case '[':
    case 'O':
        return read_sequence(editor);
    case 'b':
        return KEY_WORD_LEFT;
    case 'f':
        return KEY_WORD_RIGHT;
    case '\r':
    case '\n':
        return KEY_NEW_LINE;
    case 127:
        return KEY_DELETE_WORD;
    default:
        return KEY_NONE;
    }
}

// The code point that begins with [first].
static int read_character(Editor *editor, int first)
{
    int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
    if (!more) return first < 0x80 ? first : KEY_NONE;
    int code = first & (0x3f >> more);
    for (; more; more--) {
        int byte = read_soon(editor);
        if (byte < 0 || (byte & 0xc0) != 0x80) return KEY_NONE;
        code = code << 6 | (byte & 0x3f);
    }
    return code <= 0x10ffff ? code : KEY_NONE;
}

int key_read(Editor *editor)
{
    int byte = input_byte(editor->input);
    if (byte == -2) return KEY_NONE;
    if (byte < 0) return KEY_END_OF_INPUT;
    return byte == ESCAPE ? read_escape(editor) : read_character(editor, byte);
}

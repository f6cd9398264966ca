// Where entries come from: the line editor, or lines of a terminal that is none or of a pipe.
//
// On a terminal a blank line ends a block. From a pipe, where nobody waits, it does so only if what
// follows does not go on with the block: files can be piped as they are.
#include "repl_state.h"

#include <ctype.h>
#include <string.h>

#include "repl_edit.h"

static const char first_prompt[] = "tombo> ";
static const char more_prompt[] = "...   > ";

// ---- lines --------------------------------------------------------------------------------------

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t\r\n")] == '\0';
}

static bool is_command(const char *line)
{
    return *line == ':' || *line == '%' || *line == '!' || *line == '?';
}

static void prompt(const Repl *repl)
{
    if (!repl->is_terminal) return;
    fputs(repl->entry.size ? more_prompt : first_prompt, stdout);
    fflush(stdout);
}

static bool next_line(Repl *repl)
{
    if (repl->has_next_line) return true;
    prompt(repl);
    repl->has_next_line = input_line(&repl->input, &repl->next_line);
    return repl->has_next_line;
}

static void take_line(Repl *repl)
{
    text_add(&repl->entry, repl->next_line.bytes, repl->next_line.size);
    text_end(&repl->entry);
    repl->has_next_line = false;
}

static bool wants_more(const Repl *repl)
{
    return session_wants_more(repl->entry.bytes, repl->entry.size);
}

// ---- from a pipe --------------------------------------------------------------------------------

// Whether a line goes on with the construct above it.
static bool is_continuation(const char *line)
{
    static const char *const words[] = {"end",     "elif", "else", "catch",
                                        "finally", "when", "case", "then"};
    if (*line == ' ' || *line == '\t') return !is_blank(line);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i]);
        bool is_word = !isalnum((unsigned char)line[size]) && line[size] != '_';
        if (strncmp(line, words[i], size) == 0 && is_word) return line[size] != '(';
    }
    return false;
}

// Whether the next line belongs to an entry that could go on.
static bool belongs_to_block(Repl *repl)
{
    if (is_command(repl->next_line.bytes)) return false;
    size_t size = repl->entry.size;
    // What a blank line does not end is no block but a bracket, a text or a comment.
    text_add(&repl->entry, "\n", 1);
    bool is_inside = wants_more(repl);
    repl->entry.size = size;
    text_end(&repl->entry);
    if (is_inside) return true;
    text_add(&repl->entry, repl->next_line.bytes, repl->next_line.size);
    bool is_another = session_begins_anew(repl->entry.bytes, repl->entry.size, size);
    repl->entry.size = size;
    text_end(&repl->entry);
    return !is_another;
}

// Whether the next line, which looks as if it went on, may do so. It is no part of what is correct
// without it and not with it: a stray `end`.
static bool goes_with_it(Repl *repl)
{
    size_t size = repl->entry.size;
    if (!session_is_well_formed(repl->entry.bytes, size)) return true;
    text_add(&repl->entry, repl->next_line.bytes, repl->next_line.size);
    bool is_well_formed = session_is_well_formed(repl->entry.bytes, repl->entry.size);
    repl->entry.size = size;
    text_end(&repl->entry);
    return is_well_formed;
}

// Takes the blank lines inside an entry or behind it.
static void take_blank_lines(Repl *repl)
{
    while (next_line(repl) && is_blank(repl->next_line.bytes))
        take_line(repl);
}

static void read_from_pipe(Repl *repl)
{
    for (;;) {
        bool is_open = wants_more(repl);
        if (!next_line(repl)) return;
        if (is_open && is_blank(repl->next_line.bytes)) {
            take_blank_lines(repl);
            is_open = wants_more(repl); // inside brackets and texts blank lines end nothing
            if (!repl->has_next_line) return;
        }
        bool goes_on = is_continuation(repl->next_line.bytes) ? is_open || goes_with_it(repl)
                                                              : is_open && belongs_to_block(repl);
        if (!goes_on) return;
        take_line(repl);
    }
}

// ---- from a terminal ----------------------------------------------------------------------------

// Whether the user gives the block up.
static bool leaves_block(const char *line)
{
    line += strspn(line, " \t");
    size_t size = strcspn(line, " \t\r\n");
    return size == 4 && (strncmp(line, "exit", 4) == 0 || strncmp(line, "quit", 4) == 0);
}

// False when the entry was given up.
static bool read_more_lines(Repl *repl)
{
    while (wants_more(repl)) {
        if (!next_line(repl)) return false;
        if (leaves_block(repl->next_line.bytes)) {
            repl->has_next_line = false;
            return false;
        }
        take_line(repl);
    }
    return true;
}

// ---- the door -----------------------------------------------------------------------------------

bool repl_read(Repl *repl)
{
    repl->entry.size = 0;
    if (repl->editor) return editor_read(repl->editor, first_prompt, more_prompt, &repl->entry);
    if (!next_line(repl)) {
        if (repl->is_terminal) fputs("\n", stdout);
        return false;
    }
    take_line(repl);
    if (is_command(repl->entry.bytes)) return true;
    if (repl->is_terminal) {
        if (!read_more_lines(repl)) repl->entry.size = 0;
    } else if (!is_blank(repl->entry.bytes)) {
        read_from_pipe(repl);
    }
    text_end(&repl->entry);
    return true;
}

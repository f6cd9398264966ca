// A source file's text, and positions in it.
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>

#include "arena.h"

// A stretch of one source: byte offsets, `end` exclusive.
typedef struct Span {
    uint32_t start;
    uint32_t end;
} Span;

typedef struct Source {
    const char *path;      // as shown in messages, e.g. "shop.tb", "<stdin>", "<repl:3>"
    const char *text;      // NUL-terminated; CR LF and CR already folded to LF, BOM skipped
    uint32_t size;         // of the text, without the NUL
    uint32_t *line_starts; // byte offset of each line that begins in the indexed bytes
    uint32_t line_count;   // of line_starts
    uint32_t indexed;      // bytes from the start; more on need, see source.c
    bool is_library;       // part of the standard library: left out of call chains
    bool is_ascii;         // of the indexed bytes: a column is a byte
    Arena *arena;          // where line_starts goes
    // Where source_position counted to last, so that asking in ascending order is linear even in
    // one endless line.
    struct {
        uint32_t line;
        uint32_t offset;
        uint32_t column;
    } cursor;
} Source;

typedef struct Position {
    uint32_t line;   // from 1
    uint32_t column; // from 1, in code points
} Position;

// Makes a source of a copy of [text] (any bytes): folds line ends, skips a BOM. Invalid UTF-8 is
// reported by the lexer. NULL with errno EFBIG when it is 4 GB or more, which spans cannot address.
Source *source_from_text(Arena *arena, const char *path, const char *text, size_t size);

// Reads the file; NULL with errno set when it cannot be read. "-" reads standard input, shown as
// "<stdin>".
Source *source_read(Arena *arena, const char *path);

// The position of a byte; offsets past the end count as the end. Inside a character: that
// character.
Position source_position(Source *source, uint32_t offset);

// How many lines the source has; what follows the last newline is one too.
uint32_t source_line_count(Source *source);

// How many characters [size] bytes from [offset] on are.
uint32_t source_width(Source *source, uint32_t offset, uint32_t size);

// The size in bytes of the UTF-8 character at [text], which has [size] bytes; 0 where there is no
// well-formed one.
uint32_t utf8_size(const char *text, size_t size);

// The text of a line (from 1) without its line end; *size gets its length in bytes. Lines past the
// last are empty.
const char *source_line(Source *source, uint32_t line, uint32_t *size);

#endif

// The reference of the standard library: `declare --pages` writes docs/library/. A page follows its
// file: what the comment at the top says, a section where a line `# ---- NAME` stands, and each
// name with its forms, their comments and examples.
#include <stdlib.h>
#include <string.h>

#include "declare.h"

typedef struct Page {
    FILE *out;
    const LibraryFile *file;
    const Declaration **items; // its public declarations, as they stand there
    int count;
    uint32_t looked; // how far the text was looked through for sections
    bool has_sections;
} Page;

static const char section_mark[] = "# ---- ";

static char ascii_lower(char letter)
{
    return (char)(letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter);
}

static char ascii_upper(char letter)
{
    return (char)(letter >= 'a' && letter <= 'z' ? letter - ('a' - 'A') : letter);
}

static size_t line_size(const char *line)
{
    return strcspn(line, "\n");
}

static const char *next_line(const char *line)
{
    line += line_size(line);
    return *line ? line + 1 : line;
}

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

// ------------------------------------------------------------------------------------ forms

// Where the head of a declaration ends: at its line's end, a `=` or a `=>`, outside brackets.
static const char *head_end(const char *text)
{
    int depth = 0;
    for (; *text && (depth > 0 || *text != '\n'); text++) {
        if (*text == '(' || *text == '[') depth++;
        if (*text == ')' || *text == ']') depth--;
        if (depth == 0 && begins(text, " =")) break;
    }
    return text;
}

// A head without the words that say how it is made: `abs(x: Float) -> Float`.
static void write_head(FILE *out, const char *text)
{
    static const char *const words[] = {"extern ", "def ", "defi ", "fn "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (begins(text, words[i])) text += strlen(words[i]);
    fprintf(out, "%.*s\n", (int)(head_end(text) - text), text);
}

static void write_method(FILE *out, const Source *source, const Node *method, const char *indent)
{
    if (method->kind != NODE_FUNCTION || method->as.function.name->text[0] == '_') return;
    fputs(indent, out);
    write_head(out, source->text + method->span.start);
}

// A constant as it stands; a class with the heads of its methods.
static void write_form(FILE *out, const Declaration *declaration)
{
    const Source *source = declaration->file->source;
    const Node *node = declaration->node;
    const char *text = source->text + node->span.start;
    if (node->kind == NODE_LET) {
        fprintf(out, "%.*s\n", (int)(node->span.end - node->span.start), text);
        return;
    }
    write_head(out, text);
    if (node->kind != NODE_CLASS) return;
    for (const Node *method = node->as.class_.body.first; method; method = method->next)
        write_method(out, source, method, "    ");
}

// ---------------------------------------------------------------------------------- comments

// What stands behind the `##` of a line, and its size.
static const char *comment_line(const char *line, size_t *size)
{
    size_t mark = begins(line, "## ") ? 3 : 2;
    *size = line_size(line) - mark;
    return line + mark;
}

// Prose as it is; a block of indented lines as code.
static void write_comment(FILE *out, const Declaration *declaration)
{
    bool is_code = false;
    bool skips = true; // an empty line is due
    const char *line = declaration->file->source->text + declaration->start;
    for (; begins(line, "##"); line = next_line(line)) {
        size_t size;
        const char *text = comment_line(line, &size);
        bool is_indented = begins(text, "    ");
        if (is_code && !is_indented) fputs("```\n", out);
        if (skips && size > 0) fputs("\n", out);
        if (is_indented && !is_code) fputs("```tombo\n", out);
        if (size > 0) fprintf(out, "%.*s\n", (int)size - 4 * is_indented, text + 4 * is_indented);
        is_code = is_indented;
        skips = size == 0;
    }
    fputs(is_code ? "```\n" : "", out);
}

// --------------------------------------------------------------------------------------- pages

// The headings of `# ---- NAME` lines before a declaration.
static void write_section(Page *page, uint32_t before)
{
    const char *text = page->file->source->text;
    const char *line = text + page->looked;
    for (; line < text + before; line = next_line(line))
        if (begins(line, section_mark)) {
            const char *name = line + strlen(section_mark);
            fprintf(page->out, "\n## %c%.*s\n", ascii_upper(*name), (int)line_size(name) - 1,
                    name + 1);
        }
    page->looked = before;
}

// A name's forms: one comment may speak for several of them. Gives the place behind them.
static int write_name(Page *page, int at)
{
    const char *name = page->items[at]->name;
    write_section(page, page->items[at]->start);
    fprintf(page->out, "\n%s %s\n", page->has_sections ? "###" : "##", name);
    while (at < page->count && strcmp(page->items[at]->name, name) == 0) {
        const Declaration *commented = page->items[at];
        fputs("\n```tombo\n", page->out);
        do
            write_form(page->out, page->items[at++]);
        while (at < page->count && strcmp(page->items[at]->name, name) == 0 &&
               page->items[at]->start == page->items[at]->node->span.start);
        fputs("```\n", page->out);
        write_comment(page->out, commented);
    }
    return at;
}

// What the comment at the top of a file says.
static void write_introduction(FILE *out, const char *line)
{
    for (; begins(line, "# ") && !begins(line, section_mark); line = next_line(line))
        fprintf(out, "%.*s\n", (int)line_size(line) - 2, line + 2);
}

// Links to all names of a page.
static void write_contents(const Page *page)
{
    const char *last = "";
    fputs("\n", page->out);
    for (int i = 0; i < page->count; i++) {
        const char *name = page->items[i]->name;
        if (strcmp(name, last) == 0) continue;
        fprintf(page->out, "%s[%s](#", *last ? " · " : "", name);
        for (const char *letter = name; *letter; letter++)
            fputc(ascii_lower(*letter), page->out);
        fputs(")", page->out);
        last = name;
    }
    fputs("\n", page->out);
}

static int compare_places(const void *left, const void *right)
{
    const Declaration *a = *(const Declaration *const *)left;
    const Declaration *b = *(const Declaration *const *)right;
    return a->start < b->start ? -1 : a->start > b->start;
}

static Page page_of(Declare *declare, const LibraryFile *file, FILE *out)
{
    Page page = {.out = out, .file = file};
    page.items = ARENA_ARRAY(&declare->arena, const Declaration *, declare->declarations.count);
    for (int i = 0; i < declare->declarations.count; i++) {
        const Declaration *declaration = &declare->declarations.items[i];
        if (declaration->file == file && declaration->name[0] != '_')
            page.items[page.count++] = declaration;
    }
    qsort(page.items, (size_t)page.count, sizeof *page.items, compare_places);
    page.has_sections = strstr(file->source->text, section_mark) != NULL;
    return page;
}

static void write_page(Declare *declare, const LibraryFile *file, FILE *out)
{
    Page page = page_of(declare, file, out);
    fprintf(out, "<!-- Made from stdlib/%s.tb by `make docs`. -->\n# %s\n\n", file->name,
            file->name);
    write_introduction(out, file->source->text);
    write_contents(&page);
    for (int at = 0; at < page.count;)
        at = write_name(&page, at);
}

static int compare_names(const void *left, const void *right)
{
    const LibraryFile *a = *(LibraryFile *const *)left;
    const LibraryFile *b = *(LibraryFile *const *)right;
    return strcmp(a->name, b->name);
}

// The libraries in the order of the alphabet, each with the first sentence of its introduction,
// which ends on its line.
static void write_list(const Declare *declare, FILE *out)
{
    fputs(
        "<!-- Made from stdlib/*.tb by `make docs`. -->\n# The library\n\n"
        "Every name here is known without `use`, and as `library.name` too; those of `gc` only "
        "so.\n\n"
        "Beside the types that annotations of programs name, declarations here say:\n\n"
        "| type | what may be given |\n|---|---|\n"
        "| `Number` | an Int or a Float |\n"
        "| `Int64` | an Int of 64 bits |\n"
        "| `Whole` | the same, or a Float without its fraction |\n"
        "| `Iterable`, `Iterable[T]` | what `for` goes through (items of type `T`): a container, a "
        "text, a file, an object with `iter`, `next` or `get_item` |\n"
        "| `Items[T]` | the same, or one item |\n"
        "| `Sized` | what has a length: a container, a text, an object with `len` |\n"
        "| `Function`, `(A) -> B` | what can be called: a function, a class, an object with `call` "
        "|\n"
        "| `Object` | anything whose fields are read or written by name |\n"
        "| `T`, `K`, `V`, … in brackets behind the name | any type, the same wherever it stands "
        "|\n\n"
        "An argument of another type is a TypeError that names the function, the parameter, what "
        "it\n"
        "must be and what it is; where that is certain, the compiler warns.\n\n",
        out);
    for (int i = 0; i < declare->files.count; i++) {
        const LibraryFile *file = declare->files.items[i];
        const char *text = file->source->text + 2;
        int size = (int)strcspn(text, ".\n");
        fprintf(out, "* [%s](%s.md): %.*s.\n", file->name, file->name, size, text);
    }
}

void declare_pages(Declare *declare, const char *folder)
{
    qsort(declare->files.items, (size_t)declare->files.count, sizeof *declare->files.items,
          compare_names);
    FILE *out = declare_open(declare, folder, "README.md");
    write_list(declare, out);
    declare_close(out);
    for (int i = 0; i < declare->files.count; i++) {
        const LibraryFile *file = declare->files.items[i];
        out = declare_open(declare, folder, arena_format(&declare->arena, "%s.md", file->name));
        write_page(declare, file, out);
        declare_close(out);
    }
}

// A tool of the build: reads the library's declarations (stdlib/*.tb) and writes what derives from
// them.
//
//     declare OUT stdlib/builtins.tb stdlib/math.tb …
//
// OUT/library_index.c    the texts, and where each declaration stands in them (library.h)
// OUT/stdlib/math.h      prototypes of the C functions that `extern` declarations name, for
// stdlib/math.c to include
// OUT/stdlib/libraries.def    LIBRARY("math") for each of them, in order of preference
//
//     declare --pages OUT stdlib/*.tb
//
// OUT/math.md … and OUT/README.md: the reference, see declare_pages.c
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "declare.h"

// Where a name is in several libraries, a later one wins; libraries not named here come behind, as
// given. First stands `gc`, whose names are no plain ones (library_is_apart), then those whose
// names are mostly reached as `statistics.mean`. `regex` stands
// before `string`: the plain `split(a, b)` on two texts is the string's. `flat` decides by more
// than types.
static const char *const order[] = {
    "gc",         "args",        "bytes",   "csv",       "logging", "path", "random",
    "statistics", "tempfile",    "testing", "builtins",  "core",    "math", "regex",
    "string",     "collections", "io",      "time",      "json",    "xml",  "crypto",
    "os",         "sys",         "iter",    "functools", "types",   "flat"};

// ---------------------------------------------------------------------------------------- reading

static int rank_of(const char *name, int given)
{
    int count = (int)(sizeof order / sizeof *order);
    for (int i = 0; i < count; i++)
        if (strcmp(order[i], name) == 0) return i;
    return count + given;
}

// stdlib/math.tb is library `math`.
static const char *library_name(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    return arena_copy(arena, base, strcspn(base, "."));
}

// The doc comment, `##` lines right above, belongs to the declaration at [start].
static uint32_t with_comment(const Source *source, uint32_t start)
{
    const char *text = source->text;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    for (uint32_t line = start; line > 0;) {
        line--;
        while (line > 0 && text[line - 1] != '\n')
            line--;
        if (strncmp(text + line, "##", 2) != 0) break;
        start = line;
    }
    return start;
}

static const char *declared_name(const Node *node)
{
    if (node->kind == NODE_FUNCTION) return node->as.function.name->text;
    if (node->kind == NODE_CLASS) return node->as.class_.name->text;
    if (node->kind == NODE_LET && node->as.assign.target->kind == NODE_NAME)
        return node->as.assign.target->as.name.name->text;
    return NULL;
}

static void add_declarations(Declare *declare, const LibraryFile *file)
{
    for (const Node *node = file->tree->as.list.first; node; node = node->next) {
        const char *name = declared_name(node);
        if (!name) {
            diag_error(&declare->diags, file->source, node->span, DIAG_SYNTAX,
                       "a library file declares functions, classes and constants only");
            continue;
        }
        Declaration declaration = {name, file, node, with_comment(file->source, node->span.start),
                                   node->span.end};
        VEC_PUSH(&declare->arena, declare->declarations, declaration);
    }
}

static void read_file(Declare *declare, const char *path)
{
    LibraryFile *file = ARENA_NEW(&declare->arena, LibraryFile);
    file->name = library_name(&declare->arena, path);
    file->rank = rank_of(file->name, declare->files.count);
    file->source = source_read(&declare->arena, path);
    if (!file->source) {
        fprintf(stderr, "declare: %s: %s\n", path, strerror(errno));
        exit(1);
    }
    ParserOptions options = {.is_library = true};
    file->tree = parse_module(&declare->arena, &declare->names, &declare->diags, file->source,
                              options, NULL);
    VEC_PUSH(&declare->arena, declare->files, file);
    add_declarations(declare, file);
}

static int compare_files(const void *left, const void *right)
{
    const LibraryFile *a = *(LibraryFile *const *)left;
    const LibraryFile *b = *(LibraryFile *const *)right;
    return a->rank - b->rank;
}

static int compare_declarations(const void *left, const void *right)
{
    const Declaration *a = left;
    const Declaration *b = right;
    int names = strcmp(a->name, b->name);
    if (names) return names;
    if (a->file != b->file) return a->file->rank - b->file->rank;
    return a->start < b->start ? -1 : a->start > b->start;
}

// ------------------------------------------------------------------------------------------ index

// As C string literals, a line of text on a line.
static void write_text(FILE *out, const Source *source)
{
    fputs("    \"", out);
    for (uint32_t i = 0; i < source->size; i++) {
        unsigned char byte = (unsigned char)source->text[i];
        if (byte == '\n')
            fputs(i + 1 < source->size ? "\\n\"\n    \"" : "\\n", out);
        else if (byte == '"' || byte == '\\')
            fprintf(out, "\\%c", byte);
        else if (byte < ' ' || byte > '~' || byte == '?')
            fprintf(out, "\\%03o", byte);
        else
            fputc(byte, out);
    }
    fputs("\"", out);
}

static void write_index(const Declare *declare, FILE *out)
{
    fputs("// Made by declare from stdlib/*.tb.\n#include \"transpiler/library.h\"\n", out);
    for (int i = 0; i < declare->files.count; i++) {
        fprintf(out, "\nstatic const char %s_text[] =\n", declare->files.items[i]->name);
        write_text(out, declare->files.items[i]->source);
        fputs(";\n", out);
    }
    fputs("\nconst LibraryText library_texts[] = {\n", out);
    for (int i = 0; i < declare->files.count; i++) {
        const LibraryFile *file = declare->files.items[i];
        fprintf(out, "    {\"%s\", \"stdlib/%s.tb\", %s_text, sizeof %s_text - 1},\n", file->name,
                file->name, file->name, file->name);
    }
    fprintf(out, "};\nconst int library_text_count = %d;\n", declare->files.count);
    fputs("\nconst LibraryEntry library_entries[] = {\n", out);
    for (int i = 0; i < declare->declarations.count; i++) {
        const Declaration *at = &declare->declarations.items[i];
        fprintf(out, "    {\"%s\", \"%s\", %u, %u, %u},\n", at->name, at->file->name, at->start,
                at->end, source_position(at->file->source, at->start).line);
    }
    fprintf(out, "};\nconst int library_entry_count = %d;\n", declare->declarations.count);
}

// ------------------------------------------------------------------------------------- prototypes

static const char *type_name(const Node *type)
{
    return type && type->kind == NODE_TYPE_NAME ? type->as.type.path.last->as.name.name->text : "";
}

// The C type of a declared type: raw where the word of a boxed value would only be unpacked.
static const char *c_type(const Node *type)
{
    static const char *const types[][2] = {
        {"Float", "double "},    {"Bool", "int "},       {"Int64", "int64_t "},
        {"Whole", "int64_t "},   {"String", "tb_str *"}, {"Bytes", "tb_bytes *"},
        {"List", "tb_list *"},   {"Dict", "tb_dict *"},  {"Set", "tb_set *"},
        {"Tuple", "tb_tuple *"},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(type_name(type), types[i][0]) == 0) return types[i][1];
    return "tb_value ";
}

static const char *c_result(const Node *type)
{
    return !type || strcmp(type_name(type), "None") == 0 ? "int " : c_type(type);
}

// Parameter names that C reserves get a `_`.
static const char *c_mark(const char *name)
{
    static const char *const words[] = {"default", "int",      "float",  "double", "char", "long",
                                        "short",   "register", "signed", "const",  "auto", "static",
                                        "struct",  "union",    "enum",   "void",   "case", "do",
                                        "goto",    "switch",   "sizeof", "typedef"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0) return "_";
    return "";
}

static void write_param(FILE *out, const Node *param)
{
    const char *name = param->as.param.name->text;
    if (param->as.param.is_rest)
        fprintf(out, "int64_t count, const tb_value *%s%s", name, c_mark(name));
    else
        fprintf(out, "%s%s%s", c_type(param->as.param.annotation), name, c_mark(name));
}

static void write_prototype(FILE *out, const Node *node)
{
    fprintf(out, "%s%s(", c_result(node->as.function.result), node->as.function.extern_name);
    for (const Node *param = node->as.function.params.first; param; param = param->next) {
        write_param(out, param);
        if (param->next) fputs(", ", out);
    }
    fputs(node->as.function.params.count ? ");\n" : "void);\n", out);
}

static bool is_extern(const Declaration *declaration)
{
    return declaration->node->kind == NODE_FUNCTION && declaration->node->as.function.extern_name;
}

static const char *extern_class(const Declaration *declaration)
{
    return declaration->node->kind == NODE_CLASS ? declaration->node->as.class_.extern_name : NULL;
}

static void write_header(const Declare *declare, const LibraryFile *file, FILE *out)
{
    fprintf(out, "// Made by declare from stdlib/%s.tb: the C functions it names.\n", file->name);
    fprintf(out, "#ifndef STDLIB_%s_H\n#define STDLIB_%s_H\n\n#include \"runtime/tombo.h\"\n\n",
            file->name, file->name);
    for (int i = 0; i < declare->declarations.count; i++) {
        const Declaration *declaration = &declare->declarations.items[i];
        if (declaration->file != file) continue;
        if (is_extern(declaration)) write_prototype(out, declaration->node);
        if (extern_class(declaration))
            fprintf(out, "extern tb_class %s;\n", extern_class(declaration));
    }
    fputs("\n#endif\n", out);
}

// ------------------------------------------------------------------------------------------- main

FILE *declare_open(Declare *declare, const char *folder, const char *name)
{
    const char *path = arena_format(&declare->arena, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    if (out) return out;
    fprintf(stderr, "declare: %s: %s\n", path, strerror(errno));
    exit(1);
}

void declare_close(FILE *out)
{
    if (fflush(out) == 0 && !ferror(out) && fclose(out) == 0) return;
    fprintf(stderr, "declare: cannot write: %s\n", strerror(errno));
    exit(1);
}

// Every name that programs know without a library's, each once: the declarations are sorted.
static void write_names(const Declare *declare, FILE *out)
{
    const char *former = "";
    for (int i = 0; i < declare->declarations.count; i++) {
        const Declaration *at = &declare->declarations.items[i];
        if (*at->name == '_' || !strcmp(at->name, former)) continue;
        if (strcmp(at->file->name, "gc") == 0) continue; // library_is_apart: its names are never plain ones
        fprintf(out, "NAME(\"%s\")\n", at->name);
        former = at->name;
    }
}

static void write_all(Declare *declare, const char *folder)
{
    FILE *out = declare_open(declare, folder, "library_index.c");
    write_index(declare, out);
    declare_close(out);
    out = declare_open(declare, folder, "stdlib/libraries.def");
    for (int i = 0; i < declare->files.count; i++)
        fprintf(out, "LIBRARY(\"%s\")\n", declare->files.items[i]->name);
    declare_close(out);
    out = declare_open(declare, folder, "stdlib/names.def");
    write_names(declare, out);
    declare_close(out);
    for (int i = 0; i < declare->files.count; i++) {
        const LibraryFile *file = declare->files.items[i];
        out =
            declare_open(declare, folder, arena_format(&declare->arena, "stdlib/%s.h", file->name));
        write_header(declare, file, out);
        declare_close(out);
    }
}

// Reads the files and puts them and their declarations in order. False if there are mistakes.
static bool read_all(Declare *declare, char **paths, int count)
{
    names_init(&declare->names, &declare->arena);
    diags_init(&declare->diags, &declare->arena);
    for (int i = 0; i < count; i++)
        read_file(declare, paths[i]);
    diags_render(&declare->diags, stderr, COLOR_AUTO, false);
    qsort(declare->files.items, (size_t)declare->files.count, sizeof *declare->files.items,
          compare_files);
    qsort(declare->declarations.items, (size_t)declare->declarations.count,
          sizeof *declare->declarations.items, compare_declarations);
    return declare->diags.error_count == 0;
}

int main(int argc, char **argv)
{
    bool pages = argc > 1 && strcmp(argv[1], "--pages") == 0;
    argc -= pages;
    argv += pages;
    if (argc < 3) {
        fputs("usage: declare [--pages] OUT FILE.tb...\n", stderr);
        return 2;
    }
    Declare declare = {0};
    if (!read_all(&declare, argv + 2, argc - 2)) return 1;
    (pages ? declare_pages : write_all)(&declare, argv[1]);
    arena_free(&declare.arena);
    return 0;
}

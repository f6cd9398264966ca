// Turns C text into an executable with the system's C compiler, or into code in memory with libtcc.
//
// Both ways end alike when the C compiler refuses the text: what it said is kept in a file beside
// the text, and the first complaint, whose position #line has made a Tombo one, becomes an internal
// error. Read toolchain_build first, then toolchain_load.

#include "toolchain.h"

#include <dlfcn.h>
#include <errno.h>
#include <libtcc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "prelude.h"
#include "process.h"
#include "runtime/gc.h"
#include "runtime/program.h"
#include "vec.h"

// A name for the program's C file that no tool can take for something else.
static const char *c_file_name(Arena *arena, const char *name)
{
    char *result = arena_format(arena, "%s.c", name[0] ? name : "program");
    for (char *at = result; *at; at++) {
        bool is_plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                        (*at >= '0' && *at <= '9') || *at == '_' ||
                        (at != result && (*at == '.' || *at == '-'));
        if (!is_plain) *at = '_';
    }
    return result;
}

// ---- what C compilers say -----------------------------------------------------------------------

// The end of the stretch before [end] that is `:NUMBER`, or [end].
static const char *skip_number_back(const char *start, const char *end)
{
    const char *at = end;
    while (at > start && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return at < end && at > start && at[-1] == ':' ? at - 1 : end;
}

// The `FILE:LINE` of the first complaint in a C compiler's output; NULL when there is none.
static const char *complaint_place(Arena *arena, const char *text)
{
    const char *end = strstr(text, ": error: ");
    const char *fatal = strstr(text, ": fatal error: ");
    if (!end || (fatal && fatal < end)) end = fatal;
    if (!end) return NULL;
    const char *start = end;
    while (start > text && start[-1] != '\n')
        start--;
    const char *line = skip_number_back(start, end); // of FILE:LINE:COLUMN or FILE:LINE
    if (skip_number_back(start, line) != line) end = line;
    return arena_copy(arena, start, (size_t)(end - start));
}

// The name in quotes behind the first [phrase] of the output; NULL when it is not there.
static const char *quoted_after(Arena *arena, const char *text, const char *phrase)
{
    const char *start = strstr(text, phrase);
    if (!start) return NULL;
    start += strlen(phrase);
    return arena_copy(arena, start, strcspn(start, "'\n: "));
}

// Reports C that a compiler refused. The text and the complaints are left in [folder].
static ExitStatus report_bad_c(Arena *arena, const Messages *messages, const CProgram *program,
                               const char *folder, const char *said)
{
    const char *place = complaint_place(arena, said);
    message_internal(messages, "while compiling %s: the C compiler refuses what Tombo made of it",
                     place ? place : program->name);
    if (!folder) return STATUS_INTERNAL;
    const char *c_path = arena_format(arena, "%s/%s", folder, c_file_name(arena, program->name));
    const char *log_path = arena_format(arena, "%s/messages.txt", folder);
    bool is_kept = file_write(arena, c_path, program->text, program->size) &&
                   file_write(arena, log_path, said, strlen(said));
    if (is_kept)
        message_help(messages, "the C text is in %s, the compiler's messages are in %s", c_path,
                     log_path);
    return STATUS_INTERNAL;
}

// ---- through the compiler -----------------------------------------------------------------------

typedef struct Build {
    const Messages *messages;
    const CProgram *program;
    const BuildOptions *options;
    Arena arena;
    const char *compiler;
    const char *library;    // libtombo.a
    const char *include;    // the folder of tombo.h
    const char *folder;     // of the C text; ours alone
    const char *c_path;     // in it
    const char *executable; // the temporary name the compiler writes to
    bool is_discarded;      // the output is a device: nothing is put there
    VEC(const char *) arguments;
} Build;

// The first of the usual compilers there is; NULL when there is none.
static const char *usual_compiler(Arena *arena, const char *target)
{
    const char *first = target ? arena_format(arena, "%s-gcc", target) : "gcc";
    const char *const usual[] = {first, target ? "clang" : "cc", "clang"};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (process_exists(usual[i])) return usual[i];
    return NULL;
}

const char *toolchain_compiler(Arena *arena)
{
    return usual_compiler(arena, NULL);
}

const char *toolchain_home(Arena *arena)
{
    char self[4096];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    if (size < 0) return NULL;
    self[size] = '\0';
    return arena_format(arena, "%s/../lib/tombo", file_folder(arena, self));
}

// Is it the tiny compiler, which knows few options and no sanitizers?
static bool is_tcc(const char *compiler)
{
    size_t size = strlen(compiler);
    return strcmp(file_base(compiler), "tcc") == 0 ||
           (size > 4 && strcmp(compiler + size - 4, "-tcc") == 0);
}

static bool choose_compiler(Build *build)
{
    const BuildOptions *options = build->options;
    build->compiler =
        options->compiler ? options->compiler : usual_compiler(&build->arena, options->target);
    if (build->compiler && is_tcc(build->compiler) &&
        (options->is_sanitized || options->is_static)) {
        message_error(build->messages, "`%s` cannot build with `--%s`", build->compiler,
                      options->is_static ? "static" : "sanitize");
        return false;
    }
    if (build->compiler && process_exists(build->compiler)) return true;
    if (build->compiler) {
        message_error(build->messages, "there is no C compiler `%s`", build->compiler);
    } else {
        message_error(build->messages, "`tombo build` needs a C compiler, and found none");
        message_help(build->messages,
                     "install one (`apt install gcc`), or use `tombo run`, which needs none");
    }
    return false;
}

static bool find_runtime(Build *build)
{
    const char *home = toolchain_home(&build->arena);
    if (!home) {
        message_error(build->messages, "cannot tell where this `tombo` is: %s", strerror(errno));
        return false;
    }
    const char *target = build->options->target;
    build->library =
        arena_format(&build->arena, "%s/%s%s%s", home, target ? target : "", target ? "/" : "",
                     build->options->is_sanitized ? "libtombo-malloc.a" : "libtombo.a");
    build->include = arena_format(&build->arena, "%s/include", home);
    if (access(build->library, R_OK) == 0) return true;
    message_error(build->messages, "cannot read the runtime library %s: %s", build->library,
                  strerror(errno));
    if (target)
        message_help(build->messages, "`make target TARGET=%s` in Tombo's sources builds it",
                     target);
    return false;
}

// Refuses outputs that cannot be replaced before any work is done.
static bool check_output(Build *build)
{
    const char *output = build->options->output;
    struct stat info;
    if (stat(output, &info) != 0 || S_ISREG(info.st_mode)) return true;
    build->is_discarded = S_ISCHR(info.st_mode);
    if (build->is_discarded) return true;
    message_error(build->messages, "cannot write `%s`: it is %s", output,
                  S_ISDIR(info.st_mode) ? "a directory" : "not a regular file");
    return false;
}

static bool prepare_files(Build *build)
{
    Arena *arena = &build->arena;
    build->folder = file_create_folder(arena);
    if (!build->folder) {
        message_error(build->messages, "cannot create a temporary folder: %s", strerror(errno));
        return false;
    }
    build->c_path =
        arena_format(arena, "%s/%s", build->folder, c_file_name(arena, build->program->name));
    if (!file_write(arena, build->c_path, build->program->text, build->program->size)) {
        message_error(build->messages, "cannot write %s: %s", build->c_path, strerror(errno));
        return false;
    }
    build->executable = build->is_discarded ? arena_format(arena, "%s/program", build->folder)
                                            : file_create_beside(arena, build->options->output);
    if (build->executable) return true;
    message_error(build->messages, "cannot write `%s`: %s", build->options->output,
                  strerror(errno));
    return false;
}

static void add(Build *build, const char *argument)
{
    VEC_PUSH(&build->arena, build->arguments, argument);
}

static void add_all(Build *build, const char *const *arguments)
{
    while (*arguments)
        add(build, *arguments++);
}

static void add_libraries(Build *build)
{
    static const char *const ours[] = {"-lgc",    "-lgmp",    "-lpcre2-8", "-lutf8proc",
                                       "-lexpat", "-lcrypto", "-lm",       NULL};
    const CProgram *program = build->program;
    for (int i = 0; i < program->library_count; i++) { // they may need the runtime behind them
        const char *name = program->libraries[i];
        add(build, strchr(name, '/') ? name : arena_format(&build->arena, "-l%s", name));
    }
    add(build, build->library);
    add_all(build, ours);
}

// -O2 shies at the exits of fast versions, which are never taken, and would leave small functions
// and recursions unfolded that it folds in plain C.
static const char *const inlining[] = {"--param=max-inline-insns-auto=60",
                                       "--param=inline-min-speedup=10", NULL};

// gcc, clang, and whatever takes their options.
static void add_options(Build *build)
{
    // Fixed addresses make programs a sixth smaller and spare the loader hundreds of relocations.
    static const char *const always[] = {
        "-std=gnu11",      "-fno-strict-aliasing",   "-fno-pie", "-no-pie", "-Wl,--gc-sections",
        "-Wl,--as-needed", "-Wl,-z,noseparate-code", NULL};
    static const char *const optimised[] = {"-O2", "-Wl,--strip-debug", NULL};
    static const char *const with_lines[] = {"-O2", "-g", NULL};
    static const char *const debug[] = {"-O0", "-g", NULL};
    static const char *const sanitized[] = {"-fsanitize=address,undefined",
                                            "-fno-sanitize-recover=undefined",
                                            "-fno-omit-frame-pointer", "-g", NULL};
    const BuildOptions *options = build->options;
    add_all(build, always);
    bool is_clang = strstr(file_base(build->compiler), "clang") != NULL;
    if (is_clang) {
        add(build, "-fbracket-depth=4096");
        if (options->target)
            add(build, arena_format(&build->arena, "--target=%s", options->target));
    }
    add_all(build, options->is_debug ? debug : options->has_lines ? with_lines : optimised);
    if (!options->is_debug && !is_clang) add_all(build, inlining);
    if (options->is_sanitized) add_all(build, sanitized);
    add(build, "-iquote");
}

// For code that will stand anywhere, beside functions that are not where the linker puts them.
static void make_object_arguments(Build *build)
{
    static const char *const options[] = {"-std=gnu11",
                                          "-fno-strict-aliasing",
                                          "-O2",
                                          "-fPIC",
                                          "-fno-asynchronous-unwind-tables",
                                          "-fno-stack-protector",
                                          "-fcf-protection=none",
                                          "-w",
                                          "-c",
                                          "-iquote",
                                          NULL};
    add(build, build->compiler);
    if (strstr(file_base(build->compiler), "clang"))
        add(build, "-fbracket-depth=4096");
    else
        add_all(build, inlining);
    add_all(build, options);
    add_all(build,
            (const char *const[]){build->include, "-o", build->executable, build->c_path, NULL});
    add(build, NULL);
}

static void make_arguments(Build *build)
{
    add(build, build->compiler);
    if (is_tcc(build->compiler))
        add_all(build, (const char *const[]){"-g", "-I", NULL});
    else
        add_options(build);
    add(build, build->include);
    if (build->options->is_static) add(build, "-static");
    add(build, "-o");
    add(build, build->executable);
    add(build, build->c_path);
    add_libraries(build);
    add(build, NULL);
}

// Tells what the user can mend from a fault of ours.
static ExitStatus report_failure(Build *build, const char *said)
{
    const Messages *messages = build->messages;
    const char *library = quoted_after(&build->arena, said, "cannot find -l");
    if (library) {
        message_error(messages, "the linker cannot find the library `%s`", library);
        return STATUS_REJECTED;
    }
    const char *name = quoted_after(&build->arena, said, "undefined reference to `");
    if (name && strncmp(name, "tb_", 3) != 0 && build->program->external_count > 0) {
        message_error(messages, "no library of the program has the C function `%s`", name);
        return STATUS_REJECTED;
    }
    if (strstr(said, "No space left on device")) {
        message_error(messages, "cannot write `%s`: no space left on the device",
                      build->options->output);
        return STATUS_FAILED;
    }
    bool is_kept = !build->options->drops_bad_c;
    ExitStatus status =
        report_bad_c(&build->arena, messages, build->program, is_kept ? build->folder : NULL, said);
    if (is_kept) build->folder = NULL; // stays
    return status;
}

static ExitStatus compile(Build *build)
{
    ProcessResult result;
    if (!process_run(&build->arena, build->arguments.items, &result)) {
        message_error(build->messages, "cannot start `%s`: %s", build->compiler, strerror(errno));
        return STATUS_REJECTED;
    }
    if (result.signal == SIGINT) return STATUS_FAILED;
    if (result.signal) {
        message_error(build->messages, "`%s` was stopped: %s", build->compiler,
                      strsignal(result.signal));
        return STATUS_FAILED;
    }
    return result.exit_code == 0 ? STATUS_OK : report_failure(build, result.text);
}

// Puts the finished executable, and the C text if wanted, in their places.
static ExitStatus deliver(Build *build)
{
    const char *output = build->options->output;
    const char *kept = arena_format(&build->arena, "%s.c", output);
    const char *failed = NULL;
    bool is_program = !build->options->is_object;
    if (!build->is_discarded && !file_replace(build->executable, output, is_program))
        failed = output;
    bool keeps = build->options->keeps_c && !build->is_discarded && !failed;
    if (keeps && !file_write(&build->arena, kept, build->program->text, build->program->size))
        failed = kept;
    if (!failed) return STATUS_OK;
    message_error(build->messages, "cannot write `%s`: %s", failed, strerror(errno));
    return STATUS_FAILED;
}

static void clean_up(Build *build)
{
    if (build->executable) unlink(build->executable);
    if (build->folder) {
        if (build->c_path) unlink(build->c_path);
        rmdir(build->folder);
    }
    arena_free(&build->arena);
}

ExitStatus toolchain_build(const Messages *messages, const CProgram *program,
                           const BuildOptions *options)
{
    Build build = {.messages = messages, .program = program, .options = options};
    ExitStatus status = STATUS_REJECTED;
    if (choose_compiler(&build) && find_runtime(&build) && check_output(&build)) {
        status = STATUS_FAILED;
        if (prepare_files(&build)) {
            options->is_object ? make_object_arguments(&build) : make_arguments(&build);
            status = compile(&build);
        }
        if (status == STATUS_OK) status = deliver(&build);
    }
    clean_up(&build);
    return status;
}

// ---- through libtcc -----------------------------------------------------------------------------

typedef struct Load {
    const Messages *messages;
    const CProgram *program;
    Arena arena;
    TCCState *state;
    Prelude prelude;
    const char *said; // the complaints so far
} Load;

static void collect_complaint(void *load_pointer, const char *text)
{
    Load *load = load_pointer;
    load->said = arena_format(&load->arena, "%s%s\n", load->said, text);
}

// Opens lib[name], whatever version of it there is; a name with a slash is a path.
static void *open_library(Arena *arena, const char *name)
{
    enum { VERSIONS_TRIED = 100 };
    if (strchr(name, '/')) return dlopen(name, RTLD_NOW | RTLD_GLOBAL);
    void *library = dlopen(arena_format(arena, "lib%s.so", name), RTLD_NOW | RTLD_GLOBAL);
    for (int version = 0; !library && version < VERSIONS_TRIED; version++)
        library = dlopen(arena_format(arena, "lib%s.so.%d", name, version), RTLD_NOW | RTLD_GLOBAL);
    return library;
}

// The C functions of `extern` declarations, from the libraries they name or those this process has
// anyway.
static ExitStatus add_externals(Load *load)
{
    const CProgram *program = load->program;
    for (int i = 0; i < program->library_count; i++) {
        if (open_library(&load->arena, program->libraries[i])) continue;
        message_error(load->messages, "cannot find the library `%s`", program->libraries[i]);
        return STATUS_REJECTED;
    }
    for (int i = 0; i < program->external_count; i++) {
        void *address = dlsym(RTLD_DEFAULT, program->externals[i]);
        if (address) {
            tcc_add_symbol(load->state, program->externals[i], address);
            continue;
        }
        message_error(load->messages, "no library of the program has the C function `%s`",
                      program->externals[i]);
        return STATUS_REJECTED;
    }
    return STATUS_OK;
}

static ExitStatus add_symbols(Load *load)
{
    static const char *const always[] = {"memcmp", "memcpy", "memmove", "memset"};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        tcc_add_symbol(load->state, always[i], prelude_symbol(always[i])->address);
    for (int i = 0; i < load->prelude.symbols.count; i++) {
        const RuntimeSymbol *symbol = load->prelude.symbols.items[i];
        tcc_add_symbol(load->state, symbol->name, symbol->address);
    }
    for (int i = 0; i < load->program->variable_count; i++)
        tcc_add_symbol(load->state, load->program->variables[i].c_name,
                       load->program->variables[i].address);
    return add_externals(load);
}

// The prelude and the program as one text: libtcc forgets types and macros between two texts.
static bool compile_text(Load *load)
{
    const CProgram *program = load->program;
    Text text = {0};
    prelude_need(&load->prelude, program->text, program->size);
    prelude_write(&load->prelude, &text);
    text_format(&text, "#line 1 \"%s\"\n", c_file_name(&load->arena, program->name));
    text_add(&text, program->text, program->size);
    text_end(&text);
    bool is_compiled = tcc_compile_string(load->state, text.bytes) == 0;
    text_free(&text);
    return is_compiled;
}

bool code_space_open(CodeSpace *space)
{
    *space = (CodeSpace){.size = (size_t)1 << 30};
    for (; space->size >= (size_t)1 << 20; space->size /= 2) {
        void *start = mmap(NULL, space->size, PROT_READ | PROT_WRITE | PROT_EXEC,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (start == MAP_FAILED) continue;
        space->start = start;
        tb_gc_init();
        return true;
    }
    return false;
}

void *code_space_take(CodeSpace *space, size_t size)
{
    enum { ALIGN = 16 };
    if (size > space->size - space->used) return NULL;
    void *taken = space->start + space->used;
    space->used += (size + ALIGN - 1) / ALIGN * ALIGN;
    tb_gc_add_root(space->start, space->used);
    return taken;
}

void code_space_clear(CodeSpace *space)
{
    tb_gc_remove_root(space->start, space->used);
    madvise(space->start, space->used, MADV_DONTNEED);
    space->used = 0;
}

// Room for [size] bytes of code in pages of its own, a root of the collector.
static void *own_pages(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t room = (size + page - 1) / page * page;
    void *code =
        mmap(NULL, room, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED) return NULL;
    tb_gc_init();
    tb_gc_add_root(code, room);
    return code;
}

// Moves the code into pages of our own, all of them one root of the collector: a libtcc program's
// statics hold values.
static const LoadedProgram *place(Load *load)
{
    int size = tcc_relocate(load->state, NULL);
    if (size <= 0) return NULL;
    CodeSpace *space = load->program->space;
    void *code = space ? code_space_take(space, (size_t)size) : own_pages((size_t)size);
    if (!code || tcc_relocate(load->state, code) != 0) return NULL;
    return tcc_get_symbol(load->state, "tb_main_program");
}

static ExitStatus compile_in_memory(Load *load, const LoadedProgram **loaded,
                                    const LoadedTier **tier)
{
    tcc_set_error_func(load->state, load, collect_complaint);
    tcc_set_options(load->state, "-nostdlib -nostdinc");
    tcc_set_output_type(load->state, TCC_OUTPUT_MEMORY);
    if (compile_text(load)) {
        ExitStatus status = add_symbols(load);
        if (status != STATUS_OK) return status;
        *loaded = place(load);
        if (tier) *tier = tcc_get_symbol(load->state, "tb_main_tier");
        if (*loaded) return STATUS_OK;
    }
    const char *folder = file_create_folder(&load->arena);
    return report_bad_c(&load->arena, load->messages, load->program, folder, load->said);
}

ExitStatus toolchain_load(const Messages *messages, const CProgram *program,
                          const LoadedProgram **loaded, const LoadedTier **tier)
{
    Load load = {.messages = messages, .program = program, .said = ""};
    load.prelude.arena = &load.arena;
    load.state = tcc_new();
    ExitStatus status = STATUS_INTERNAL;
    if (load.state)
        status = compile_in_memory(&load, loaded, tier);
    else
        message_error(messages, "out of memory while compiling");
    if (load.state) tcc_delete(load.state);
    arena_free(&load.arena);
    return status;
}

int toolchain_run(const LoadedProgram *loaded, int argc, char **argv)
{
    return tb_run(loaded, argc, argv);
}

// The `tombo` command: what each command does, in terms of the driver and the toolchain.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "cache.h"
#include "command.h"
#include "driver.h"
#include "files.h"
#include "mem.h"
#include "options.h"
#include "repl.h"
#include "tier.h"
#include "warm.h"

static ExitStatus check(const Options *options)
{
    Compilation compilation;
    ExitStatus status = command_compile(options, &compilation, STAGE_INFER, PURPOSE_BUILD);
    driver_free(&compilation);
    return status;
}

static ExitStatus emit(const Options *options)
{
    Compilation compilation;
    ExitStatus status = STATUS_REJECTED;
    if (command_read(options, &compilation)) {
        driver_compile(&compilation, options->stage, PURPOSE_SHOW);
        driver_print(&compilation, stdout);
        status = command_render(options, &compilation);
    }
    driver_free(&compilation);
    return status;
}

// ---- run ----------------------------------------------------------------------------------------

// What a run may have beside the code that libtcc makes.
typedef struct Help {
    Cache cache;
    bool has_cache; // the program can be kept
    bool has_tier;  // it can change over to optimised code
} Help;

// Looks for the program in the cache and becomes what is found there. Programs that do not come
// from a file of their own have no place in it, and cannot be compiled again.
static void look_for_help(const Options *options, Help *help, Compilation *compilation)
{
    bool is_file = !options->input.code && strcmp(options->input.path, "-") != 0;
    help->has_cache = cache_open(&help->cache);
    help->has_tier = false;
    bool is_wanted = is_file && !options->is_first_tier &&
                     driver_compile(compilation, STAGE_RESOLVE, PURPOSE_MEMORY) &&
                     cache_find(&help->cache, &compilation->compiler);
    help->has_cache &= is_wanted;
    if (!is_wanted) return;
    help->has_tier = tier_is_possible() && !cache_has_given_up(&help->cache);
    // What is built says no warnings, so a program that has some is not kept.
    if (compilation->compiler.diags.warning_count == 0) cache_start(&help->cache, options->argv);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// Runs the program and, if that took long enough for a faster one to be worth the work, has it
// built for the next time.
static int run_loaded(const Options *options, const Help *help, const LoadedProgram *loaded,
                      const LoadedTier *first)
{
    const double worthwhile = 0.1;
    const char *path = options->input.path;
    double start = seconds();
    Tier *tier = first ? tier_start(path, &help->cache, first) : NULL;
    int status = toolchain_run(loaded, options->argc, options->argv);
    bool is_built = tier_end(tier, help->has_cache);
    if (help->has_cache && !is_built && seconds() - start >= worthwhile)
        cache_start_build(&help->cache, path);
    return status;
}

static int run(const Options *options)
{
    Compilation compilation;
    Help help;
    if (!command_read(options, &compilation)) return STATUS_REJECTED;
    look_for_help(options, &help, &compilation);
    if (compilation.compiler.diags.error_count == 0)
        driver_compile(&compilation, STAGE_C, help.has_tier ? PURPOSE_FIRST : PURPOSE_MEMORY);
    int status = command_render(options, &compilation);
    if (compilation.compiler.diags.warning_count > 0) help.has_cache = false;
    const LoadedProgram *loaded = NULL;
    const LoadedTier *first = NULL;
    if (status == STATUS_OK)
        status = toolchain_load(&options->messages, &compilation.c, &loaded, &first);
    driver_free(&compilation);
    if (status == STATUS_OK) status = run_loaded(options, &help, loaded, first);
    cache_close(&help.cache);
    return status;
}

// ---- the cache ----------------------------------------------------------------------------------

static ExitStatus build_into_cache(const Options *options, Cache *cache, Compilation *compilation)
{
    enum { PATIENCE_MS = 5000 };
    if (!driver_compile(compilation, STAGE_C, PURPOSE_BUILD) ||
        compilation->compiler.diags.warning_count > 0)
        return command_render(options, compilation);
    if (!cache_find(cache, &compilation->compiler)) return STATUS_FAILED;
    int lock = cache_lock(cache, PATIENCE_MS);
    if (lock < 0) return STATUS_OK;
    BuildOptions build_options = {.output = cache->program, .drops_bad_c = true};
    ExitStatus status = toolchain_build(&options->messages, &compilation->c, &build_options);
    if (status != STATUS_OK) cache_give_up(cache);
    cache_trim(cache, (int64_t)CACHE_MEGABYTES << 20);
    close(lock);
    return status;
}

static ExitStatus add_to_cache(const Options *options, Cache *cache)
{
    enum { NICEST = 19 };
    setpriority(PRIO_PROCESS, 0, NICEST);
    Compilation compilation;
    if (!command_read(options, &compilation)) return STATUS_REJECTED;
    ExitStatus status = build_into_cache(options, cache, &compilation);
    driver_free(&compilation);
    return status;
}

// For a running program first (tier.h), then for those to come.
static ExitStatus serve_tier(const Options *options, Cache *cache)
{
    enum { NICE = 5 }; // somebody waits for it, but the program itself comes first
    setpriority(PRIO_PROCESS, 0, NICE);
    Compilation compilation;
    if (!command_read(options, &compilation)) return STATUS_REJECTED;
    bool is_found = driver_compile(&compilation, STAGE_C, PURPOSE_SECOND) &&
                    cache_find(cache, &compilation.compiler);
    bool is_compiled = is_found && tier_serve(&options->messages, cache, &compilation.c);
    bool is_kept = is_found && cache->program && compilation.compiler.diags.warning_count == 0;
    driver_free(&compilation);
    if (is_kept && is_compiled) return add_to_cache(options, cache);
    if (is_kept) cache_give_up(cache);
    return STATUS_OK;
}

static ExitStatus show_cache(const Cache *cache)
{
    int count;
    int64_t size;
    cache_measure(cache, &count, &size);
    printf("%s: %d program%s, %.1f of %d MB\n", cache->folder, count, count == 1 ? "" : "s",
           (double)size / (1 << 20), CACHE_MEGABYTES);
    return STATUS_OK;
}

static ExitStatus manage_cache(const Options *options)
{
    Cache cache;
    ExitStatus status = STATUS_OK;
    bool has_folder = cache_open(&cache);
    if (options->action && strcmp(options->action, "tier") == 0) {
        status = serve_tier(options, &cache);
    } else if (!has_folder) {
        message_error(&options->messages, "there is no cache: no folder for it can be used");
        status = STATUS_FAILED;
    } else if (!options->action) {
        status = show_cache(&cache);
    } else if (strcmp(options->action, "clear") == 0) {
        cache_trim(&cache, 0);
    } else {
        status = add_to_cache(options, &cache);
    }
    cache_close(&cache);
    return status;
}

// ---- build --------------------------------------------------------------------------------------

static bool is_same_file(const char *a, const char *b)
{
    struct stat a_info, b_info;
    return stat(a, &a_info) == 0 && stat(b, &b_info) == 0 && a_info.st_dev == b_info.st_dev &&
           a_info.st_ino == b_info.st_ino;
}

// What is to be written; refuses what must not be overwritten. NULL after a message.
static const char *choose_output(const Options *options, Arena *arena)
{
    const Input *input = &options->input;
    const char *output = options->build.output;
    bool is_file = !input->code && strcmp(input->path, "-") != 0;
    if (!output) output = is_file ? file_stem(arena, input->path) : "program";
    if (options->emits_c)
        output = options->c_path ? options->c_path : arena_format(arena, "%s.c", output);
    if (!*output) {
        message_error(&options->messages, "the output needs a name: -o PROGRAM");
        return NULL;
    }
    if (!is_file || !is_same_file(output, input->path)) return output;
    message_error(&options->messages, "the output `%s` would replace the program's own text",
                  output);
    message_help(&options->messages, "give it another name with -o");
    return NULL;
}

static ExitStatus write_c(const Options *options, Arena *arena, const char *path, const CProgram *c)
{
    if (strcmp(path, "-") == 0) {
        fwrite(c->text, 1, c->size, stdout);
        return STATUS_OK;
    }
    if (file_write(arena, path, c->text, c->size)) return STATUS_OK;
    message_error(&options->messages, "cannot write `%s`: %s", path, strerror(errno));
    return STATUS_FAILED;
}

static ExitStatus build(const Options *options)
{
    Compilation compilation;
    Arena arena = {0};
    const char *output = choose_output(options, &arena);
    if (!output) return STATUS_REJECTED;
    Purpose purpose = options->build.is_debug ? PURPOSE_DEBUG : PURPOSE_BUILD;
    ExitStatus status = command_compile(options, &compilation, STAGE_C, purpose);
    if (status == STATUS_OK && options->emits_c) {
        status = write_c(options, &arena, output, &compilation.c);
    } else if (status == STATUS_OK) {
        BuildOptions build_options = options->build;
        build_options.output = output;
        status = toolchain_build(&options->messages, &compilation.c, &build_options);
    }
    driver_free(&compilation);
    arena_free(&arena);
    return status;
}

// ---- main ---------------------------------------------------------------------------------------

// Fills standard streams that are closed with something that cannot be used either, lest a file
// that is opened later takes their place. A broken pipe is an error to report, not a reason to
// vanish.
static void settle_streams(void)
{
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++)
        if (fcntl(file, F_GETFD) < 0 &&
            open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY) != file)
            return;
    signal(SIGPIPE, SIG_IGN);
}

static int perform(const Options *options)
{
    switch (options->command) {
    case COMMAND_RUN:
        return run(options);
    case COMMAND_BUILD:
        return (int)build(options);
    case COMMAND_CHECK:
        return (int)check(options);
    case COMMAND_EMIT:
        return (int)emit(options);
    case COMMAND_REPL:
        return repl_run(&options->messages, options->is_quiet, options->command_line);
    case COMMAND_CACHE:
        return (int)manage_cache(options);
    case COMMAND_MEM:
        return mem_run(options);
    case COMMAND_BENCH:
        return bench_run(options);
    case COMMAND_HELP:
        options_print_help(options->topic);
        return STATUS_OK;
    case COMMAND_VERSION:
        printf("tombo " TOMBO_VERSION "\n");
        return STATUS_OK;
    case COMMAND_COUNT:
        break;
    }
    return STATUS_INTERNAL;
}

int main(int argc, char **argv)
{
    Options options;
    warm_up();
    settle_streams();
    if (!options_parse(&options, argc, argv)) return STATUS_REJECTED;
    // The environment reaches the program in whatever process it runs: this one, or a built one.
    if (options.max_heap && setenv("TOMBO_MAX_HEAP", options.max_heap, 1) < 0)
        return STATUS_INTERNAL;
    int status = perform(&options);
    if (!message_output_is_written(&options.messages) && status == STATUS_OK) return STATUS_FAILED;
    return status;
}

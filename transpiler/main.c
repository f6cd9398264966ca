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

// Looks for the program in the cache and becomes what is found there. Programs that do not come
// from a file of their own have no place in it. False: there is none to be used.
static bool try_cache(const Options *options, Cache *cache, Compilation *compilation)
{
    bool is_file = !options->input.code && strcmp(options->input.path, "-") != 0;
    bool is_wanted = cache_open(cache) && is_file && !options->is_first_tier;
    if (!is_wanted) return false;
    if (!driver_compile(compilation, STAGE_RESOLVE, PURPOSE_MEMORY)) return false;
    if (compilation->compiler.diags.warning_count > 0) return false;
    if (!cache_find(cache, &compilation->compiler)) return false;
    cache_start(cache, options->argv);
    return true;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// Runs the program and, if that took long enough for a faster one to be worth the work, has it
// built for the next time.
static int run_loaded(const Options *options, const Cache *cache, const LoadedProgram *loaded)
{
    const double worthwhile = 0.1;
    double start = seconds();
    int status = toolchain_run(loaded, options->argc, options->argv);
    if (cache && seconds() - start >= worthwhile) cache_start_build(cache, options->input.path);
    return status;
}

static int run(const Options *options)
{
    Compilation compilation;
    Cache cache;
    if (!command_read(options, &compilation)) return STATUS_REJECTED;
    bool has_cache = try_cache(options, &cache, &compilation);
    if (compilation.compiler.diags.error_count == 0)
        driver_compile(&compilation, STAGE_C, PURPOSE_MEMORY);
    int status = command_render(options, &compilation);
    // What is built says no warnings, so a program that has some is not kept.
    if (compilation.compiler.diags.warning_count > 0) has_cache = false;
    const LoadedProgram *loaded = NULL;
    if (status == STATUS_OK) status = toolchain_load(&options->messages, &compilation.c, &loaded);
    driver_free(&compilation);
    if (status == STATUS_OK) status = run_loaded(options, has_cache ? &cache : NULL, loaded);
    cache_close(&cache);
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
    if (!cache_open(&cache)) {
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
        return repl_run(&options->messages, options->is_quiet);
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
    settle_streams();
    if (!options_parse(&options, argc, argv)) return STATUS_REJECTED;
    // The environment reaches the program in whatever process it runs: this one, or a built one.
    if (options.max_heap && setenv("TOMBO_MAX_HEAP", options.max_heap, 1) < 0)
        return STATUS_INTERNAL;
    int status = perform(&options);
    if (!message_output_is_written(&options.messages) && status == STATUS_OK) return STATUS_FAILED;
    return status;
}

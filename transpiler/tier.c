// The thread and the process that make a running program fast. See tier.h.
#include "tier.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "files.h"
#include "process.h"
#include "runtime/gc.h"
#include "runtime/program.h"
#include "runtime/stack.h"

enum {
    DELAY_MS = 100, // of running before it is worth a compilation
    DIGEST_SIZE = 32,
    THREAD_STACK = 1 << 20,
};

// What comes before the bytes of the object.
typedef struct Header {
    char digest[DIGEST_SIZE]; // of what it was made from
    int64_t size;
} Header;

struct Tier {
    const char *path;
    const char *digest;
    int place; // the working directory the tool began in
    bool only_loops;
    bool waits;  // the program waits for it
    pid_t child; // 0: not started yet; -1: it never will be
    const LoadedTier *first;
    LoadedObject second;
};

// libtcc ends the process when it gets no memory, which the program may have used up.
static bool is_memory_limited(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

bool tier_is_possible(void)
{
#ifdef __x86_64__
    const char *wish = getenv("TOMBO_TIER");
    return (!wish || strcmp(wish, "off") != 0) && !is_memory_limited();
#else
    return false;
#endif
}

// ------------------------------------------------------------------------------------ taking over

// Puts a jump to [target] where [code] begins: `jmp *0(%rip)` and the address. libtcc's functions
// are longer than that, and the first place one of their calls returns to lies behind it.
static void redirect(tb_code code, tb_code target)
{
    static const unsigned char jump[] = {0xff, 0x25, 0, 0, 0, 0};
    unsigned char *at = (unsigned char *)(uintptr_t)code;
    memcpy(at, jump, sizeof jump);
    memcpy(at + sizeof jump, &target, sizeof target);
    __builtin___clear_cache((char *)at, (char *)at + sizeof jump + sizeof target);
}

// Runs on the program's thread.
static void take_over(void *tier_pointer)
{
    const Tier *tier = tier_pointer;
    const LoadedTier *first = tier->first, *second = tier->second.tier;
    tb_gc_add_root(tier->second.code, tier->second.size);
    int64_t start = tier->only_loops ? first->code_count - first->loop_count : 0;
    for (int64_t i = start; i < first->code_count; i++)
        redirect(first->code[i], second->code[i]);
}

// ------------------------------------------------------------------------------------- the thread

static bool read_whole(int file, void *bytes, size_t size)
{
    for (char *at = bytes; size > 0;) {
        ssize_t got = read(file, at, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

// Starts the process; gives the end of the pipe its object comes through, or -1.
static int start_child(Tier *tier)
{
    const char *const argv[] = {"/proc/self/exe", "cache", "tier", "--", tier->path, NULL};
    int ends[2];
    pid_t child;
    if (pipe2(ends, O_CLOEXEC) < 0) return -1;
    bool is_started = process_start_apart(argv, tier->place, ends[1], &child);
    close(ends[1]);
    if (is_started) {
        __atomic_store_n(&tier->child, child, __ATOMIC_SEQ_CST);
        return ends[0];
    }
    close(ends[0]);
    return -1;
}

static bool receive(Tier *tier, int input)
{
    enum { MOST_BYTES = 1 << 30 };
    Arena arena = {0};
    Header header;
    bool is_placed = false;
    if (read_whole(input, &header, sizeof header) && header.size > 0 && header.size < MOST_BYTES &&
        memcmp(header.digest, tier->digest, DIGEST_SIZE) == 0) {
        size_t size = (size_t)header.size;
        void *bytes = arena_alloc(&arena, size);
        is_placed = read_whole(input, bytes, size) &&
                    toolchain_load_object(bytes, size, tier->first, &tier->second);
    }
    arena_free(&arena);
    return is_placed;
}

static bool prepare(Tier *tier)
{
    int input = start_child(tier);
    if (input < 0) return false;
    bool is_ready = receive(tier, input);
    close(input);
    return is_ready;
}

// Nobody else asks how the process ended, and until someone does it is kept.
static void bury_child(const Tier *tier)
{
    while (tier->child > 0 && waitpid(tier->child, NULL, 0) < 0 && errno == EINTR)
        ;
}

static void *run_thread(void *tier_pointer)
{
    Tier *tier = tier_pointer;
    struct timespec rest = {.tv_nsec = DELAY_MS * 1000000L};
    nanosleep(&rest, NULL);
    pid_t none = 0;
    // The program may just be ending.
    if (__atomic_load_n(&tier->child, __ATOMIC_SEQ_CST) != none) return NULL;
    if (prepare(tier)) tb_tier_ready(take_over, tier);
    bury_child(tier);
    return NULL;
}

// A thread that no signal of the program reaches.
static bool start_thread(Tier *tier)
{
    sigset_t all, former;
    pthread_attr_t attributes;
    pthread_t thread;
    if (pthread_attr_init(&attributes) != 0) return false;
    pthread_attr_setstacksize(&attributes, THREAD_STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    bool is_started = pthread_create(&thread, &attributes, run_thread, tier) == 0;
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    pthread_attr_destroy(&attributes);
    return is_started;
}

// Tests want every function or every loop in optimised code, from the start.
static void begin_in_it(Tier *tier)
{
    if (!prepare(tier)) return;
    take_over(tier);
    tb_rt.interrupted |= TB_SECOND_TIER;
}

Tier *tier_start(const char *path, const Cache *cache, const LoadedTier *first)
{
    Arena arena = {0}; // is never freed
    Tier *tier = ARENA_NEW(&arena, Tier);
    const char *wish = getenv("TOMBO_TIER");
    *tier = (Tier){.path = path, .place = cache->place, .first = first};
    tier->digest = arena_copy(&arena, cache->digest, DIGEST_SIZE);
    tier->only_loops = wish && strcmp(wish, "loops") == 0;
    tier->waits = tier->only_loops || (wish && strcmp(wish, "calls") == 0);
    if (tier->waits)
        begin_in_it(tier);
    else if (!start_thread(tier))
        return NULL;
    return tier;
}

bool tier_end(Tier *tier, bool has_cache)
{
    if (!tier) return false;
    pid_t none = 0;
    bool is_early = __atomic_compare_exchange_n(&tier->child, &none, -1, false, __ATOMIC_SEQ_CST,
                                                __ATOMIC_SEQ_CST);
    if (is_early) return false;
    if (has_cache) return true;
    kill(-tier->child, SIGTERM); // its C compiler too
    return false;
}

// ------------------------------------------------------------------------------------ the process

static bool write_whole(int file, const void *bytes, size_t size)
{
    for (const char *at = bytes; size > 0;) {
        ssize_t written = write(file, at, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false; // nobody listens any more
        at += written;
        size -= (size_t)written;
    }
    return true;
}

static void send_object(Arena *arena, const char *path, const char *digest)
{
    struct stat info;
    Header header;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    if (fstat(file, &info) == 0) {
        memcpy(header.digest, digest, DIGEST_SIZE);
        header.size = info.st_size;
        char *bytes = arena_alloc(arena, (size_t)info.st_size);
        if (read_whole(file, bytes, (size_t)info.st_size) &&
            write_whole(STDOUT_FILENO, &header, sizeof header))
            write_whole(STDOUT_FILENO, bytes, (size_t)info.st_size);
    }
    close(file);
}

// The program is over before its object is made. Our C compiler gets the same signal, and we clean
// up.
static void go_on(int number)
{
    (void)number;
}

bool tier_serve(const Messages *messages, const Cache *cache, const CProgram *program)
{
    Arena arena = {0};
    signal(SIGTERM, go_on);
    const char *folder = file_create_folder(&arena);
    bool is_compiled = true;
    if (folder) {
        const char *path = arena_format(&arena, "%s/program.o", folder);
        BuildOptions options = {.output = path, .drops_bad_c = true, .is_object = true};
        is_compiled = toolchain_build(messages, program, &options) == STATUS_OK;
        if (is_compiled) send_object(&arena, path, cache->digest);
        unlink(path);
        rmdir(folder);
    }
    close(STDOUT_FILENO);
    arena_free(&arena);
    return is_compiled;
}

// The folder of built programs. Files in it are named by their digest in 32 hexadecimal digits; an
// empty one stands for a program that could not be built. A file's time of change is that of its
// last use. Names that begin with a dot are builds under way.

#include "cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "process.h"
#include "resolve.h"
#include "runtime/siphash.h"
#include "text.h"
#include "toolchain.h"

extern char **environ;

// ---- the folder ---------------------------------------------------------------------------------

static const char *choose_folder(Arena *arena)
{
    const char *base = getenv("XDG_CACHE_HOME");
    if (base && base[0] == '/') return arena_format(arena, "%s/tombo", base);
    const char *home = getenv("HOME");
    return home && home[0] == '/' ? arena_format(arena, "%s/.cache/tombo", home) : NULL;
}

// Makes the folder and those above it.
static void make_folders(Arena *arena, const char *folder)
{
    char *path = arena_copy(arena, folder, strlen(folder));
    for (char *at = path + 1; (at = strchr(at, '/')); *at++ = '/') {
        *at = '\0';
        mkdir(path, 0700);
    }
    mkdir(path, 0700);
}

// Whether the folder is there, and ours alone: a program others put there would be run.
static bool is_safe(const char *folder)
{
    struct stat info;
    return lstat(folder, &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
           (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool cache_open(Cache *cache)
{
    *cache = (Cache){.place = -1};
    const char *wish = getenv("TOMBO_CACHE");
    if (wish && strcmp(wish, "off") == 0) return false;
    cache->folder = choose_folder(&cache->arena);
    if (!cache->folder) return false;
    if (access(cache->folder, F_OK) != 0) make_folders(&cache->arena, cache->folder);
    if (!is_safe(cache->folder)) cache->folder = NULL;
    return cache->folder != NULL;
}

void cache_close(Cache *cache)
{
    if (cache->place >= 0) close(cache->place);
    arena_free(&cache->arena);
    *cache = (Cache){.place = -1};
}

// ---- the digest ---------------------------------------------------------------------------------

// Adds what tells this version of a file from another. False when it is not there.
static bool add_file(Text *text, const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) return false;
    text_format(text, "%s %ld %ld %ld %ld %ld\n", path, (long)info.st_dev, (long)info.st_ino,
                (long)info.st_size, (long)info.st_mtim.tv_sec, (long)info.st_mtim.tv_nsec);
    return true;
}

// The tools that would build the program: this one, the runtime library, the C compiler.
static bool add_tools(Arena *arena, Text *text)
{
    const char *compiler = toolchain_compiler(arena);
    const char *home = toolchain_home(arena);
    return compiler && home && add_file(text, "/proc/self/exe") &&
           add_file(text, arena_format(arena, "%s/libtombo.a", home)) &&
           add_file(text, process_find(arena, compiler));
}

static void add_sources(Text *text, const Compiler *compiler)
{
    for (int i = 0; i < compiler->modules.count; i++) {
        const Source *source = compiler->modules.items[i]->source;
        if (!source || source->is_library) continue;
        text_format(text, "%s %zu\n", source->path, (size_t)source->size);
        text_add(text, source->text, source->size);
    }
}

bool cache_find(Cache *cache, const Compiler *compiler)
{
    Text text = {0};
    if (cache->place >= 0) close(cache->place);
    cache->place = -1;
    bool is_possible = add_tools(&cache->arena, &text);
    if (is_possible) {
        add_sources(&text, compiler);
        tb_hash_key keys[2] = {{1, 2}, {3, 4}};
        uint64_t low = tb_siphash(&keys[0], text.bytes, (int64_t)text.size);
        uint64_t high = tb_siphash(&keys[1], text.bytes, (int64_t)text.size);
        cache->digest = arena_format(&cache->arena, "%016lx%016lx", high, low);
        if (cache->folder)
            cache->program = arena_format(&cache->arena, "%s/%s", cache->folder, cache->digest);
        cache->place = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
    text_free(&text);
    return is_possible;
}

// ---- using it -----------------------------------------------------------------------------------

void cache_start(const Cache *cache, char **argv)
{
    struct stat info;
    if (!cache->program) return;
    if (lstat(cache->program, &info) != 0 || info.st_size == 0 || !S_ISREG(info.st_mode)) return;
    utimensat(AT_FDCWD, cache->program, NULL, 0); // used just now
    void (*former)(int) = signal(SIGPIPE, SIG_DFL);
    execve(cache->program, argv, environ);
    signal(SIGPIPE, former); // it was deleted just now, or does not fit this machine
}

bool cache_has_given_up(const Cache *cache)
{
    struct stat info;
    return cache->program && stat(cache->program, &info) == 0 && info.st_size == 0;
}

void cache_start_build(const Cache *cache, const char *path)
{
    if (!cache->program || access(cache->program, F_OK) == 0) return;
    if (access(cache->folder, W_OK) != 0) return;
    const char *const argv[] = {"/proc/self/exe", "cache", "add", "--", path, NULL};
    pid_t child;
    process_start_apart(argv, cache->place, -1, &child);
}

// ---- filling it ---------------------------------------------------------------------------------

int cache_lock(const Cache *cache, int timeout_ms)
{
    enum { STEP_MS = 50 };
    Arena arena = {0};
    const char *name = arena_format(&arena, "%s/.lock", cache->folder);
    int lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    arena_free(&arena);
    while (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK || timeout_ms <= 0) {
            close(lock);
            return -1;
        }
        nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
        timeout_ms -= STEP_MS;
    }
    if (lock < 0 || access(cache->program, F_OK) != 0) return lock;
    close(lock);
    return -1;
}

void cache_give_up(const Cache *cache)
{
    int file = open(cache->program, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) close(file);
}

// ---- what is in it ------------------------------------------------------------------------------

typedef struct Kept {
    char *name;
    int64_t size;
    int64_t used; // when: seconds
} Kept;

typedef struct Contents {
    VEC(Kept) programs; // the one used last comes first
    VEC(Kept) unfinished;
} Contents;

static int compare_kept(const void *a, const void *b)
{
    int64_t first = ((const Kept *)a)->used;
    int64_t second = ((const Kept *)b)->used;
    return (first < second) - (first > second);
}

static Contents read_contents(Arena *arena, const char *folder)
{
    Contents contents = {0};
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        struct stat info;
        bool is_file = fstatat(dirfd(directory), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
                       S_ISREG(info.st_mode);
        if (!is_file || strcmp(entry->d_name, ".lock") == 0) continue;
        Kept kept = {arena_format(arena, "%s/%s", folder, entry->d_name), info.st_size,
                     info.st_mtime};
        if (entry->d_name[0] == '.')
            VEC_PUSH(arena, contents.unfinished, kept);
        else
            VEC_PUSH(arena, contents.programs, kept);
    }
    if (directory) closedir(directory);
    if (contents.programs.count > 0)
        qsort(contents.programs.items, (size_t)contents.programs.count, sizeof(Kept), compare_kept);
    return contents;
}

void cache_trim(const Cache *cache, int64_t limit)
{
    enum { OLD_SECONDS = 3600, LEAST_BYTES = 4096 }; // a file takes a block even when it is empty
    Arena arena = {0};
    Contents contents = read_contents(&arena, cache->folder);
    int64_t total = 0;
    for (int i = 0; i < contents.programs.count; i++) {
        const Kept *kept = &contents.programs.items[i];
        total += kept->size < LEAST_BYTES ? LEAST_BYTES : kept->size;
        if (total > limit) unlink(kept->name);
    }
    int64_t now = time(NULL);
    for (int i = 0; i < contents.unfinished.count; i++)
        if (now - contents.unfinished.items[i].used > OLD_SECONDS)
            unlink(contents.unfinished.items[i].name);
    arena_free(&arena);
}

void cache_measure(const Cache *cache, int *count, int64_t *size)
{
    Arena arena = {0};
    Contents contents = read_contents(&arena, cache->folder);
    *count = 0;
    *size = 0;
    for (int i = 0; i < contents.programs.count; i++) {
        if (contents.programs.items[i].size == 0) continue;
        ++*count;
        *size += contents.programs.items[i].size;
    }
    arena_free(&arena);
}

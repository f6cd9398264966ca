// The table of names: buckets with chains, doubled when there are as many names as buckets.

#include "names.h"

#include <string.h>

enum { FIRST_BUCKET_COUNT = 256 };

static uint64_t load(const char *bytes, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, bytes, size);
    return word;
}

// The last 0 to 7 bytes as one word. Overlapping loads of fixed size, because a memcpy of a
// variable size is a call.
static uint64_t load_rest(const char *bytes, size_t size)
{
    if (size >= 4) return load(bytes, 4) << 32 | load(bytes + size - 4, 4);
    if (size == 0) return 0;
    uint64_t middle = (unsigned char)bytes[size / 2];
    uint64_t last = (unsigned char)bytes[size - 1];
    return (unsigned char)bytes[0] | middle << 8 | last << 16;
}

// Multiply and fold, eight bytes at a time. Not keyed: whoever sends a program to slow the compiler
// has easier ways.
static uint32_t hash_text(const char *text, size_t size)
{
    const uint64_t multiplier = 0x9E3779B97F4A7C15u;
    uint64_t hash = size * multiplier;
    for (; size >= 8; text += 8, size -= 8) {
        hash = (hash ^ load(text, 8)) * multiplier;
        hash ^= hash >> 32;
    }
    hash = (hash ^ load_rest(text, size)) * multiplier;
    return (uint32_t)(hash >> 32);
}

static Name *find(const Names *names, const char *text, size_t size, uint32_t hash)
{
    Name *name = names->buckets[hash & (names->bucket_count - 1)];
    for (; name; name = name->chain)
        if (name->hash == hash && name->size == size && memcmp(name->text, text, size) == 0)
            return name;
    return NULL;
}

static void insert(Names *names, Name *name)
{
    Name **bucket = &names->buckets[name->hash & (names->bucket_count - 1)];
    name->chain = *bucket;
    *bucket = name;
}

static void grow(Names *names)
{
    Name **old = names->buckets;
    uint32_t old_count = names->bucket_count;
    names->bucket_count *= 2;
    names->buckets = ARENA_ARRAY(names->arena, Name *, names->bucket_count);
    for (uint32_t i = 0; i < old_count; i++) {
        for (Name *name = old[i], *next; name; name = next) {
            next = name->chain;
            insert(names, name);
        }
    }
}

void names_init(Names *names, Arena *arena)
{
    *names = (Names){.arena = arena, .bucket_count = FIRST_BUCKET_COUNT};
    names->buckets = ARENA_ARRAY(arena, Name *, FIRST_BUCKET_COUNT);
}

Name *name_of(Names *names, const char *text, size_t size)
{
    uint32_t hash = hash_text(text, size);
    Name *name = find(names, text, size, hash);
    if (name) return name;
    if (names->count == names->bucket_count && names->bucket_count < 1u << 30) grow(names);
    name = arena_alloc(names->arena, sizeof *name + size + 1);
    name->hash = hash;
    name->size = (uint32_t)size;
    memcpy(name->text, text, size);
    insert(names, name);
    names->count++;
    return name;
}

Name *name_from(Names *names, const char *text)
{
    return name_of(names, text, strlen(text));
}

Name *name_find(Names *names, const char *text, size_t size)
{
    return find(names, text, size, hash_text(text, size));
}

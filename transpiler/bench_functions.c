// From addresses to Tombo functions: `addr2line` knows which C function an address lies in, inlined
// ones included, and each C function of the program is a form of a Tombo one. A sample counts for
// the innermost of them, so that what the runtime does for a function is its own time.

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What is known of an address in the executable.
typedef struct Place {
    uint64_t address;
    const ProgramFunction *function; // NULL: of no function of the program
    int line;
} Place;

typedef struct Finder {
    const MeasuredProgram *program;
    Arena *arena;
    Hottest *hottest;
    VEC(Place) places; // by address
} Finder;

// ---- addresses ----------------------------------------------------------------------------------

static int by_address(const void *a, const void *b)
{
    const Place *first = a, *second = b;
    return (first->address > second->address) - (first->address < second->address);
}

// Programs are built for fixed addresses; the shared libraries lie far above them.
static bool is_ours(uint64_t address)
{
    return address < (uint64_t)1 << 32;
}

static Place *place_of(Finder *finder, uint64_t address)
{
    Place key = {.address = address};
    if (!is_ours(address) || !finder->places.count) return NULL;
    return bsearch(&key, finder->places.items, (size_t)finder->places.count, sizeof key,
                   by_address);
}

// Every address of the executable in the samples, once.
static void collect_places(Finder *finder, const Report *report)
{
    for (int i = 0; i < report->stacks.count; i++) {
        const StackSample *sample = &report->stacks.items[i];
        for (int j = 0; j < sample->depth; j++) {
            Place place = {.address = sample->addresses[j]};
            if (is_ours(place.address)) VEC_PUSH(finder->arena, finder->places, place);
        }
    }
    if (!finder->places.count) return;
    Place *items = finder->places.items;
    qsort(items, (size_t)finder->places.count, sizeof *items, by_address);
    int kept = 1;
    for (int i = 1; i < finder->places.count; i++)
        if (items[i].address != items[kept - 1].address) items[kept++] = items[i];
    finder->places.count = kept;
}

// ---- addr2line ----------------------------------------------------------------------------------

static int by_name(const void *key, const void *row)
{
    return strcmp(key, ((const ProgramFunction *)row)->c_name);
}

// The function of a C name, which may have an ending the compiler gave it, like `.constprop.0`.
static const ProgramFunction *function_named(const Finder *finder, char *c_name)
{
    c_name[strcspn(c_name, ".")] = '\0';
    if (!finder->program->functions.count) return NULL;
    return bsearch(c_name, finder->program->functions.items,
                   (size_t)finder->program->functions.count, sizeof(ProgramFunction), by_name);
}

// The Tombo line of `FILE:LINE` in the C text; 0: unknown.
static int line_of(const MeasuredProgram *program, const char *position)
{
    const char *colon = strrchr(position, ':');
    long line = colon ? strtol(colon + 1, NULL, 10) : 0;
    return line > 0 && line <= program->lines.count ? program->lines.items[line - 1] : 0;
}

// Takes in what was said of one address: pairs of lines, a C function and `FILE:LINE`, the
// innermost first. Returns what follows.
static char *read_place(Finder *finder, char *text, Place *place)
{
    while (*text && strncmp(text, "0x", 2) != 0) {
        char *c_name = text;
        char *position = c_name + strcspn(c_name, "\n");
        if (!*position) return position;
        *position++ = '\0';
        char *next = position + strcspn(position, "\n");
        if (*next) *next++ = '\0';
        text = next;
        const ProgramFunction *function = function_named(finder, c_name);
        if (!function || !place || place->function) continue;
        place->function = function;
        place->line = line_of(finder->program, position);
    }
    return text;
}

static void read_places(Finder *finder, char *text)
{
    while (strncmp(text, "0x", 2) == 0) {
        Place *place = place_of(finder, strtoull(text, NULL, 16));
        text += strcspn(text, "\n");
        if (*text) text = read_place(finder, text + 1, place);
    }
}

// Asks about [count] places from [first] on. False when nobody can say.
static bool ask(Finder *finder, int first, int count)
{
    VEC(const char *) argv = {0};
    const char *const command[] = {"addr2line", "-a", "-f", "-i", "-e", finder->program->path};
    for (size_t i = 0; i < sizeof command / sizeof *command; i++)
        VEC_PUSH(finder->arena, argv, command[i]);
    for (int i = first; i < first + count; i++) {
        const char *address =
            arena_format(finder->arena, "0x%lx", (unsigned long)finder->places.items[i].address);
        VEC_PUSH(finder->arena, argv, address);
    }
    VEC_PUSH(finder->arena, argv, NULL);
    ProcessResult result;
    if (!process_run(finder->arena, argv.items, &result) || result.exit_code != 0) return false;
    read_places(finder, arena_copy(finder->arena, result.text, strlen(result.text)));
    return true;
}

static bool ask_all(Finder *finder)
{
    enum { AT_ONCE = 1000 }; // what is said about them fits what process_run keeps
    for (int first = 0; first < finder->places.count; first += AT_ONCE) {
        int rest = finder->places.count - first;
        if (!ask(finder, first, rest < AT_ONCE ? rest : AT_ONCE)) return false;
    }
    return true;
}

// ---- counting -----------------------------------------------------------------------------------

static bool is_form_of(const HotFunction *hot, const ProgramFunction *function)
{
    return hot->defined == function->line && strcmp(hot->name, function->name) == 0 &&
           strcmp(hot->file, function->file) == 0;
}

static HotFunction *hot_function(Finder *finder, const ProgramFunction *function)
{
    for (int i = 0; i < finder->hottest->functions.count; i++)
        if (is_form_of(&finder->hottest->functions.items[i], function))
            return &finder->hottest->functions.items[i];
    HotFunction hot = {.name = function->name,
                       .file = function->file,
                       .defined = function->line,
                       .is_library = function->is_library};
    VEC_PUSH(finder->arena, finder->hottest->functions, hot);
    return &finder->hottest->functions.items[finder->hottest->functions.count - 1];
}

static void count_line(Finder *finder, HotFunction *hot, int line)
{
    for (int i = 0; i < hot->lines.count; i++) {
        if (hot->lines.items[i].line != line) continue;
        hot->lines.items[i].samples++;
        return;
    }
    HotLine fresh = {line, 1};
    VEC_PUSH(finder->arena, hot->lines, fresh);
}

static void count_sample(Finder *finder, const StackSample *sample)
{
    for (int i = 0; i < sample->depth; i++) {
        const Place *place = place_of(finder, sample->addresses[i]);
        if (!place || !place->function) continue;
        HotFunction *hot = hot_function(finder, place->function);
        hot->samples++;
        count_line(finder, hot, place->line);
        return;
    }
}

static int by_samples(const void *a, const void *b)
{
    const HotFunction *first = a, *second = b;
    if (first->samples != second->samples) return first->samples < second->samples ? 1 : -1;
    return strcmp(first->name, second->name);
}

static void find_hottest_line(HotFunction *hot)
{
    for (int i = 0; i < hot->lines.count; i++)
        if (hot->lines.items[i].samples > hot->hottest.samples) hot->hottest = hot->lines.items[i];
}

void bench_find_functions(const MeasuredProgram *program, const Report *report, Arena *arena,
                          Hottest *hottest)
{
    Finder finder = {.program = program, .arena = arena, .hottest = hottest};
    *hottest = (Hottest){.samples = report->stacks.count};
    collect_places(&finder, report);
    hottest->is_known = ask_all(&finder);
    if (!hottest->is_known) return;
    for (int i = 0; i < report->stacks.count; i++)
        count_sample(&finder, &report->stacks.items[i]);
    for (int i = 0; i < hottest->functions.count; i++)
        find_hottest_line(&hottest->functions.items[i]);
    if (hottest->functions.count)
        qsort(hottest->functions.items, (size_t)hottest->functions.count,
              sizeof *hottest->functions.items, by_samples);
}

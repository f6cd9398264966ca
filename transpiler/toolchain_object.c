// Placing an object file of the system's C compiler beside a program that libtcc compiled, again
// with libtcc, which loads such files too. What the object leaves open is data of the program, by
// number (`shared_7`), the runtime, or in some library of this process.

#include "toolchain.h"

#include <dlfcn.h>
#include <elf.h>
#include <libtcc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "prelude.h"
#include "runtime/program.h"

static const char shared_prefix[] = "shared_";

// Where the name is that the object asks for; NULL: nowhere.
static const void *find_address(const char *name, const LoadedTier *first)
{
    size_t prefix = sizeof shared_prefix - 1;
    if (strncmp(name, shared_prefix, prefix) == 0) {
        int64_t index = strtol(name + prefix, NULL, 10);
        return index < first->shared_count ? first->shared[index] : NULL;
    }
    const RuntimeSymbol *symbol = prelude_symbol(name);
    return symbol ? symbol->address : dlsym(RTLD_DEFAULT, name);
}

static bool add_symbols(TCCState *state, const char *bytes, const Elf64_Shdr *symbols,
                        const char *names, const LoadedTier *first)
{
    const Elf64_Sym *table = (const Elf64_Sym *)(const void *)(bytes + symbols->sh_offset);
    for (size_t i = 1; i < symbols->sh_size / sizeof *table; i++) {
        const char *name = names + table[i].st_name;
        if (table[i].st_shndx != SHN_UNDEF || !*name) continue;
        const void *address = find_address(name, first);
        if (!address && strcmp(name, "_GLOBAL_OFFSET_TABLE_") != 0) return false;
        if (address) tcc_add_symbol(state, name, address);
    }
    return true;
}

// Gives libtcc the addresses of what the object names and does not have.
static bool resolve(TCCState *state, const char *bytes, size_t size, const LoadedTier *first)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)bytes;
    if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return false;
    if (header->e_shoff + header->e_shnum * sizeof(Elf64_Shdr) > size) return false;
    const Elf64_Shdr *sections = (const Elf64_Shdr *)(const void *)(bytes + header->e_shoff);
    for (int i = 0; i < header->e_shnum; i++) {
        if (sections[i].sh_type != SHT_SYMTAB) continue;
        const char *names = bytes + sections[sections[i].sh_link].sh_offset;
        return add_symbols(state, bytes, &sections[i], names, first);
    }
    return false;
}

// libtcc reads objects from files: this one has no name in any folder.
static bool add_object(TCCState *state, const char *bytes, size_t size)
{
    int file = memfd_create("tombo", MFD_CLOEXEC);
    if (file < 0) return false;
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    bool is_added = write(file, bytes, size) == (ssize_t)size && tcc_add_file(state, path) == 0;
    close(file);
    return is_added;
}

static void drop_complaint(void *nothing, const char *text)
{
    (void)nothing;
    (void)text;
}

static bool place(TCCState *state, LoadedObject *loaded)
{
    int size = tcc_relocate(state, NULL);
    if (size <= 0) return false;
    loaded->size = (size_t)size;
    loaded->code = mmap(NULL, loaded->size, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (loaded->code == MAP_FAILED || tcc_relocate(state, loaded->code) != 0) return false;
    loaded->tier = tcc_get_symbol(state, "tb_main_tier");
    return loaded->tier != NULL;
}

bool toolchain_load_object(const void *bytes, size_t size, const LoadedTier *first,
                           LoadedObject *loaded)
{
    TCCState *state = tcc_new();
    if (!state) return false;
    tcc_set_error_func(state, NULL, drop_complaint);
    tcc_set_options(state, "-nostdlib -nostdinc -xb"); // b: what follows is binary
    tcc_set_output_type(state, TCC_OUTPUT_MEMORY);
    bool is_placed = add_object(state, bytes, size) && resolve(state, bytes, size, first) &&
                     place(state, loaded);
    tcc_delete(state);
    return is_placed && loaded->tier->code_count == first->code_count &&
           loaded->tier->shared_count == first->shared_count;
}

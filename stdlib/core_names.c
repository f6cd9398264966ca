// The names of the library, for `dir()`: a file of its own, so that only programs that ask for them
// carry them.
#include "tombo.h"

#include "build/stdlib/core.h"

static const char *const names[] = {
#define NAME(name) name,
#include "build/stdlib/names.def"
};

tb_list *tb_core_names(void)
{
    tb_list *list = tb_list_new(0);
    for (size_t i = 0; list && i < sizeof names / sizeof *names; i++) {
        tb_str *name = tb_str_from_c(names[i]);
        if (!name || tb_list_push(list, TB_OBJECT(name)) < 0) return NULL;
    }
    return list;
}

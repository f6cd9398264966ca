// What the Makefile generates into the executable.
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include <stddef.h>

// The runtime's header, preprocessed for libtcc.
extern const char prelude_text[];

// A declaration or macro in it, up to where the next piece starts.
typedef struct PreludePiece {
    int start;
    int is_basic; // declares no name of ours (`typedef long int64_t;`): always wanted
} PreludePiece;

// One more than prelude_piece_count, in the order of the text.
extern const PreludePiece prelude_pieces[];
extern const int prelude_piece_count;

// A name, and a piece that declares it; a struct that is declared and defined has two rows.
typedef struct PreludeName {
    const char *name;
    int piece;
} PreludeName;

// Sorted by name.
extern const PreludeName prelude_names[];
extern const int prelude_name_count;

// The texts of templates/.
extern const char template_program[];
extern const char template_memory[];
extern const char template_tier[];

// Those of templates/memory/.
extern const char scenario_hello[], scenario_library[], scenario_functions[], scenario_variables[],
    scenario_list_of_ints[], scenario_list_of_floats[], scenario_list_of_bools[],
    scenario_strings[], scenario_dict_entries[], scenario_set_items[], scenario_tuples[],
    scenario_instances[], scenario_closures[], scenario_cycles[];

// A name such programs can refer to, and where it is.
typedef struct RuntimeSymbol {
    const char *name;
    const void *address;
} RuntimeSymbol;

// Sorted by name.
extern const RuntimeSymbol runtime_symbols[];
extern const int runtime_symbol_count;

#endif

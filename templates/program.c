/* $SOURCE, compiled by Tombo $VERSION */
#include "tombo.h"
$HEADERS

$DECLARATIONS
$FUNCTIONS
$SOURCES
static int start_(void)
{
$CONSTANTS
    return $START();
}

const tb_program tb_main_program = {$PATH, start_, sources_, $MODULE_COUNT};

int main(int argc, char **argv)
{
    return $RUN(&tb_main_program, argc, argv);
}

/* $SOURCE, compiled by Tombo $VERSION */
$DECLARATIONS
$FUNCTIONS
$SOURCES
$TIER
static int start_(void)
{
$CONSTANTS
    return $START();
}

const tb_program tb_main_program = {$PATH, start_, sources_, $MODULE_COUNT};

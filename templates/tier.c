/* $SOURCE, compiled by Tombo $VERSION to take over while it runs */
#include "tombo.h"

$DECLARATIONS
$FUNCTIONS
$TIER

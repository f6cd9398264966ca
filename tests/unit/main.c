// Runs the unit tests. Every tests/unit/test_AREA.c defines `Suite *AREA_suite(void)`; the Makefile lists them all.
//
// Each test runs in a process of its own; CK_FORK=no keeps them in this one, for a debugger, and CK_RUN_SUITE=AREA
// runs one suite.

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define SUITE(area) Suite *area##_suite(void);
#include "unit_suites.def"
#undef SUITE

int main(void)
{
    SRunner *runner = srunner_create(NULL);
#define SUITE(area) srunner_add_suite(runner, area##_suite());
#include "unit_suites.def"
#undef SUITE
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    printf("unit: %d passed, %d failed\n", srunner_ntests_run(runner) - failed, failed);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

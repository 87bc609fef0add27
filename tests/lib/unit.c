/* SPDX-License-Identifier: Apache-2.0
 * The shared main of the CUnit programs. */
#include "unit.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

int unit_main(const char *suite, const struct unit_test *tests)
{
    unsigned failed;
    CU_pSuite s;

    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    s = CU_add_suite(suite, NULL, NULL);
    if (!s)
        return 2;
    for (; tests->name; tests++)
        if (!CU_add_test(s, tests->name, tests->run))
            return 2;
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}

void unit_check(bool ok, const char *file, int line, const char *fmt, ...)
{
    char text[500];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    CU_assertImplementation(ok, (unsigned)line, text, file, "", CU_FALSE);
}

void unit_near(
        double got, double want, double rel, const char *name, const char *file,
        int line)
{
    double room = fabs(want) > 0 ? rel * fabs(want) : rel;
    bool ok = (isnan(got) && isnan(want)) || fabs(got - want) <= room;

    unit_check(ok, file, line, "%s: got %.12g, want %.12g", name, got, want);
}

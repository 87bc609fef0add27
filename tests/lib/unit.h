/* SPDX-License-Identifier: Apache-2.0
 * What every CUnit program shares: one table of tests and one main. */
#ifndef TESTS_LIB_UNIT_H
#define TESTS_LIB_UNIT_H

#include <CUnit/Basic.h>
#include <stdbool.h>

struct unit_test {
    const char *name;
    void (*run)(void);
};

/* Runs the table up to a NULL name, prints failures with their case names;
 * exit status for main. */
int unit_main(const char *suite, const struct unit_test *tests);

/* Fails the running test with the case named: for tables of cases. */
void unit_check(bool ok, const char *file, int line, const char *fmt, ...)
        __attribute__((format(printf, 4, 5)));
#define UNIT_CHECK(ok, ...) unit_check(ok, __FILE__, __LINE__, __VA_ARGS__)
/* got within rel * |want| (absolute rel when want is 0); NAN equals NAN. */
void unit_near(
        double got, double want, double rel, const char *name, const char *file,
        int line);
#define UNIT_NEAR(got, want, rel, name)                                        \
    unit_near(got, want, rel, name, __FILE__, __LINE__)

#endif

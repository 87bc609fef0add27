/* SPDX-License-Identifier: Apache-2.0
 * Answers with nothing in them, systems that count in their own way, and what
 * stands beside or before Redfish, each in a small file of our own. */
#include <math.h>

#include "importers_sink.h"
#include "unit.h"

enum { U = -1 }; /* unknown */

struct rare {
    const char *name, *file, *text;
    size_t machines;
    int sockets, cores;
    double ram_gib;
    int gpus;
    const char *cpu, *maker; /* NULL: none */
    const char *warning;     /* NULL: not asked */
};

static int units(const struct wire_machine *m, enum calc_kind kind)
{
    return (m->unknown_kinds >> kind) & 1 ? U : (int)kept_units(m, kind);
}

static double ram(const struct wire_machine *m)
{
    double gib = (m->unknown_kinds >> CALC_RAM) & 1 ? NAN : 0;

    for (size_t i = 0; i < m->n_parts; i++)
        if (m->parts[i].kind == CALC_RAM)
            gib += m->parts[i].capacity * m->parts[i].units;
    return gib;
}

static bool warned(const struct kept *k, const char *word)
{
    for (size_t i = 0; i < k->n_warnings; i++)
        if (strstr(k->warnings[i], word))
            return true;
    return false;
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check_first(const struct kept *k, const struct rare *r)
{
    const struct wire_machine *m = &k->machines[0];
    const struct wire_part *cpu =
            kept_units(m, CALC_CPU) > 0 ? kept_part(m, CALC_CPU, 0) : NULL;

    UNIT_CHECK(
            m->cpu_count == r->sockets && m->cpu_cores == r->cores,
            "%s: %d sockets, %d cores", r->name, m->cpu_count, m->cpu_cores);
    if (isnan(r->ram_gib))
        UNIT_CHECK(isnan(ram(m)), "%s: %g GiB", r->name, ram(m));
    else
        UNIT_NEAR(ram(m), r->ram_gib, 1e-9, r->name);
    UNIT_CHECK(
            units(m, CALC_GPU) == r->gpus, "%s: %d GPU", r->name,
            units(m, CALC_GPU));
    UNIT_CHECK(
            same(cpu ? cpu->model : NULL, r->cpu), "%s: CPU %s", r->name,
            cpu && cpu->model ? cpu->model : "none");
    UNIT_CHECK(
            same(m->manufacturer, r->maker), "%s: maker %s", r->name,
            m->manufacturer ? m->manufacturer : "none");
}

static void run(const struct rare *all, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        struct err err = {0};
        bool ok = imp_read(
                kept_file(all[i].file, all[i].text), NULL, &sink, NULL, &err);

        UNIT_CHECK(ok, "%s: %s", all[i].name, err.msg);
        UNIT_CHECK(
                k->n_machines == all[i].machines && k->n_rejects == 0,
                "%s: %zu machines, %zu refused", all[i].name, k->n_machines,
                k->n_rejects);
        if (all[i].warning)
            UNIT_CHECK(
                    warned(k, all[i].warning), "%s: no warning '%s'",
                    all[i].name, all[i].warning);
        if (k->n_machines > 0)
            check_first(k, &all[i]);
        kept_free(k);
    }
}

#define RUN(all) run(all, sizeof(all) / sizeof *(all))

static void test_empty(void)
{
    static const struct rare all[] = {
            {"no assets", "a.json", "{\"total\":0,\"rows\":[]}", 0, U, U, NAN,
             U, NULL, NULL, "no assets"},
            {"no devices", "d.json",
             "{\"count\": 0, \"next\": null,\n \"results\" : [ ]}\n", 0, U, U,
             NAN, U, NULL, NULL, "no devices"},
            {"no nodes", "n.json", "{\"meta\":{},\"errors\":[],\"nodes\":[\n]}",
             0, U, U, NAN, U, NULL, NULL, "no nodes"},
    };
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    RUN(all);
    CU_ASSERT_FALSE(imp_read(
            kept_file("x.json", "{\"total\":1,\"rows\":[3"), NULL, &sink, NULL,
            &err));
    kept_free(k);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"nothing in an answer", test_empty},
            {NULL, NULL},
    };

    return unit_main("importers_json_rare", tests);
}

/* SPDX-License-Identifier: Apache-2.0
 * Assesses units read from standard input with the embedded sets and prints
 * figures with 17 digits, for assess.py. One unit a line:
 *   category chassis year sockets cores unknown|kind;units;capacity;total;
 *   cores;die;mass;density;model|...
 * words as on the command line, "nan" and -1 for unknown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "factors/factors.h"

enum { LINE_BYTES = 65536, PARTS = 64 };

/* Cuts *text at the next `end`; the piece before it. */
static char *cut(char **text, char end)
{
    char *piece = *text, *at = piece ? strchr(piece, end) : NULL;

    if (at)
        *at++ = '\0';
    *text = at;
    return piece ? piece : "";
}

static double number(const char *word)
{
    double v = NAN;

    num_parse(word, strlen(word), NUM_POINT, &v, NULL);
    return v;
}

static void part_read(
        const struct fac_pack *p, char *text, struct fac_part *out,
        struct fac_use *use)
{
    struct fac_part_desc d = {.gpu_memory_gb = NAN};

    CHECK(calc_kind_from(cut(&text, ';'), &d.kind));
    *use = (struct fac_use){out, (uint32_t)number(cut(&text, ';'))};
    d.capacity = number(cut(&text, ';'));
    d.total = number(cut(&text, ';')) > 0;
    d.cores = (int)number(cut(&text, ';'));
    d.die_mm2 = number(cut(&text, ';'));
    d.mass_kg = number(cut(&text, ';'));
    d.density_gb_per_cm2 = number(cut(&text, ';'));
    d.model = cut(&text, ';');
    fac_part_resolve(p, &d, out);
}

static void print_assessment(const struct fac_assessment *a)
{
    double kind[CALC_KINDS] = {0};

    for (int i = 0; i < a->n_lines; i++)
        kind[a->lines[i].kind] += a->lines[i].kg[CALC_GWP];
    printf("%s %d %.17g", calc_approach_word(a->choice.approach),
           a->choice.rule, a->by[CALC_C].sigma);
    for (int c = 0; c < CALC_CRITERIA; c++)
        printf(" %.17g", a->by[CALC_C].kg[c]);
    printf(" %.17g", a->kg[CALC_GWP]);
    for (int k = 0; k < CALC_KINDS; k++)
        printf(" %.17g", kind[k]);
    putchar('\n');
}

static void unit_read(const struct fac_pack *p, char *line)
{
    static struct fac_part parts[PARTS];
    static struct fac_use uses[PARTS];
    struct fac_unit u = {.uses = uses, .stated_kg = NAN};
    struct fac_assessment a;
    char *head = cut(&line, '|');

    CHECK(calc_category_from(cut(&head, ' '), &u.category));
    if (!calc_chassis_from(cut(&head, ' '), &u.chassis))
        u.chassis = CALC_CHASSIS_UNKNOWN;
    u.year = (int)number(cut(&head, ' '));
    u.cpu_count = (int)number(cut(&head, ' '));
    u.cpu_cores = (int)number(cut(&head, ' '));
    u.unknown_kinds = (uint32_t)number(cut(&head, ' '));
    while (line && *line) {
        CHECK(u.n_uses < PARTS);
        part_read(p, cut(&line, '|'), &parts[u.n_uses], &uses[u.n_uses]);
        u.n_uses++;
    }
    fac_assess(p, &u, &a);
    print_assessment(&a);
}

int main(void)
{
    static char line[LINE_BYTES];
    struct fac_pack *p;
    struct err err = {0};

    if (!fac_pack_load(NULL, &p, &err)) {
        fprintf(stderr, "%s: %s\n", err.where, err.msg);
        return 1;
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        unit_read(p, line);
    }
    fac_pack_free(p);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 * Runs the model on lines "function number number ..." of standard input and
 * prints the results with 17 digits, for compare.py. "nan" is an unknown
 * number, lists are preceded by their length. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/num.h"
#include "model/model.h"

enum { LINE_MAX_BYTES = 65536, ARGS_MAX = 2048, LIST_MAX = 512 };

struct args {
    double v[ARGS_MAX];
    size_t n, i;
};

static double next(struct args *a)
{
    CHECK(a->i < a->n);
    return a->v[a->i++];
}

static int next_int(struct args *a)
{
    return (int)next(a);
}

static size_t next_list(struct args *a, double list[LIST_MAX], size_t n)
{
    CHECK(n <= LIST_MAX);
    for (size_t i = 0; i < n; i++)
        list[i] = next(a);
    return n;
}

static void print(double v)
{
    if (isnan(v))
        printf("nan ");
    else
        printf("%.17g ", v);
}

static void print_q(struct calc_q q)
{
    print(q.value);
    print(q.low);
    print(q.high);
}

static void print_list(const double *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        print(list[i]);
}

/* ---- embodied ----------------------------------------------------------- */

static void run_affine(struct args *a)
{
    struct calc_affine f;
    double x, units, out[CALC_CRITERIA];

    for (int c = 0; c < CALC_CRITERIA; c++)
        f.base[c] = next(a);
    for (int c = 0; c < CALC_CRITERIA; c++)
        f.slope[c] = next(a);
    x = next(a);
    units = next(a);
    calc_affine_at(&f, x, units, out);
    print_list(out, CALC_CRITERIA);
}

static void run_effective(struct args *a)
{
    print(calc_effective_mm2(next(a)));
}

static void run_vram(struct args *a)
{
    double gb = next(a), dies = next(a);

    print(calc_vram_effective_mm2(gb, dies));
}

static void run_gpu(struct args *a)
{
    struct calc_gpu_factors f = {0};
    struct calc_gpu_card c = {0};
    struct calc_gpu_split s = {0};
    double *factors[] = {f.casing,   f.sink, f.board, f.die,   f.vram,
                         f.upstream, f.boat, f.truck, f.plane, f.end_of_life};
    double *fields[] = {&c.casing_kg,   &c.sink_kg, &c.board_cm2, &c.mass_kg,
                        &c.die_eff_mm2, &c.vram_gb, &c.vram_dies, &c.boat_km,
                        &c.truck_km,    &c.plane_km};
    double out[CALC_CRITERIA];

    for (int i = 0; i < 10; i++)
        factors[i][CALC_GWP] = next(a);
    for (int i = 0; i < 10; i++)
        *fields[i] = next(a);
    calc_gpu(&f, &c, out, &s);
    print(out[CALC_GWP]);
    print_list(
            (double[]){
                    s.casing_kg, s.sink_kg, s.board_kg, s.die_kg, s.vram_kg,
                    s.upstream_kg, s.boat_kg, s.truck_kg, s.plane_kg, s.eol_kg,
                    s.vram_eff_mm2},
            11);
}

static void run_act(struct args *a)
{
    struct calc_act_logic l = {0};

    l.ci_g_per_kwh = next(a);
    l.epa_kwh_per_cm2 = next(a);
    l.gpa_g_per_cm2 = next(a);
    l.mpa_g_per_cm2 = next(a);
    l.yield = next(a);
    l.package_g = next(a);
    print(calc_act_cpa_g_per_cm2(&l));
    print(calc_act_chip_kg(&l, next(a)));
}

static void run_pcf(struct args *a)
{
    double total = next(a), use = next(a);

    print(calc_pcf_nonuse_kg(total, use));
}

static void run_fit(struct args *a)
{
    double x[LIST_MAX], y[LIST_MAX], at = NAN, slope = NAN;
    size_t n = next_list(a, x, (size_t)next_int(a));

    next_list(a, y, n);
    print(calc_fit_line(x, y, n, &at, &slope));
    print(at);
    print(slope);
}

static void run_discrepancy(struct args *a)
{
    double x = next(a), y = next(a), z = next(a);

    print(calc_discrepancy(x, y, z));
}

static void run_split(struct args *a)
{
    double whole = next(a), kg[LIST_MAX], rest = NAN;
    size_t n = next_list(a, kg, (size_t)next_int(a));

    calc_split_whole(whole, kg, n, &rest);
    print(rest);
    print_list(kg, n);
}

static void run_choose(struct args *a)
{
    struct calc_choice_in in = {0};
    struct calc_choice c;

    in.category = (enum calc_category)next_int(a);
    in.chassis = (enum calc_chassis)next_int(a);
    in.stated = next_int(a);
    in.has_a = next_int(a);
    in.has_b = next_int(a);
    in.has_c = next_int(a);
    in.c_complete = next_int(a);
    in.anything_known = next_int(a);
    c = calc_choose(&in);
    print(c.approach);
    print(c.rule);
    print(c.unknown_model);
}

/* ---- allocation and lives ----------------------------------------------- */

static void run_share(struct args *a)
{
    enum calc_rule rule = (enum calc_rule)next_int(a);
    struct calc_share_in in = {0};

    in.acquisition = (enum calc_acquisition)next_int(a);
    in.age_y = next(a);
    in.lref_y = next(a);
    in.l2_y = next(a);
    in.price_paid = next(a);
    in.price_new = next(a);
    in.db_per_y = next(a);
    in.work_left_frac = next(a);
    in.cff_a = next(a);
    in.cff_q = next(a);
    print(calc_share(rule, &in));
}

static void run_own(struct args *a)
{
    double f = next(a), e0 = next(a), r = next(a), t = next(a), x = next(a);

    print(calc_own_kg(f, e0, r, t, x, next_int(a)));
}

static void run_transport(struct args *a)
{
    double kg = next(a), km = next(a), factor = next(a);

    print(calc_transport_kg(kg, km, factor));
}

static void run_avoided(struct args *a)
{
    double v[LIST_MAX];

    next_list(a, v, 7);
    print(calc_avoided_kg(v[0], v[1], v[2], v[3], v[4], v[5], v[6]));
}

static void run_life(struct args *a)
{
    enum calc_category c = (enum calc_category)next_int(a);

    print(calc_reference_life_y(c, (enum calc_kind)next_int(a)));
}

static void run_booking(struct args *a)
{
    double lref = next(a), age = next(a);

    print(calc_booking_life_y(lref, age, next_int(a)));
}

static void run_charge(struct args *a)
{
    double ea = next(a);
    int s = next_int(a), e = next_int(a), from = next_int(a), to = next_int(a);

    print(calc_charge_kg(ea, s, e, from, to));
    print(calc_net_kg(ea, s, e, from));
}

/* ea, start year month day, life, first and last year: the end day and each
 * year's charge. */
static void run_schedule(struct args *a)
{
    double ea = next(a), life_y;
    struct date d = {0};
    int32_t start, end;
    int first, last;

    d.year = (int16_t)next_int(a);
    d.month = (uint8_t)next_int(a);
    d.day = (uint8_t)next_int(a);
    life_y = next(a);
    first = next_int(a);
    last = next_int(a);
    start = date_days(d);
    end = date_days_add_life(start, life_y);
    print(end);
    for (int y = first; y <= last; y++)
        print(calc_charge_kg(
                ea, start, end, date_days((struct date){(int16_t)y, 1, 1}),
                date_days((struct date){(int16_t)(y + 1), 1, 1})));
}

static void run_sci(struct args *a)
{
    double te = next(a), tir = next(a), el = next(a), rs = next(a);

    print(calc_sci_m_g(te, tir, el, rs));
}

static void run_payback(struct args *a)
{
    double d = next(a), saved = next(a);

    print(calc_payback_y(d, saved));
}

/* ---- operation ---------------------------------------------------------- */

static void run_curves(struct args *a)
{
    double idle = next(a), max = next(a), tdp = next(a), u = next(a);

    print(calc_power_linear_w(idle, max, u));
    print(calc_power_fan_w(idle, max, u));
    print(calc_power_tdp_w(tdp, u));
}

static void run_spec(struct args *a)
{
    double watts[LIST_MAX];

    next_list(a, watts, 11);
    print(calc_power_spec_w(watts, next(a)));
}

static void run_log(struct args *a)
{
    double v[LIST_MAX];

    next_list(a, v, 5);
    print(calc_power_log_w(v[0], v[1], v[2], v[3], v[4]));
}

static void run_ram(struct args *a)
{
    double slots = next(a), gb = next(a);
    int ddr3 = next_int(a);

    print(calc_power_ram_w(gb));
    print(calc_power_ram_ea2p_w(slots, gb, ddr3, next(a)));
}

static void run_node(struct args *a)
{
    double cpu = next(a), ram = next(a), gpu = next(a), rest = next(a);

    print(calc_power_node_w(cpu, ram));
    print(calc_wall_w(cpu, gpu, rest, next(a)));
}

static void run_operation(struct args *a)
{
    double watts = next(a), hours = next(a), g = next(a);
    double kwh = calc_energy_kwh(watts, hours);

    print(kwh);
    print(calc_operation_kg(kwh, g));
}

/* uJ as two halves of 15 digits, exact in doubles. */
static void run_uj(struct args *a)
{
    num_i128 high = (num_i128)next(a), low = (num_i128)next(a);

    print(calc_uj_to_kwh(high * 1000000000000000 + low));
}

static void run_hourly(struct args *a)
{
    double kwh[LIST_MAX], g[LIST_MAX], year_g = next(a);
    size_t n = next_list(a, kwh, (size_t)next_int(a));
    struct calc_hourly h;

    next_list(a, g, n);
    h = calc_operation_hourly(kwh, g, n, year_g);
    print(h.hourly_kg);
    print(h.static_kg);
    print(h.level_kg);
    print(h.covariance_kg);
    print(h.load_weighted_g_per_kwh);
}

static void run_market(struct args *a)
{
    struct calc_instrument list[LIST_MAX];
    double dc = next(a), residual = next(a);
    size_t n = (size_t)next_int(a);

    CHECK(n <= LIST_MAX);
    for (size_t i = 0; i < n; i++) {
        list[i].kwh = next(a);
        list[i].g_per_kwh = next(a);
    }
    print(calc_market_kg(dc, list, n, residual));
}

static void run_tier(struct args *a)
{
    print(calc_tier_gsd((enum calc_tier)next_int(a)));
}

/* ---- uncertainty -------------------------------------------------------- */

static void run_interval(struct args *a)
{
    double mean = next(a), sigma = next(a);

    print_q(calc_interval(mean, sigma));
}

static void run_variance(struct args *a)
{
    double sigma = next(a);

    print(calc_rel_var(sigma));
    print(calc_sigma_of_rel_var(sigma));
    print(calc_gsd_of_rel_sd(sigma));
}

static void run_range(struct args *a)
{
    double lo = next(a), hi = next(a), point = next(a);

    print(calc_range_sigma(lo, hi, &point));
    print(point);
}

static void run_pedigree(struct args *a)
{
    int scores[5];

    for (int i = 0; i < 5; i++)
        scores[i] = next_int(a);
    print(calc_pedigree_gsd(scores, next(a)));
}

static void run_ratio(struct args *a)
{
    double num = next(a), num_sigma = next(a), den = next(a);

    print_q(calc_ratio(num, num_sigma, den, next(a)));
}

static void run_product(struct args *a)
{
    double list[LIST_MAX];
    size_t n = next_list(a, list, (size_t)next_int(a));

    print(calc_product_sigma(list, n));
}

static void run_normal(struct args *a)
{
    double mean = next(a), sd = next(a);

    print(calc_normal_p(mean, sd));
}

/* n lines of weight, kg, own variance, and two (id, sd); an id of -1 is none.
 * Every other line goes to a second total, merged at the end. */
static void run_total(struct args *a)
{
    struct calc_total t[2] = {{0}};
    int n = next_int(a);

    for (int i = 0; i < n; i++) {
        struct calc_line line = {.kind = CALC_OTHER};
        double weight = next(a);

        line.kg[CALC_GWP] = next(a);
        line.own_var_kg2 = next(a);
        for (int s = 0; s < 2; s++) {
            int id = next_int(a);
            double sd = next(a);

            if (id < 0)
                continue;
            line.shared[line.n_shared].id = id;
            line.shared[line.n_shared++].sd_kg = sd;
        }
        calc_total_add(&t[i % 2], &line, weight);
    }
    calc_total_merge(&t[0], &t[1]);
    print(calc_total_var(&t[0]));
    print(calc_total_sigma(&t[0]));
    print_q(calc_total_q(&t[0]));
    calc_total_clear(&t[0]);
    calc_total_clear(&t[1]);
}

static void run_grade(struct args *a)
{
    print(calc_grade(next(a)));
}

/* ---- tables ------------------------------------------------------------- */

static void run_round(struct args *a)
{
    double unit = next(a), v[LIST_MAX] = {0}, shown[LIST_MAX];
    size_t n = next_list(a, v, (size_t)next_int(a));

    calc_round_shown(v, n, unit, shown);
    print_list(shown, n);
}

static void run_same(struct args *a)
{
    double x = next(a), y = next(a);

    print(calc_same(x, y));
}

static void run_reuse(struct args *a)
{
    double given = next(a), retired = next(a);

    print(calc_reuse_rate(given, retired));
}

static const struct {
    const char *name;
    void (*run)(struct args *a);
} functions[] = {
        {"affine", run_affine},
        {"effective", run_effective},
        {"vram", run_vram},
        {"gpu", run_gpu},
        {"act", run_act},
        {"pcf", run_pcf},
        {"fit", run_fit},
        {"discrepancy", run_discrepancy},
        {"split", run_split},
        {"choose", run_choose},
        {"share", run_share},
        {"own", run_own},
        {"transport", run_transport},
        {"avoided", run_avoided},
        {"life", run_life},
        {"booking", run_booking},
        {"charge", run_charge},
        {"schedule", run_schedule},
        {"sci", run_sci},
        {"payback", run_payback},
        {"curves", run_curves},
        {"spec", run_spec},
        {"log", run_log},
        {"ram", run_ram},
        {"node", run_node},
        {"operation", run_operation},
        {"uj", run_uj},
        {"hourly", run_hourly},
        {"market", run_market},
        {"tier", run_tier},
        {"interval", run_interval},
        {"variance", run_variance},
        {"range", run_range},
        {"pedigree", run_pedigree},
        {"ratio", run_ratio},
        {"product", run_product},
        {"normal", run_normal},
        {"total", run_total},
        {"grade", run_grade},
        {"round", run_round},
        {"same", run_same},
        {"reuse", run_reuse},
};

static bool read_args(char *rest, struct args *a)
{
    struct err err = {0};

    a->n = a->i = 0;
    for (char *word = rest; *word; a->n++) {
        size_t len = strcspn(word, " ");

        if (a->n == ARGS_MAX)
            return false;
        if (len == 3 && memcmp(word, "nan", 3) == 0)
            a->v[a->n] = NAN;
        else if (!num_parse(word, len, NUM_POINT, &a->v[a->n], &err))
            return false;
        word += len;
        word += strspn(word, " ");
    }
    return true;
}

static bool run_line(char *line, struct args *a)
{
    char *rest = strchr(line, ' ');

    if (!rest)
        return false;
    *rest++ = '\0';
    if (!read_args(rest, a))
        return false;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strcmp(functions[i].name, line) == 0) {
            functions[i].run(a);
            printf("\n");
            return a->i == a->n;
        }
    return false;
}

int main(void)
{
    static char line[LINE_MAX_BYTES];
    static struct args args;

    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (!run_line(line, &args)) {
            fprintf(stderr, "cannot run '%.60s'\n", line);
            return 1;
        }
    }
    return 0;
}

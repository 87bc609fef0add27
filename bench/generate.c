/* SPDX-License-Identifier: Apache-2.0
 * A made-up fleet, the same in every run: what a mixed computing centre holds.
 */
#include "bench.h"

static const struct {
    const char *maker, *model, *cpu;
    int cores, year;
} boxes[] = {
        {"Dell Inc.", "PowerEdge R640",
         "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", 16, 2018},
        {"Dell Inc.", "PowerEdge R730",
         "Intel(R) Xeon(R) CPU E5-2650 v4 @ 2.20GHz", 12, 2016},
        {"HPE", "ProLiant DL380 Gen10",
         "Intel(R) Xeon(R) Silver 4114 CPU @ 2.20GHz", 10, 2018},
        {"Supermicro", "SYS-6028R", "Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz",
         6, 2015},
        {"Dell Inc.", "PowerEdge R7525", "AMD EPYC 7452 32-Core Processor", 32,
         2021},
        {"Gigabyte", "R282-Z90", "AMD EPYC 7513 32-Core Processor", 32, 2022},
        {"Dell Inc.", "PowerEdge R630",
         "Intel(R) Xeon(R) CPU E5-2630 v4 @ 2.20GHz", 10, 2016},
        {"Lenovo", "ThinkSystem SR650",
         "Intel(R) Xeon(R) Gold 6240R CPU @ 2.40GHz", 24, 2020},
};
static const char *const gpus[] = {
        "GeForce RTX 2080 Ti", "Tesla T4",   "NVIDIA A100-SXM4-40GB",
        "GeForce GTX 1080 Ti", "NVIDIA A40", "Tesla V100-PCIE-32GB"};
static const char *const acquisitions[] = {"new", "second_hand", "donated"};
static const char *const statuses[] = {
        "in_service", "in_service", "in_service", "in_service", "spare"};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static uint64_t mix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u); /* splitmix64 */

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int pick(uint64_t *state, int low, int high)
{
    return low + (int)(mix(state) % (uint64_t)(high - low + 1));
}

void gen_machine(uint64_t i, struct gen_machine *m)
{
    uint64_t s = i * 2 + 1;
    size_t box = (size_t)(mix(&s) % COUNT(boxes));
    int year = boxes[box].year + pick(&s, 0, 2), month = pick(&s, 1, 12);

    snprintf(m->tag, sizeof m->tag, "node-%07llu", (unsigned long long)i);
    snprintf(m->serial, sizeof m->serial, "SN%010llu", (unsigned long long)i);
    snprintf(
            m->date, sizeof m->date, "%04d-%02d-%02d", year, month,
            pick(&s, 1, 28));
    snprintf(m->warranty, sizeof m->warranty, "%04d-%02d", year + 3, month);
    m->maker = boxes[box].maker;
    m->model = boxes[box].model;
    m->cpu = boxes[box].cpu;
    m->cpus = pick(&s, 1, 2);
    m->cores = m->cpus * boxes[box].cores;
    m->ram_a = pick(&s, 1, 4) * 2;
    m->ram_a_gib = 16 << pick(&s, 0, 2);
    m->ram_b = pick(&s, 1, 4);
    m->ram_b_gib = 8;
    m->hdd_a = pick(&s, 1, 4);
    m->hdd_a_tb = pick(&s, 1, 4) * 2;
    m->hdd_b = pick(&s, 1, 8);
    m->hdd_b_tb = pick(&s, 5, 9) * 2;
    m->ssd = pick(&s, 1, 2);
    m->ssd_gb = 240 << pick(&s, 0, 3);
    m->gpu = gpus[mix(&s) % COUNT(gpus)];
    m->gpus = pick(&s, 1, 4);
    m->psus = pick(&s, 1, 2);
    m->power_w = pick(&s, 80, 900);
    m->acquisition = acquisitions[mix(&s) % COUNT(acquisitions)];
    m->status = statuses[mix(&s) % COUNT(statuses)];
}

bool gen_csv(const char *path, uint64_t n)
{
    FILE *f = fopen(path, "w");

    if (!f)
        return false;
    fputs("tag,category,manufacturer,model,serial,status,acquisition,"
          "manufactured_on,acquired_on,in_service_on,warranty_end,chassis,"
          "cpu_model,cpu_count,cpu_cores,ram_modules,hdd,ssd,gpu,psu_count,"
          "power_w\n",
          f);
    for (uint64_t i = 0; i < n; i++) {
        struct gen_machine m;

        gen_machine(i, &m);
        fprintf(f,
                "%s,server,%s,%s,%s,%s,%s,%s,%s,%s,%s,rack,%s,%d,%d,"
                "%dx%d+%dx%d,%dx%dTB+%dx%dTB,%dx%dGB,%dx %s,%d,%d\n",
                m.tag, m.maker, m.model, m.serial, m.status, m.acquisition,
                m.date, m.date, m.date, m.warranty, m.cpu, m.cpus, m.cores,
                m.ram_a, m.ram_a_gib, m.ram_b, m.ram_b_gib, m.hdd_a, m.hdd_a_tb,
                m.hdd_b, m.hdd_b_tb, m.ssd, m.ssd_gb, m.gpus, m.gpu, m.psus,
                m.power_w);
    }
    return fclose(f) == 0;
}

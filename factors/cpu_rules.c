/* SPDX-License-Identifier: Apache-2.0
 * Which generation a model number belongs to, by its shape, when the model has
 * no row of its own. First rule wins. A shape is here only where the generation
 * and so the die is sure: mobile suffixes, early server parts and custom parts
 * have none, and a name without a rule matches nothing. */
#include "factors/names_priv.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define DESKTOP "- k s t"         /* Sandy Bridge .. Haswell */
#define DESKTOP_F "- k kf f t ks" /* from Coffee Lake Refresh on */
#define RYZEN "- x xt x3d f"

#define SIX_P "Core i3/i5-12xxx (6P die)"
#define EIGHT_P "Core i5/i7/i9-12xxx (8P+8E die)"
#define RAPTOR "Core i7/i9-13xxx/14xxx"
#define APU "Ryzen 4xxxG/5xxxG APU"

static const struct fac_cpu_rule rules[] = {
        /* Xeon E7, E5, E3 by version */
        {"e7-[248]8##", 1, NULL, "westmere-ex", NULL, 0},
        {"e7-[248]8##", 2, NULL, "ivy-bridge-ex", NULL, 0},
        {"e7-[48]8##", 3, NULL, "haswell-ex", NULL, 0},
        {"e7-[48]8##", 4, NULL, "broadwell-ex", NULL, 0},
        {"e5-[124][46]##", 1, NULL, "sandy-bridge-ep", NULL, 0},
        {"e5-[124][46]##", 2, NULL, "ivy-bridge-ep", NULL, 0},
        {"e5-[124][46]##", 3, NULL, "haswell-ep", NULL, 0},
        {"e5-[124][46]##", 4, NULL, "broadwell-ep", NULL, 0},
        {"e3-12##", 1, "- l", NULL, "Xeon E3-12xx (Sandy Bridge)", 0},
        {"e3-12##", 2, "- l", NULL, "Xeon E3-12xx v2", 0},
        {"e3-12##", 3, "- l", NULL, "Xeon E3-12xx v3", 0},
        {"e3-12##", 4, "- l", NULL, "Core i5/i7-5xxxC", 0},
        {"e3-12##", 5, "- l", NULL, "Xeon E3-12xx v5", 0},
        {"e3-12##", 6, "-", NULL, "Xeon E3-12xx v6", 0},
        /* Xeon with a letter and four digits, 2009 to 2011 */
        {"[elwx]55##", 0, "-", "nehalem-ep", NULL, 0},
        {"w35##", 0, "-", "nehalem-ep", NULL, 0},
        {"[elx]56##", 0, "-", "westmere-ep", NULL, 0},
        {"w36##", 0, "-", "westmere-ep", NULL, 0},
        {"x34##", 0, "-", NULL, "Core i5/i7 750-8xx", 0},
        /* Xeon Scalable: the second digit is the generation */
        {"sp-[34568]1##", 0, NULL, "skylake-sp", NULL, 0},
        {"sp-[34568]2##", 0, NULL, "cascade-lake-sp", NULL, 0},
        {"sp-92##", 0, NULL, "cascade-lake-ap", NULL, 0},
        {"sp-[568]3##", 0, "h hl hc", "cooper-lake-sp", NULL, 0},
        {"sp-[4568]3##", 0, NULL, "ice-lake-sp", NULL, 0},
        {"max-94##", 0, "-", "sapphire-rapids-hbm", NULL, 0},
        {"sp-[34568]4##", 0, NULL, "sapphire-rapids", NULL, 0},
        {"sp-[34568]5##", 0, NULL, "emerald-rapids", NULL, 0},
        {"x6-69##p", 0, "- -c", "granite-rapids-ap", NULL, 0},
        {"x6-6[57]##p", 0, "-", "granite-rapids-sp", NULL, 0},
        {"x6-67##e", 0, "-", "sierra-forest-sp", NULL, 0},
        {"phi-72[1359]0", 0, "- f", NULL, "Xeon Phi 7210/7230/7250/7290", 0},
        /* Xeon D, E, W */
        {"d-15##", 0, "- n", "broadwell-de", NULL, 0},
        {"pd-d15##", 0, "-", "broadwell-de", NULL, 0},
        {"e-21#4", 0, "- g", NULL, "Xeon E-21xx 4-core", 0},
        {"e-21#6", 0, "- g", NULL, "Xeon E-21xx 6-core", 0},
        {"e-22#4", 0, "- g", "coffee-lake-s", NULL, 4},
        {"e-22#6", 0, "- g", "coffee-lake-s", NULL, 6},
        {"e-22#8", 0, "- g", NULL, "Xeon E-22xx 8-core", 0},
        {"e-23##", 0, "- g", NULL, "Xeon E-23xx", 0},
        {"e-24#8", 0, "- g", NULL, "Xeon E-24xx 8-core", 0},
        {"e-24#[46]", 0, "- g", NULL, SIX_P, 0},
        {"w-210#", 0, "-", NULL, "Xeon W-21xx (<=10 cores)", 0},
        {"w-21[2345]#", 0, "- b", NULL, "Xeon W-21xx (<=10 cores)", 0},
        {"w-21[79]#", 0, "- b", NULL, "Xeon W-21xx (14-18 cores)", 0},
        {"w-22[2345]#", 0, "-", NULL, "Xeon W-22xx (<=10 cores)", 0},
        {"w-22[679]#", 0, "-", NULL, "Xeon W-22xx (12-18 cores)", 0},
        {"w-32##", 0, "- m", NULL, "Xeon W-32xx", 0},
        {"w-33##", 0, "-", NULL, "Xeon W-33xx", 0},
        {"w-129#", 0, "- e p t te", NULL, "Xeon W-12xx 10-core", 0},
        {"w-12##", 0, "- e p t te", "comet-lake-w", NULL, 0},
        {"w-13##", 0, "- p", NULL, "Xeon E-23xx", 0},
        {"w[357]-24##", 0, "- x", NULL, "Xeon w5/w7-24xx", 0},
        {"w[579]-34##", 0, "- x", NULL, "Xeon w7/w9-34xx", 0},
        /* Core, three digits */
        {"i7-9[789]0", 0, "- x", NULL, "Core i7-980X/990X", 0},
        {"i7-9[234567][05]", 0, "- x", NULL, "Core i7-9xx", 0},
        {"i5-7[56]0", 0, "- s", NULL, "Core i5/i7 750-8xx", 0},
        {"i7-8[678][0135]", 0, "- k s", NULL, "Core i5/i7 750-8xx", 0},
        {"i3-5[3456]0", 0, "-", NULL, "Core i3/i5-5xx/6xx", 0},
        {"i5-6[5678][015]", 0, "- k", NULL, "Core i3/i5-5xx/6xx", 0},
        /* Core with sockets for servers' dies */
        {"i7-3820", 0, "-", "sandy-bridge-ep", NULL, 4},
        {"i7-39[3467]0", 0, "k x", NULL, "Core i7-39xx", 0},
        {"i7-4[89][236]0", 0, "k x", NULL, "Core i7-49xx", 0},
        {"i7-5[89][2346]0", 0, "k x", NULL, "Core i7-58xx/59xx", 0},
        {"i7-6[89][05]0", 0, "k x", NULL, "Core i7-68xx/69xx", 0},
        {"i7-78[02]0", 0, "x", NULL, "Core i7/i9-78xx..7900X", 0},
        {"i9-7900", 0, "x", NULL, "Core i7/i9-78xx..7900X", 0},
        {"i9-79[2468]0", 0, "x xe", NULL, "Core i9-7920X..7980XE", 0},
        {"i7-9800", 0, "x", "skylake-x", NULL, 0},
        {"i9-9[89][02468]0", 0, "x xe", "skylake-x", NULL, 0},
        {"i9-109[0248]0", 0, "x xe", NULL, "Core i9-109xxX", 0},
        /* Core for desktops */
        {"i3-2###", 0, "- t", NULL, "Core i3-2xxx", 0},
        {"i[57]-2###", 0, "- k s t p", NULL, "Core i5/i7-2xxx", 0},
        {"i3-3###", 0, "- t", NULL, "Core i3-3xxx", 0},
        {"i[57]-3[345]##", 0, "- k s t p", NULL, "Core i5/i7-3xxx", 0},
        {"i7-3770", 0, DESKTOP, NULL, "Core i5/i7-3xxx", 0},
        {"i3-4###", 0, "- t", NULL, "Core i3-4xxx", 0},
        {"i[57]-4[4567]##", 0, DESKTOP, NULL, "Core i5/i7-4xxx", 0},
        {"i[57]-5[67]75", 0, "c r", NULL, "Core i5/i7-5xxxC", 0},
        {"i3-6###", 0, "- t p", NULL, "Core i3-6xxx", 0},
        {"i[57]-6[4567]##", 0, "- k t p", NULL, "Core i5/i7-6xxx", 0},
        {"i[57]-7[67]40", 0, "x", NULL, "Core i5/i7-7xxx", 0},
        {"i[57]-7[4567]##", 0, "- k t", NULL, "Core i5/i7-7xxx", 0},
        {"i3-8###", 0, "- k t b", NULL, "Core i3-8xxx", 0},
        {"i[57]-8[04567]##", 0, "- k t b", NULL, "Core i5/i7-8xxx", 0},
        {"i3-9###", 0, DESKTOP_F, "coffee-lake-s", NULL, 4},
        {"i5-9###", 0, DESKTOP_F, "coffee-lake-s", NULL, 6},
        {"i[79]-9###", 0, DESKTOP_F, NULL, "Core i7/i9-9xxx", 0},
        {"i9-10###", 0, DESKTOP_F, NULL, "Core i9-10900K", 0},
        {"i[57]-10###", 0, DESKTOP_F, NULL, "Core i5/i7-10xxx", 0},
        {"i[579]-11###", 0, DESKTOP_F, NULL, "Core i5/i7/i9-11xxx", 0},
        {"i5-12600", 0, "k kf", NULL, EIGHT_P, 0},
        {"i[35]-12###", 0, "- f t", NULL, SIX_P, 0},
        {"i[79]-12###", 0, DESKTOP_F, NULL, EIGHT_P, 0},
        {"i5-1[34]600", 0, "k kf", NULL, RAPTOR, 0},
        {"i[79]-1[34]###", 0, DESKTOP_F, NULL, RAPTOR, 0},
        {"ultra-2[2345678]#", 0, "- k kf f t", NULL, "Core Ultra 200S", 0},
        /* EPYC: the fourth character is the generation */
        {"epyc-7??1", 0, "- p", "naples", NULL, 0},
        {"epyc-7??2", 0, "- p", "rome", NULL, 0},
        {"epyc-7??3", 0, "x", "milan-x", NULL, 0},
        {"epyc-7??3", 0, "- p", "milan", NULL, 0},
        {"epyc-97#4", 0, "- s", "bergamo", NULL, 0},
        {"epyc-9??4", 0, "- p f x", "genoa", NULL, 0},
        {"epyc-9??5", 0, "- p f", "turin", NULL, 0},
        {"epyc-8##4", 0, "- p pn", "siena", NULL, 0},
        {"epyc-4##4", 0, "p px", "raphael", NULL, 0},
        {"epyc-4##5", 0, "p px", "grado", NULL, 0},
        /* Ryzen */
        {"r[357]-1###", 0, "- x", NULL, "Ryzen 5/7 1xxx", 0},
        {"r[357]-2###", 0, "g ge", NULL, "Ryzen 3/5 2xxxG/3xxxG", 0},
        {"r[357]-2###", 0, "- x e", NULL, "Ryzen 5/7 2xxx", 0},
        {"r[35]-3###", 0, "g ge", NULL, "Ryzen 3/5 2xxxG/3xxxG", 0},
        {"r9-3###", 0, RYZEN, NULL, "Ryzen 9 3xxx", 0},
        {"r[357]-3###", 0, "- x xt", NULL, "Ryzen 5/7 3xxx", 0},
        {"r[357]-[45]###", 0, "g ge gt", NULL, APU, 0},
        {"r[357]-4###", 0, "-", NULL, APU, 0},
        {"r3-5100", 0, "-", NULL, APU, 0},
        {"r5-5500", 0, "-", NULL, APU, 0},
        {"r7-5700", 0, "-", NULL, APU, 0},
        {"r9-59##", 0, RYZEN, NULL, "Ryzen 9 5xxx", 0},
        {"r[57]-5###", 0, RYZEN, NULL, "Ryzen 5/7 5xxx", 0},
        {"r9-7###", 0, RYZEN, NULL, "Ryzen 9 7xxx", 0},
        {"r[57]-7###", 0, RYZEN, NULL, "Ryzen 5/7 7xxx", 0},
        {"r9-9###", 0, RYZEN, NULL, "Ryzen 9 9xxx", 0},
        {"r[57]-9###", 0, RYZEN, NULL, "Ryzen 5/7 9xxx", 0},
        {"tr-19##", 0, "x", "whitehaven", NULL, 0},
        {"tr-29##", 0, "x wx", "colfax", NULL, 0},
        {"tr-39##", 0, "x", "castle-peak", NULL, 0},
        {"trp-39##", 0, "wx", "castle-peak", NULL, 0},
        {"trp-59##", 0, "wx", "chagall", NULL, 0},
        {"tr-79##", 0, "x", "storm-peak", NULL, 0},
        {"trp-79##", 0, "wx", "storm-peak", NULL, 0},
        {"tr-99##", 0, "x", "shimada-peak", NULL, 0},
        {"trp-99##", 0, "wx", "shimada-peak", NULL, 0},
        /* Opteron and FX. 252 and above are of another die (Troy). */
        {"opteron-24[02468]", 0, "- he", "sledgehammer", NULL, 0},
        {"opteron-250", 0, "- he", "sledgehammer", NULL, 0},
        {"opteron-[28]2##", 0, "- he se ee", NULL,
         "Opteron 2200 series (Santa Rosa)", 0},
        {"opteron-[28]3[3456]#", 0, "- he se ee", NULL,
         "Opteron 2300 series (Barcelona)", 0},
        {"opteron-[28]3[789]#", 0, "- he se ee", NULL,
         "Opteron 2300 series (Shanghai)", 0},
        {"opteron-[28]4##", 0, "- he se ee", NULL,
         "Opteron 2400 series (Istanbul)", 0},
        {"opteron-61##", 0, "- he se", "magny-cours", NULL, 0},
        {"opteron-62##", 0, "- he se", "interlagos", NULL, 0},
        {"opteron-63##", 0, "- he se p", "abu-dhabi", NULL, 0},
        {"opteron-[34]2##", 0, "- he ee", "valencia", NULL, 0},
        {"opteron-[34]3##", 0, "- he ee", "seoul", NULL, 0},
        {"fx-[89]3##", 0, "- e", NULL, "FX-8xxx", 0},
};

/* Names that hold no model number of the shapes above. */
static const struct {
    const char *pattern, *row;
} rows[] = {
        {"ares", "Altra (Q80)"}, /* grid5000's microarchitecture */
        {"altra q##-##", "Altra (Q80)"},
        {"altra", "Altra (Q80)"},
        {"altra max m###-##", "Altra Max (M128)"},
        {"altra max", "Altra Max (M128)"},
        {"ampereone", "AmpereOne"},
        {"ampereone a###-##[xm]", "AmpereOne"},
        {"ampere-1", "AmpereOne"}, /* lscpu's words for its cores */
        {"ampere-1a", "AmpereOne"},
        {"carmel", "Carmel (Jetson AGX Xavier)"},
        {"armv8 carmel", "Carmel (Jetson AGX Xavier)"},
        {"grace", "Grace (per 72-core die)"},
        {"grace a02", "Grace (per 72-core die)"},
        {"thunderx2", "ThunderX2 99xx"},
        {"thunderx2 cn99##", "ThunderX2 99xx"},
        {"thunderx", "ThunderX (CN88xx)"},
        {"thunderx 88xx", "ThunderX (CN88xx)"},
        {"thunderx cn88##", "ThunderX (CN88xx)"},
        {"thunderx cp", "ThunderX (CN88xx)"},
        {"kunpeng-920", "Kunpeng 920"},
        {"kunpeng 920 ####", "Kunpeng 920"},
        {"kunpeng 920-####", "Kunpeng 920"},
        {"kunpeng-920 ####", "Kunpeng 920"},
        {"kunpeng-920-####", "Kunpeng 920"},
        {"power8nvl", "POWER8NVL"},
        {"power9", "POWER9 (LaGrange/Sforza/Monza)"},
        {"power10", "POWER10 (SCM)"},
        {"phenom ii x[46] ###", "Phenom II X4/X6"},
        {"phenom ii x6 ####t", "Phenom II X4/X6"},
        {"graviton 2", "Graviton2"},
        {"graviton 3", "Graviton3"},
};

static bool suffix_allowed(const char *rest, const char *suffixes)
{
    if (!suffixes) /* letters and '+' of any server part */
        return strspn(rest, "abcdefghijklmnopqrstuvwxyz+") == strlen(rest) &&
               strlen(rest) <= 3;
    if (!*rest)
        rest = "-";
    for (size_t len = strlen(rest); *suffixes;) {
        size_t n = strcspn(suffixes, " ");

        if (n == len && memcmp(suffixes, rest, n) == 0)
            return true;
        suffixes += n + (suffixes[n] == ' ');
    }
    return false;
}

const struct fac_cpu_rule *fac_cpu_rule_for(const struct fac_cpu_model *m)
{
    const char *rest;

    for (size_t i = 0; i < COUNT(rules); i++)
        if (rules[i].version == m->version &&
            fac_like(m->text, rules[i].pattern, &rest) &&
            suffix_allowed(rest, rules[i].suffixes))
            return &rules[i];
    return NULL;
}

const char *fac_cpu_row_for(const char *text)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (fac_is_like(text, rows[i].pattern))
            return rows[i].row;
    return NULL;
}

const struct fac_cpu_rule *fac_cpu_rules(size_t *n)
{
    *n = COUNT(rules);
    return rules;
}

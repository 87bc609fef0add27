/* SPDX-License-Identifier: Apache-2.0
 * rocm-smi --json (and the lists of amd-smi): AMD's cards of one machine,
 * which is named by the file as the tool does not say it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "importers/json_priv.h"

enum { MAX_CARDS = 1024 };

/* By PCI device id, for answers that know no name. Source: the PCI ID
 * repository, vendor 1002. */
static const char *name_of_id(const char *id)
{
    static const struct {
        const char *id, *name;
    } cards[] = {
            {"0x6860", "Radeon Instinct MI25"},
            {"0x66a0", "Radeon Instinct MI60"},
            {"0x66a1", "Radeon Instinct MI50"},
            {"0x738c", "Instinct MI100"},
            {"0x7388", "Instinct MI100"},
            {"0x740f", "Instinct MI210"},
            {"0x740c", "Instinct MI250"},
            {"0x7408", "Instinct MI250X"},
            {"0x74a0", "Instinct MI300A"},
            {"0x74a1", "Instinct MI300X"},
            {"0x74a5", "Instinct MI325X"},
            {"0x73bf", "Radeon RX 6800/6900 XT"},
            {"0x73df", "Radeon RX 6700 XT"},
            {"0x744c", "Radeon RX 7900 XT/XTX"},
            {"0x7550", "Radeon RX 9070/9070 XT"},
    };

    for (size_t i = 0; id && i < sizeof cards / sizeof *cards; i++)
        if (text_same(id, cards[i].id))
            return cards[i].name;
    return id && text_starts(id, "0x") && strlen(id) == 6
                   ? imp_pci_gpu(0x1002, (unsigned)strtoul(id, NULL, 16))
                   : NULL;
}

/* The first of the members that is a name and not a number. */
static const char *
name_of(struct imp_host *h, const cJSON *card, const char *const *keys)
{
    for (; *keys; keys++) {
        const char *text = imp_str(h, card, *keys);

        if (text && !text_starts(text, "0x") && !text_starts(text, "N/A"))
            return text;
    }
    return NULL;
}

/* "Arcturus GL-XL [Instinct MI100]": the name sold stands in brackets. */
static const char *marketed(struct imp_host *h, const char *model)
{
    const char *from = model ? strchr(model, '[') : NULL;
    size_t n = from ? strcspn(from + 1, "]") : 0;

    return n > 0 ? arena_strn(&h->arena, from + 1, n) : model;
}

/* "Vega 20": the chip of several cards, which the device id tells apart. */
static bool is_chip(const char *model)
{
    static const char *const chips[] = {"Vega ",     "Navi ",   "Arcturus",
                                        "Aldebaran", "Polaris", "Ellesmere",
                                        "Fiji",      "Hawaii"};

    for (size_t i = 0; i < sizeof chips / sizeof *chips; i++)
        if (text_starts(model, chips[i]))
            return !strchr(model, '[');
    return false;
}

/* What a library older than the card calls it, and every processor's own
 * graphics: the device id tells which. */
static bool is_generic(const char *model)
{
    return text_same(model, "amd radeon graphics") ||
           text_same(model, "amd radeon(tm) graphics");
}

/* "Card model" of version 6.0 and before is the board's id, no device's. */
static const char *model_of(struct imp_host *h, const cJSON *card)
{
    static const char *const names[] = {
            "Card Series", "Card series", "Device Name", "Card Model",
            "Card model",  "Market Name", NULL};
    static const char *const ids[] = {
            "Device ID", "GPU ID", "Card Model", NULL};
    const char *model = name_of(h, card, names), *known = NULL;

    if (!model || is_chip(model) || is_generic(model))
        for (size_t i = 0; !known && ids[i]; i++)
            known = name_of_id(imp_raw(h, card, ids[i]));
    model = known ? known : model;
    if (!model)
        imp_host_warn(h, "a card without name, kept as a card unknown");
    return marketed(h, model);
}

static bool is_secondary(const cJSON *card)
{
    const cJSON *v;

    cJSON_ArrayForEach(v, card)
    {
        if (cJSON_IsString(v) && imp_has(v->valuestring, "secondary die"))
            return true;
    }
    return false;
}

/* "0" and "N/A" are no serials. */
static const char *
serial_of(struct imp_host *h, const cJSON *card, const char *key)
{
    const char *serial = imp_str(h, card, key);

    return serial && strcmp(serial, "0") != 0 ? serial : NULL;
}

static bool is_card(const char *key)
{
    return text_starts(key, "card") && key[4] >= '0' && key[4] <= '9';
}

/* Where cards sit, without the PCI function. */
struct slots {
    const char *bus[MAX_CARDS];
    size_t n;
};

/* The parts an MI300 is cut into are listed as cards of the same slot, with
 * functions of their own that lspci does not know: 0001:02:00.0, .1, .2. */
static bool same_slot(struct slots *s, const char *bus)
{
    const char *dot = bus && strchr(bus, ':') ? strrchr(bus, '.') : NULL;
    size_t len = dot ? (size_t)(dot - bus) + 1 : 0;

    if (!dot)
        return false;
    for (size_t i = 0; i < s->n; i++)
        if (strncmp(s->bus[i], bus, len) == 0)
            return true;
    if (s->n < MAX_CARDS)
        s->bus[s->n++] = bus;
    return false;
}

/* rocm-smi 6.4.1 knows the device id of the first part alone. */
static bool is_later_part(const cJSON *card, bool first_met)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(card, "Device ID");

    return first_met && cJSON_IsString(id) && text_same(id->valuestring, "N/A");
}

static bool has_id(const cJSON *card)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(card, "Device ID");

    return cJSON_IsString(id) && text_starts(id->valuestring, "0x");
}

/* "AMD INSTINCT MI200 (MCM) OAM": a half of a module with two dies. */
static bool is_die(struct imp_host *h, const cJSON *card)
{
    return imp_has(imp_raw(h, card, "Card Series"), "(mcm)") ||
           imp_has(imp_raw(h, card, "Card series"), "(mcm)");
}

/* Only what a card draws tells that it is a second die. */
static bool tells_secondary(const cJSON *root)
{
    const cJSON *card;

    cJSON_ArrayForEach(card, root)
    {
        if (is_card(card->string) && is_secondary(card))
            return true;
    }
    return false;
}

static void read_cards(struct imp_host *h, const cJSON *root)
{
    struct slots slots = {.n = 0};
    const bool told = tells_secondary(root);
    const cJSON *card;
    bool first_met = false;
    int dies = 0;

    cJSON_ArrayForEach(card, root)
    {
        if (!is_card(card->string) || !cJSON_IsObject(card) ||
            same_slot(&slots, imp_raw(h, card, "PCI Bus")) ||
            is_later_part(card, first_met))
            continue;
        first_met = first_met || has_id(card);
        if (is_secondary(card))
            continue;
        if (!told && is_die(h, card) && ++dies % 2 == 0)
            continue;
        imp_host_gpu(
                h, "AMD", model_of(h, card),
                serial_of(h, card, "Serial Number"), 1);
    }
    if (dies > 1)
        imp_host_warn(
                h,
                "%d dies of modules with two and nothing says which are "
                "secondary: counted as %d cards; rocm-smi -a would tell",
                dies, (dies + 1) / 2);
}

/* amd-smi: [{"gpu": 0, "asic": {...}, "board": {...}}]; the two dies of a
 * module have one product serial. */
static void read_list(struct imp_host *h, const cJSON *list)
{
    struct slots slots = {.n = 0};
    const char *serials[MAX_CARDS];
    const cJSON *gpu;
    size_t n = 0;

    cJSON_ArrayForEach(gpu, list)
    {
        const char *model = imp_str(h, gpu, "asic/market_name");
        const char *serial = serial_of(h, gpu, "board/product_serial");
        bool met = same_slot(&slots, imp_raw(h, gpu, "bus/bdf"));

        if (!model || text_starts(model, "0x"))
            model = imp_str(h, gpu, "board/product_name");
        if (!model || is_generic(model)) {
            const char *known = name_of_id(imp_raw(h, gpu, "asic/device_id"));

            model = known ? known : model;
        }
        for (size_t i = 0; i < n && serial; i++)
            met = met || strcmp(serials[i], serial) == 0;
        if (met || !imp_at(gpu, "gpu"))
            continue;
        if (serial && n < MAX_CARDS)
            serials[n++] = serial;
        imp_host_gpu(h, "AMD", model, serial, 1);
    }
}

/* rocm-smi writes "WARNING: AMD GPU device(s) is/are in a low-power state" in
 * front of what it was asked for. 0 where nothing stands in front. */
static size_t warning_len(const char *text, size_t len)
{
    size_t at = text_blank_start(text, len);

    if (len - at < strlen("WARNING:") ||
        memcmp(text + at, "WARNING:", strlen("WARNING:")) != 0)
        return 0;
    for (; at + 1 < len; at++)
        if (text[at] == '\n' && (text[at + 1] == '{' || text[at + 1] == '['))
            return at + 1;
    return 0;
}

static bool
load(struct imp_host *h, const char *path, cJSON **root, struct err *err)
{
    struct buf text;
    size_t skip;
    bool ok;

    if (!imp_text_load(path, &text, err))
        return false;
    skip = warning_len(buf_text(&text), text.len);
    ok = json_parse(buf_text(&text) + skip, text.len - skip, root, err);
    if (!ok)
        err_in(err, "%s", h->file);
    buf_clear(&text);
    return ok;
}

static bool
rocm_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct imp_host *h = xcalloc(1, sizeof *h);
    const cJSON *list;
    cJSON *root = NULL;
    bool ok = false;

    imp_host_open(h, sink, path);
    if (!load(h, path, &root, err))
        goto done;
    h->m.partial = true;
    h->seen = 1u << CALC_GPU;
    list = cJSON_IsArray(root) ? root : imp_at(root, "gpu_data");
    if (list)
        read_list(h, list);
    else
        read_cards(h, root);
    if (h->n_parts == 0)
        imp_host_warn(h, "no card in the file");
    h->m.name = imp_host_file_name(h);
    ok = imp_host_deliver(h, err);
done:
    cJSON_Delete(root);
    imp_host_close(h);
    free(h);
    return ok;
}

static int rocm_recognise(const char *head, size_t len, const char *file_name)
{
    static const char *const words[] = {
            "\"VRAM Total Memory (B)\"",
            "\"GPU use (%)\"",
            "\"Card series\"",
            "\"Card Series\"",
            "\"VBIOS version\"",
            "\"GPU ID\"",
            "\"Device ID\"",
            "\"Unique ID\"",
            "\"Average Graphics Package Power (W)\"",
            NULL};

    (void)file_name;
    if (!imp_head_json(head, len) && warning_len(head, len) == 0)
        return 0;
    if (imp_head_has(head, len, "\"card") &&
        imp_head_count(head, len, words) > 0)
        return 90;
    return imp_head_has(head, len, "\"market_name\"") &&
                           imp_head_has(head, len, "\"gpu\"") &&
                           imp_head_has(head, len, "\"asic\"")
                   ? 90
                   : 0;
}

const struct imp_format imp_rocm = {
        .name = "rocm-smi-json",
        .what = "rocm-smi -a --json: AMD cards of one machine",
        .recognise = rocm_recognise,
        .read = rocm_read,
};

/* SPDX-License-Identifier: Apache-2.0
 * NVIDIA cards through NVML, loaded at run time: the program needs no driver
 * to build or to start. Cards of Volta and later count energy (mJ); for older
 * ones the power is sampled, and integrated by who takes the samples. */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "base/text.h"

/* Of nvml.h, which is not free to ship: opaque handles and plain numbers. */
typedef void *nvml_device;
struct nvml_memory {
    unsigned long long total, free, used;
};

struct ag_nvml {
    void *library;
    size_t n;
    nvml_device *cards;
    int (*init)(void);
    int (*shutdown)(void);
    const char *(*error)(int);
    int (*count)(unsigned *);
    int (*handle)(unsigned, nvml_device *);
    int (*uuid)(nvml_device, char *, unsigned);
    int (*name)(nvml_device, char *, unsigned);
    int (*serial)(nvml_device, char *, unsigned);
    int (*energy)(nvml_device, unsigned long long *);
    int (*power)(nvml_device, unsigned *);
    int (*limits)(nvml_device, unsigned *, unsigned *);
    int (*memory)(nvml_device, struct nvml_memory *);
};

enum { MAX_CARDS = 64 };

/* dlsym gives an object pointer; POSIX says that it may be a function's. */
static bool find(void *library, const char *name, void *function)
{
    void *p = dlsym(library, name);

    memcpy(function, &p, sizeof p);
    return p != NULL;
}

static const char *why(const struct ag_nvml *n, int code)
{
    const char *text = n->error ? n->error(code) : NULL;

    return text ? text : "unknown error";
}

static bool
read_energy(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    const struct ag_nvml *n = s->ctx;
    unsigned long long mj = 0;
    int code = n->energy(n->cards[s->index], &mj);

    if (code != 0)
        return err_set(err, ERR_IO, "nvml total energy: %.60s", why(n, code));
    if (mj > INT64_MAX / 1000)
        return err_set(err, ERR_INVALID, "nvml total energy: out of range");
    *value = (int64_t)mj * 1000;
    return true;
}

static bool
read_power(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    const struct ag_nvml *n = s->ctx;
    unsigned mw = 0;
    int code = n->power(n->cards[s->index], &mw);

    if (code != 0)
        return err_set(err, ERR_IO, "nvml power: %.60s", why(n, code));
    *value = (int64_t)mw * 1000;
    return true;
}

static bool functions(struct ag_nvml *n)
{
    bool ok = (find(n->library, "nvmlInit_v2", &n->init) ||
               find(n->library, "nvmlInit", &n->init)) &&
              (find(n->library, "nvmlDeviceGetCount_v2", &n->count) ||
               find(n->library, "nvmlDeviceGetCount", &n->count)) &&
              (find(n->library, "nvmlDeviceGetHandleByIndex_v2", &n->handle) ||
               find(n->library, "nvmlDeviceGetHandleByIndex", &n->handle)) &&
              find(n->library, "nvmlDeviceGetUUID", &n->uuid);

    find(n->library, "nvmlShutdown", &n->shutdown);
    find(n->library, "nvmlErrorString", &n->error);
    find(n->library, "nvmlDeviceGetName", &n->name);
    find(n->library, "nvmlDeviceGetSerial", &n->serial);
    find(n->library, "nvmlDeviceGetTotalEnergyConsumption", &n->energy);
    find(n->library, "nvmlDeviceGetPowerUsage", &n->power);
    find(n->library, "nvmlDeviceGetPowerManagementLimitConstraints",
         &n->limits);
    find(n->library, "nvmlDeviceGetMemoryInfo", &n->memory);
    return ok;
}

/* Energy where the card counts it, else power, else the reason. */
static void add_card(struct ag_set *s, struct ag_nvml *n, unsigned index)
{
    char id[WIRE_MAX_METER_ID - 8], uuid[96];
    struct ag_sensor probe = {.ctx = n, .index = index}, *sensor;
    struct ag_nvidia card;
    struct err err = {0};
    unsigned least, most;
    int64_t value;
    int code = n->handle(index, &n->cards[index]);
    bool counts;

    snprintf(id, sizeof id, "gpu/nvidia-%u", index);
    if (code != 0) {
        n->cards[index] = NULL;
        ag_set_miss(s, id, "nvml: %.60s", why(n, code));
        return;
    }
    if (n->uuid(n->cards[index], uuid, sizeof uuid) == 0)
        snprintf(id, sizeof id, "gpu/%.90s", uuid);
    counts = n->energy && read_energy(&probe, &value, NULL);
    if (!counts && !n->power) {
        ag_set_miss(s, id, "nvml: neither energy nor power");
        return;
    }
    if (!counts && !read_power(&probe, &value, &err)) {
        ag_set_miss(s, id, "%s", err.msg);
        return;
    }
    sensor = ag_set_add_card(s, counts, id);
    if (!sensor)
        return;
    ag_nvml_card(n, index, &card);
    snprintf(sensor->label, sizeof sensor->label, "%s", card.name);
    if (n->limits && n->limits(n->cards[index], &least, &most) == 0 && most > 0)
        sensor->max_w = most / 1000.0;
    sensor->read = counts ? read_energy : read_power;
    sensor->ctx = n;
    sensor->index = index;
}

static bool load(struct ag_nvml *n, const char *path, struct ag_set *s)
{
    unsigned count = 0;
    int code;

    n->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!n->library) {
        ag_set_miss(
                s, "nvml", "no %.80s: no NVIDIA driver on this machine", path);
        return false;
    }
    if (!functions(n)) {
        ag_set_miss(s, "nvml", "the library lacks functions of NVML");
        return false;
    }
    code = n->init();
    if (code != 0) {
        n->shutdown = NULL;
        ag_set_miss(s, "nvml", "nvml does not start: %.60s", why(n, code));
        return false;
    }
    code = n->count(&count);
    if (code != 0) {
        ag_set_miss(s, "nvml", "nvml counts no cards: %.60s", why(n, code));
        return false;
    }
    n->n = count < MAX_CARDS ? count : MAX_CARDS;
    n->cards = xcalloc(n->n + 1, sizeof *n->cards);
    return true;
}

void ag_nvml_find(struct ag_set *s, const struct ag_config *c)
{
    struct ag_nvml *n;
    const char *path = c->nvml[0] ? c->nvml : "libnvidia-ml.so.1";

    if (strcmp(path, "no") == 0)
        return;
    if (s->root[0] && !c->nvml[0]) /* the driver is not another tree's */
        return;
    n = xcalloc(1, sizeof *n);
    if (!load(n, path, s)) {
        ag_nvml_close(n);
        return;
    }
    s->nvml = n;
    for (unsigned i = 0; i < n->n; i++)
        add_card(s, n, i);
}

void ag_nvml_close(struct ag_nvml *n)
{
    if (!n)
        return;
    if (n->shutdown)
        n->shutdown();
    if (n->library)
        dlclose(n->library);
    free(n->cards);
    free(n);
}

size_t ag_nvml_count(const struct ag_nvml *n)
{
    return n ? n->n : 0;
}

static void
text_of(int (*get)(nvml_device, char *, unsigned), nvml_device card, char *dst,
        unsigned size)
{
    if (!get || !card || get(card, dst, size) != 0)
        dst[0] = '\0';
    dst[size - 1] = '\0';
}

void ag_nvml_card(
        const struct ag_nvml *n, unsigned index, struct ag_nvidia *out)
{
    nvml_device card = n->cards[index];
    struct nvml_memory m = {0};

    *out = (struct ag_nvidia){.gib = NAN};
    text_of(n->uuid, card, out->uuid, sizeof out->uuid);
    text_of(n->name, card, out->name, sizeof out->name);
    text_of(n->serial, card, out->serial, sizeof out->serial);
    if (card && n->memory && n->memory(card, &m) == 0 && m.total > 0)
        out->gib = (double)m.total / (1024.0 * 1024 * 1024);
}

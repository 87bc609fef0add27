/* SPDX-License-Identifier: Apache-2.0
 * What a BMC says of its machine's power: out of the resource that the target
 * names, or found from the service root. Of several chassis one stands for the
 * machine, else none is taken: parts of each other are never added up. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "energy/pull_priv.h"

enum {
    MAX_REQUESTS = 64, /* of one pull */
    MAX_CHASSIS = 24,
    MAX_SENSORS = 12, /* that are read one by one */
    MAX_BYTES = 4 << 20,
    LINK = 512,
};

struct chassis {
    char path[LINK], inside[LINK]; /* inside: of which; "" */
    char power[LINK];              /* the resource that was read */
    bool computer;                 /* it has computer systems */
    struct ep_bmc reading;
};

struct walk {
    struct ep_run *run;
    const struct en_target *target;
    struct chassis *items;
    size_t n, asked;
    bool silent; /* there was a place for power, and none in it */
};

static const cJSON *at(const cJSON *v, const char *a, const char *b)
{
    const cJSON *x = cJSON_GetObjectItemCaseSensitive(v, a);

    return b ? cJSON_GetObjectItemCaseSensitive(x, b) : x;
}

/* ---- one resource ---------------------------------------------------------
 */

static bool take(struct ep_bmc *out, enum wire_unit unit, const cJSON *v)
{
    double micro;

    if (!cJSON_IsNumber(v))
        return false;
    micro = v->valuedouble * (double)wire_unit_micro(unit);
    if (isnan(micro) || micro < 0 || micro > 9e18)
        return false;
    *out = (struct ep_bmc){.unit = unit, .value = (int64_t)nearbyint(micro)};
    return true;
}

/* A sensor of its own: what it reads is said by ReadingType. */
static bool of_sensor(const cJSON *root, struct ep_bmc *out)
{
    const cJSON *type = at(root, "ReadingType", NULL);
    bool energy;

    if (!cJSON_IsString(type))
        return false;
    energy = strcmp(type->valuestring, "EnergykWh") == 0;
    if (!energy && strcmp(type->valuestring, "Power") != 0)
        return false;
    return take(out, energy ? WIRE_KWH : WIRE_W, at(root, "Reading", NULL));
}

/* Of EnvironmentMetrics, Power or a sensor. The first control is of the whole
 * chassis; others are parts of it. */
static bool of_resource(const cJSON *root, struct ep_bmc *out)
{
    const cJSON *control =
            cJSON_GetArrayItem(at(root, "PowerControl", NULL), 0);

    return take(out, WIRE_KWH, at(root, "EnergykWh", "Reading")) ||
           take(out, WIRE_W, at(root, "PowerWatts", "Reading")) ||
           take(out, WIRE_W, at(control, "PowerConsumedWatts", NULL)) ||
           take(out, WIRE_W,
                at(control, "PowerMetrics", "AverageConsumedWatts")) ||
           of_sensor(root, out);
}

static bool has_place(const cJSON *root)
{
    return cJSON_GetArraySize(at(root, "PowerControl", NULL)) > 0 ||
           at(root, "PowerWatts", NULL) || at(root, "EnergykWh", NULL);
}

static bool gives_none(struct err *err)
{
    return err_set(
            err, ERR_INVALID,
            "the BMC gives no power (the machine is off, or it cannot)");
}

/* ---- asking ---------------------------------------------------------------
 */

/* path NULL: the target's own address; else one at the same host. */
static bool get(struct walk *w, const char *path, cJSON **out, struct err *err)
{
    const struct ep_request q = {
            .target = w->target,
            .path = path ? path : "",
            .from_host = path != NULL,
            .max_bytes = MAX_BYTES};
    struct buf body;
    bool ok;

    if (ep_stopped(w->run))
        return err_set(err, ERR_IO, "stopped");
    if (w->asked++ == MAX_REQUESTS)
        return err_set(
                err, ERR_LIMIT,
                "no power after %d requests: name its resource, such as "
                "https://BMC/redfish/v1/Chassis/1/Power",
                (int)MAX_REQUESTS);
    buf_init(&body, MAX_BYTES);
    ok = ep_fetch(w->run, &q, &body, err) &&
         json_parse(buf_text(&body), body.len, out, err);
    if (!ok && path)
        err_in(err, "%.200s", path);
    buf_clear(&body);
    return ok;
}

/* What is not there or is no JSON is passed over; a key that does not open, a
 * BMC that is gone and a limit end it. */
static bool
try_get(struct walk *w, const char *path, cJSON **out, struct err *err)
{
    struct err why = {0};

    *out = NULL;
    if (get(w, path, out, &why) || why.code == ERR_INVALID ||
        (why.code == ERR_IO && strstr(why.msg, "it answers ")))
        return true;
    *err = why;
    return false;
}

/* The address of an "@odata.id", which stays at the host; "" none. */
static void link_of(const cJSON *v, char dst[static LINK])
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(v, "@odata.id");
    const char *s = cJSON_IsString(id) ? id->valuestring : "";
    size_t n = strlen(s);

    dst[0] = '\0';
    if (n < 2 || n >= LINK || s[0] != '/' || s[1] == '/')
        return;
    for (const char *p = s; *p; p++)
        if (*p <= ' ' || *p >= 0x7f || *p == '\\')
            return;
    memcpy(dst, s, n + 1);
    while (n > 1 && dst[n - 1] == '/')
        dst[--n] = '\0';
}

/* ---- a chassis ------------------------------------------------------------
 */

static bool read_link(
        struct walk *w, const char *path, struct chassis *c, bool *found,
        struct err *err)
{
    cJSON *root = NULL;

    if (!path[0])
        return true;
    if (!try_get(w, path, &root, err))
        return false;
    *found = of_resource(root, &c->reading);
    w->silent = w->silent || (!*found && has_place(root));
    if (*found)
        snprintf(c->power, sizeof c->power, "%s", path);
    cJSON_Delete(root);
    return true;
}

/* "TotalPower" and "psu1_energy", not "Fan1". */
static bool of_power(const char *path)
{
    const char *name = strrchr(path, '/');

    for (name = name ? name + 1 : path; *name; name++)
        if (strncasecmp(name, "power", 5) == 0 ||
            strncasecmp(name, "energy", 6) == 0 ||
            strncasecmp(name, "pwr", 3) == 0)
            return true;
    return false;
}

/* Of single sensors only one that says it is of the chassis. */
static bool read_sensors(
        struct walk *w, const char *path, struct chassis *c, bool *found,
        struct err *err)
{
    cJSON *list = NULL;
    const cJSON *item;
    size_t n = 0;
    bool ok = false;

    if (!path[0])
        return true;
    if (!try_get(w, path, &list, err))
        return false;
    cJSON_ArrayForEach(item, at(list, "Members", NULL))
    {
        char member[LINK];
        const cJSON *of;
        cJSON *root = NULL;

        link_of(item, member);
        if (!of_power(member))
            continue;
        if (n++ == MAX_SENSORS)
            break;
        if (!try_get(w, member, &root, err))
            goto done;
        of = at(root, "PhysicalContext", NULL);
        *found = cJSON_IsString(of) && text_same(of->valuestring, "Chassis") &&
                 of_sensor(root, &c->reading);
        if (*found)
            snprintf(c->power, sizeof c->power, "%s", member);
        cJSON_Delete(root);
        if (*found)
            break;
    }
    ok = true;
done:
    cJSON_Delete(list);
    return ok;
}

static bool read_chassis(struct walk *w, const cJSON *root, struct err *err)
{
    struct chassis c = {0};
    char metrics[LINK], power[LINK], sensors[LINK];
    bool found = false;

    link_of(root, c.path);
    link_of(at(root, "Links", "ContainedBy"), c.inside);
    c.computer = cJSON_GetArraySize(at(root, "Links", "ComputerSystems")) > 0;
    link_of(at(root, "EnvironmentMetrics", NULL), metrics);
    link_of(at(root, "Power", NULL), power);
    link_of(at(root, "Sensors", NULL), sensors);
    if (!read_link(w, metrics, &c, &found, err) ||
        (!found && !read_link(w, power, &c, &found, err)) ||
        (!found && !read_sensors(w, sensors, &c, &found, err)))
        return false;
    if (found)
        w->items[w->n++] = c;
    return true;
}

/* ---- which of them --------------------------------------------------------
 */

static bool inside_another(const struct walk *w, size_t i)
{
    for (size_t k = 0; k < w->n; k++)
        if (k != i && w->items[i].inside[0] &&
            strcmp(w->items[i].inside, w->items[k].path) == 0)
            return true;
    return false;
}

static bool shown_before(const struct walk *w, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(w->items[i].power, w->items[k].power) == 0)
            return true;
    return false;
}

/* The chassis for the machine: not in another one, and where there are several,
 * the one with its computer. */
static bool choose(struct walk *w, struct ep_bmc *out, struct err *err)
{
    struct buf names;
    size_t n = 0, computers = 0, one = 0, computer = 0;

    buf_init(&names, 2 * LINK);
    for (size_t i = 0; i < w->n; i++) {
        if (inside_another(w, i) || shown_before(w, i))
            continue;
        if (n < 3)
            buf_printf(&names, "%s%.120s", n ? ", " : "", w->items[i].power);
        n++;
        one = i;
        computers += w->items[i].computer;
        computer = w->items[i].computer ? i : computer;
    }
    if (n == 1 || computers == 1)
        *out = w->items[n == 1 ? one : computer].reading;
    else if (n == 0 && w->silent)
        gives_none(err);
    else if (n == 0)
        err_set(err, ERR_INVALID,
                "none of its chassis has power in EnvironmentMetrics, Power "
                "or a sensor");
    else
        err_set(err, ERR_INVALID,
                "%zu chassis give power: name the one of the machine: %s", n,
                buf_text(&names));
    buf_clear(&names);
    return n == 1 || computers == 1;
}

static bool all_chassis(struct walk *w, const cJSON *list, struct err *err)
{
    const cJSON *item;
    size_t n = 0;

    cJSON_ArrayForEach(item, at(list, "Members", NULL))
    {
        char path[LINK];
        cJSON *root = NULL;
        bool ok;

        link_of(item, path);
        if (!path[0])
            continue;
        if (n++ == MAX_CHASSIS)
            return err_set(
                    err, ERR_LIMIT,
                    "more than %d chassis: name the one of the machine",
                    (int)MAX_CHASSIS);
        ok = try_get(w, path, &root, err) && read_chassis(w, root, err);
        cJSON_Delete(root);
        if (!ok)
            return false;
    }
    return true;
}

/* ---- a target -------------------------------------------------------------
 */

/* "https://bmc7", "https://bmc7/" and ".../redfish/v1" name the service, whose
 * root ends in a slash: redirects are not followed. */
static bool is_service(const char *url)
{
    const char *path = strstr(url, "://");

    path = path ? strchr(path + 3, '/') : NULL;
    return !path || strcmp(path, "/") == 0 ||
           strcmp(path, "/redfish/v1") == 0 || strcmp(path, "/redfish") == 0 ||
           strcmp(path, "/redfish/v1/") == 0 || strcmp(path, "/redfish/") == 0;
}

static bool from_root(
        struct walk *w, const cJSON *root, struct ep_bmc *out, struct err *err)
{
    char link[LINK];
    cJSON *list = NULL;
    bool ok;

    if (of_resource(root, out))
        return true;
    if (has_place(root))
        return gives_none(err);
    link_of(at(root, "Chassis", NULL), link);
    if (link[0]) { /* the service root */
        ok = get(w, link, &list, err) && all_chassis(w, list, err);
        cJSON_Delete(list);
    } else if (cJSON_IsArray(at(root, "Members", NULL))) {
        ok = all_chassis(w, root, err);
    } else if (
            at(root, "EnvironmentMetrics", NULL) || at(root, "Power", NULL) ||
            at(root, "Sensors", NULL)) {
        ok = read_chassis(w, root, err);
    } else {
        return err_set(
                err, ERR_INVALID,
                "no Power, EnvironmentMetrics or Sensor resource, expected an "
                "address such as https://BMC or "
                "https://BMC/redfish/v1/Chassis/1/Power");
    }
    return ok && choose(w, out, err);
}

bool ep_redfish(
        struct ep_run *r, const struct en_target *t, struct ep_bmc *out,
        struct err *err)
{
    struct walk w = {.run = r, .target = t};
    cJSON *root = NULL;
    bool ok;

    w.items = xcalloc(MAX_CHASSIS, sizeof *w.items);
    ok = get(&w, is_service(t->url) ? "/redfish/v1/" : NULL, &root, err) &&
         from_root(&w, root, out, err);
    cJSON_Delete(root);
    free(w.items);
    return ok;
}

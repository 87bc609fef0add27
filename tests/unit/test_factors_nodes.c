/* SPDX-License-Identifier: Apache-2.0
 * Every processor and accelerator of the 43 sample node files is known. */
#include "factors/factors_priv.h"
#include "unit.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"

static struct fac_pack *pack;
static size_t nodes, cpus, gpus;

static const char *text_of(const cJSON *obj, const char *key)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(obj, key);

    return cJSON_IsString(v) ? v->valuestring : "";
}

/* "Intel Xeon" + "E5-2620 v4"; a version may be a number ("7642"). */
static void cpu_check(const cJSON *node, const char *path)
{
    const cJSON *p = cJSON_GetObjectItemCaseSensitive(node, "processor");
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(p, "version");
    char name[300], version[60];
    enum fac_match how;

    if (!cJSON_IsObject(p))
        return;
    if (cJSON_IsNumber(v))
        snprintf(version, sizeof version, "%.0f", v->valuedouble);
    else
        snprintf(version, sizeof version, "%s", text_of(p, "version"));
    snprintf(name, sizeof name, "%s %s", text_of(p, "model"), version);
    UNIT_CHECK(
            fac_cpu_find(pack, name, -1, &how) && how == FAC_MODEL, "%s: '%s'",
            path, name);
    snprintf(
            name, sizeof name, "%s %s %s", text_of(p, "model"), version,
            text_of(p, "other_description"));
    UNIT_CHECK(
            fac_cpu_find(pack, name, -1, &how) && how == FAC_MODEL, "%s: '%s'",
            path, name);
    cpus++;
}

static void gpus_check(const cJSON *node, const char *path)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(node, "gpu_devices");
    const cJSON *g;

    cJSON_ArrayForEach(g, list)
    {
        const cJSON *bytes = cJSON_GetObjectItemCaseSensitive(g, "memory");
        double gb = cJSON_IsNumber(bytes) ? bytes->valuedouble / 1e9 : NAN;
        enum fac_match how;

        UNIT_CHECK(
                fac_gpu_find(pack, text_of(g, "model"), gb, &how) &&
                        how == FAC_MODEL,
                "%s: '%s' %g GB", path, text_of(g, "model"), gb);
        gpus++;
    }
}

static void node_check(const char *path)
{
    struct buf bytes;
    cJSON *node = NULL;

    buf_init(&bytes, 1 << 22);
    if (file_read(path, 1 << 22, &bytes, NULL) &&
        json_parse(buf_text(&bytes), bytes.len, &node, NULL)) {
        cpu_check(node, path);
        gpus_check(node, path);
        nodes++;
    }
    cJSON_Delete(node);
    buf_clear(&bytes);
}

static void folder_check(const char *path, int depth)
{
    char **names, below[600];
    size_t n;

    if (depth > 8 || !file_names(path, &names, &n, NULL))
        return;
    for (size_t i = 0; i < n; i++) {
        snprintf(below, sizeof below, "%s/%s", path, names[i]);
        if (file_kind(below) == FILE_FOLDER)
            folder_check(below, depth + 1);
        else
            node_check(below);
    }
    file_names_free(names, n);
}

static void test_nodes(void)
{
    folder_check("../shared/samples/grid5000/sites", 0);
    UNIT_CHECK(nodes == 43, "%zu nodes", nodes);
    UNIT_CHECK(cpus == 43, "%zu processors", cpus);
    UNIT_CHECK(gpus > 20, "%zu accelerators", gpus);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"sample nodes", test_nodes}, {NULL, NULL}};
    int status;

    if (!fac_pack_load(NULL, &pack, NULL))
        return 1;
    status = unit_main("sample nodes", tests);
    fac_pack_free(pack);
    return status;
}

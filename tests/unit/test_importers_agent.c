/* SPDX-License-Identifier: Apache-2.0
 * The node agent's inventory as an importer sees it. */
#include <stdlib.h>
#include <unistd.h>

#include "import_unit.h"

static void read_text(const char *text, struct caught *c, struct err *err)
{
    char path[] = "/tmp/test_agent_json_XXXXXX";
    const char *format = NULL;
    int fd = mkstemp(path);

    UNIT_CHECK(
            fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text),
            "file");
    close(fd);
    if (caught_read(c, path, NULL, &format, err))
        UNIT_CHECK(strcmp(format, "agent-json") == 0, "format %s", format);
    remove(path);
}

#define HEAD "{\"schema\":\"fleetprint/hardware/1\",\"name\":\"n1\","

static void test_whole(void)
{
    struct caught c;
    struct err err = {0};

    read_text(
            HEAD "\"manufacturer\":\"HPE\",\"product\":\"ProLiant DL380\","
                 "\"serial\":\"CZ1\",\"chassis_type\":\"23\","
                 "\"virtual\":false,\"cpu\":{\"model\":\"Xeon 6130\","
                 "\"sockets\":2,\"cores\":16},\"memory_gib\":250.5,"
                 "\"modules\":[{\"gib\":32,\"serial\":\"A\"},{\"gib\":32,"
                 "\"serial\":\"B\"},{\"gib\":128,\"persistent\":true}],"
                 "\"disks\":[{\"model\":\"ST4000NM0023\",\"gb\":4000.787,"
                 "\"kind\":\"hdd\"},{\"model\":\"x\",\"gb\":960.197,"
                 "\"kind\":\"ssd\"},{\"model\":\"y\",\"gb\":30,"
                 "\"kind\":\"hdd\",\"removable\":true}],"
                 "\"gpus\":[{\"model\":\"Tesla T4\",\"serial\":\"G\"},"
                 "{\"model\":null,\"pci_vendor\":6659,\"pci_device\":8192}],"
                 "\"power_supplies\":[{\"model\":\"P\",\"serial\":\"1\"},"
                 "{\"model\":\"P\",\"serial\":\"2\"}]}",
            &c, &err);
    UNIT_CHECK(c.machines == 1 && c.rejects == 0, "%s", err.msg);
    UNIT_CHECK(c.sockets == 2 && c.cores == 32, "processors");
    UNIT_NEAR(c.ram_gib, 64, 1e-12, "modules, not persistent memory");
    UNIT_CHECK(c.hdd == 1 && c.ssd == 1, "disks: %d %d", c.hdd, c.ssd);
    UNIT_NEAR(c.hdd_gb, 4000, 1e-12, "size as sold");
    UNIT_CHECK(c.gpus == 1, "0x1a03 is a BMC's");
    UNIT_CHECK(c.psus == 2 && c.is_virtual == 0, "supplies");
    UNIT_CHECK(c.chassis == CALC_RACK && !c.partial, "rack");
}

static void test_unknown(void)
{
    struct caught c;
    struct err err = {0};

    read_text(
            HEAD "\"cpu\":{\"model\":null,\"sockets\":null},\"modules\":null,"
                 "\"memory_gib\":null,\"disks\":null,\"gpus\":null,"
                 "\"power_supplies\":null}",
            &c, &err);
    UNIT_CHECK(c.machines == 1, "%s", err.msg);
    UNIT_CHECK(
            c.sockets == UNKNOWN && c.hdd == UNKNOWN && c.ssd == UNKNOWN &&
                    c.gpus == UNKNOWN && isnan(c.ram_gib),
            "null is unknown");
    read_text(HEAD "\"disks\":[],\"gpus\":[]}", &c, &err);
    UNIT_CHECK(
            c.machines == 1 && c.hdd == 0 && c.ssd == 0 && c.gpus == 0,
            "an empty list is none");
}

static void test_refused(void)
{
    struct caught c;
    struct err err = {0};

    read_text(
            "[" HEAD "\"disks\":[]},{\"schema\":\"other\",\"name\":\"n2\"}]",
            &c, &err);
    UNIT_CHECK(
            c.rejects == 1 && strstr(c.reason, "fleetprint/hardware/1"),
            "another schema: %s", c.reason);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"whole", test_whole},
            {"unknown", test_unknown},
            {"refused", test_refused},
            {NULL, NULL}};

    return unit_main("importers/agent", tests);
}

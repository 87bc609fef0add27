/* SPDX-License-Identifier: Apache-2.0
 * What commands answer on standard output: rows or one object, as text or as
 * JSON. */
#include "cli/cli.h"

void cmd_list_begin(struct cmd_answer *a, const struct cmd_call *c)
{
    out_to_file(&a->out, stdout);
    json_out_init(&a->json, &a->out, true);
    a->is_list = c->json;
    if (a->is_list)
        json_begin_arr(&a->json, NULL);
}

bool cmd_list_end(struct cmd_answer *a, struct err *err)
{
    if (a->is_list) {
        json_end_arr(&a->json);
        out_char(&a->out, '\n');
    }
    return out_finish(&a->out, err);
}

void cmd_object_begin(struct cmd_answer *a, bool indent)
{
    out_to_file(&a->out, stdout);
    json_out_init(&a->json, &a->out, indent);
    a->is_list = false;
    json_begin_obj(&a->json, NULL);
}

bool cmd_object_end(struct cmd_answer *a, struct err *err)
{
    json_end_obj(&a->json);
    out_char(&a->out, '\n');
    return out_finish(&a->out, err);
}

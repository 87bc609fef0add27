/* SPDX-License-Identifier: Apache-2.0
 * Inside `run`: a command that was measured, and its report. */
#ifndef AGENT_RUN_PRIV_H
#define AGENT_RUN_PRIV_H

#include "agent/agent.h"

struct ag_run {
    char **argv;
    mode_t umask;
    int exit; /* status as a shell tells it */
    int64_t utc_ns, start_ns, end_ns;
    struct ag_set set;
    struct ag_meter *meters;
    bool *failed; /* by sensor: a reading failed on the way */
};

/* Table, JSON or CSV, to -o FILE or to standard error: standard output is the
 * command's. */
bool ag_run_report(
        const struct ag_run *r, const struct ag_config *c, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * The node agent's entry. */
#include "agent/agent.h"

int main(int argc, char **argv)
{
    return ag_main(argc, argv);
}

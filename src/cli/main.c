/* SPDX-License-Identifier: Apache-2.0
 * The program's entry. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return cmd_main(argc, argv);
}

/* SPDX-License-Identifier: Apache-2.0
 * Help and shell completions, all from the command table. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const struct cmd_opt globals[] = {
        {"db", 0, "FILE",
         "the database ($FLEETPRINT_DB, else under"
         " $XDG_DATA_HOME)"},
        {"json", 0, NULL, "answer in JSON"},
        {"factors", 0, "DIR",
         "read factor sets from DIR instead of the"
         " built-in ones"},
        {"help", 'h', NULL, "this help"},
        {"version", 0, NULL, "the version"},
        {NULL, 0, NULL, NULL},
};

static void print_opts(FILE *to, const struct cmd_opt *opts)
{
    for (; opts->name; opts++) {
        char left[60];

        snprintf(
                left, sizeof left, "%s%c%s--%s%s%s", opts->letter ? "-" : "",
                opts->letter ? opts->letter : ' ', opts->letter ? ", " : "   ",
                opts->name, opts->arg ? " " : "", opts->arg ? opts->arg : "");
        fprintf(to, "  %-28s %s\n", left, opts->help);
    }
}

static void print_usage(FILE *to, const struct cmd *cmd)
{
    fprintf(to, "fleetprint %s%s%s%s%s", cmd->noun, cmd->verb ? " " : "",
            cmd->verb ? cmd->verb : "", cmd->args ? " " : "",
            cmd->args ? cmd->args : "");
}

void cmd_help_one(FILE *to, const struct cmd *cmd)
{
    fprintf(to, "%s.\n\n", cmd->summary);
    if (cmd->examples)
        fprintf(to, "Examples:\n%s\n\n", cmd->examples);
    fputs("Usage: ", to);
    print_usage(to, cmd);
    fputs(" [OPTION]...\n", to);
    if (cmd->opts) {
        fputs("\nOptions:\n", to);
        print_opts(to, cmd->opts);
    }
    fputs("\nGlobal options:\n", to);
    print_opts(to, globals);
}

void cmd_help_all(FILE *to)
{
    const char *group = "";

    fputs("The carbon footprint of a computing fleet, from the factory to the"
          " second life.\n\nExamples:\n"
          "  fleetprint import fleet.csv\n"
          "  fleetprint report year 2025 --format html -o report.html\n"
          "  fleetprint serve\n",
          to);
    for (int i = 0; cmd_table[i]; i++) {
        const struct cmd *cmd = cmd_table[i];
        char words[40];

        if (strcmp(group, cmd->group) != 0) {
            group = cmd->group;
            fprintf(to, "\n%s:\n", group);
        }
        snprintf(
                words, sizeof words, "%s %s", cmd->noun,
                cmd->verb ? cmd->verb : "");
        fprintf(to, "  %-18s %s\n", words, cmd->summary);
    }
    fputs("\nGlobal options, anywhere on the line:\n", to);
    print_opts(to, globals);
    fputs("\nExit status: 0 done, 1 failed, 2 usage, 3 done but some rows"
          " refused.\n'fleetprint COMMAND --help' tells more.\n",
          to);
}

bool cmd_help_noun(FILE *to, const char *noun, const char *verb)
{
    bool found = false;

    for (int i = 0; cmd_table[i]; i++) {
        const struct cmd *cmd = cmd_table[i];

        if (strcmp(cmd->noun, noun) != 0)
            continue;
        if (verb && (!cmd->verb || strcmp(cmd->verb, verb) != 0))
            continue;
        if (found)
            putc('\n', to);
        cmd_help_one(to, cmd);
        found = true;
    }
    return found;
}

static int run_help(struct cmd_call *c, struct err *err)
{
    if (c->argc == 0) {
        cmd_help_all(stdout);
        return CMD_DONE;
    }
    if (cmd_help_noun(stdout, c->argv[0], c->argc > 1 ? c->argv[1] : NULL))
        return CMD_DONE;
    err_set(err, ERR_USAGE, "no command '%s'; 'fleetprint help' lists them",
            c->argv[0]);
    return CMD_ERR;
}

const struct cmd cmd_help = {
        .noun = "help",
        .group = "Help",
        .summary = "Explains a command, or lists all",
        .args = "[COMMAND [VERB]]",
        .max_args = 2,
        .examples = "  fleetprint help import",
        .run = run_help,
};

/* ---- completions --------------------------------------------------------- */

static void each_noun(void (*emit)(const struct cmd *))
{
    for (int i = 0; cmd_table[i]; i++)
        if (i == 0 || strcmp(cmd_table[i]->noun, cmd_table[i - 1]->noun) != 0)
            emit(cmd_table[i]);
}

static void emit_word(const struct cmd *cmd)
{
    printf("%s ", cmd->noun);
}

static void emit_case(const struct cmd *cmd)
{
    if (!cmd->verb)
        return;
    printf("    %s) words='", cmd->noun);
    for (int i = 0; cmd_table[i]; i++)
        if (!strcmp(cmd_table[i]->noun, cmd->noun))
            printf("%s ", cmd_table[i]->verb);
    puts("' ;;");
}

static void bash_completion(void)
{
    puts("# bash completion of fleetprint, made from its command table\n"
         "_fleetprint() {\n"
         "    local words=''\n"
         "    if [ \"$COMP_CWORD\" = 1 ]; then");
    fputs("        words='", stdout);
    each_noun(emit_word);
    puts("'\n"
         "    else case ${COMP_WORDS[1]} in");
    each_noun(emit_case);
    puts("    esac; fi\n"
         "    COMPREPLY=($(compgen -o default -W \"$words\" --"
         " \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "}\n"
         "complete -F _fleetprint fleetprint");
}

static void fish_completion(void)
{
    for (int i = 0; cmd_table[i]; i++) {
        const struct cmd *cmd = cmd_table[i];

        if (cmd->verb)
            printf("complete -c fleetprint -n '__fish_seen_subcommand_from %s'"
                   " -a %s -d '%s'\n",
                   cmd->noun, cmd->verb, cmd->summary);
        else
            printf("complete -c fleetprint -n __fish_use_subcommand -a %s"
                   " -d '%s'\n",
                   cmd->noun, cmd->summary);
    }
}

static int run_completion(struct cmd_call *c, struct err *err)
{
    const char *shell = c->argv[0];

    if (!strcmp(shell, "bash") || !strcmp(shell, "zsh")) {
        if (shell[0] == 'z')
            puts("autoload -U +X bashcompinit && bashcompinit");
        bash_completion();
        return CMD_DONE;
    }
    if (!strcmp(shell, "fish")) {
        fish_completion();
        return CMD_DONE;
    }
    err_set(err, ERR_USAGE, "no completion for '%s': bash, zsh or fish", shell);
    return CMD_ERR;
}

const struct cmd cmd_completion = {
        .noun = "completion",
        .group = "Help",
        .summary = "Prints a completion script for a shell",
        .args = "bash|zsh|fish",
        .min_args = 1,
        .max_args = 1,
        .examples = "  fleetprint completion bash >"
                    " /etc/bash_completion.d/fleetprint",
        .run = run_completion,
};

/* SPDX-License-Identifier: Apache-2.0
 * Folders of small files, for tests of formats that read trees. */
#ifndef TESTS_LIB_IMPORTERS_TREE_H
#define TESTS_LIB_IMPORTERS_TREE_H

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "unit.h"

/* Makes the folders above path, then the file. */
static inline void tree_file(const char *root, const char *name, const char *s)
{
    char path[400];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", root, name);
    for (char *p = path + strlen(root); (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        mkdir(path, 0700);
        *p = '/';
    }
    f = fopen(path, "wb");
    UNIT_CHECK(f && fputs(s, f) >= 0, "%s", path);
    if (f)
        fclose(f);
}

/* Removes the folder and what is in it. */
static inline void tree_remove(const char *root)
{
    DIR *d = opendir(root);
    const struct dirent *e;

    while (d && (e = readdir(d)) != NULL) {
        char path[400];

        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%.180s/%.200s", root, e->d_name);
        if (remove(path) != 0)
            tree_remove(path);
    }
    if (d)
        closedir(d);
    remove(root);
}

#endif

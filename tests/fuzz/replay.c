/* SPDX-License-Identifier: Apache-2.0
 * Plain driver: gives every file of a folder to the fuzz target, so that the
 * corpus is a test with any compiler. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int replay(const char *folder, const char *name)
{
    char path[1024];
    uint8_t *bytes;
    long len;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0 || (len = ftell(f)) < 0) {
        fprintf(stderr, "cannot read '%s'\n", path);
        exit(1);
    }
    rewind(f);
    /* Exactly as long as the file, so that ASan sees a read beyond it. */
    bytes = malloc(len ? (size_t)len : 1);
    if (!bytes || fread(bytes, 1, (size_t)len, f) != (size_t)len) {
        fprintf(stderr, "cannot read '%s'\n", path);
        exit(1);
    }
    fclose(f);
    LLVMFuzzerTestOneInput(bytes, (size_t)len);
    free(bytes);
    return 1;
}

int main(int argc, char **argv)
{
    struct dirent *e;
    int files = 0;
    DIR *d;

    if (argc != 2 || !(d = opendir(argv[1]))) {
        fputs("usage: replay FOLDER\n", stderr);
        return 2;
    }
    while ((e = readdir(d)))
        if (e->d_name[0] != '.')
            files += replay(argv[1], e->d_name);
    closedir(d);
    printf("%d files replayed\n", files);
    return files ? 0 : 1;
}

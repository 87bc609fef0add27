/* SPDX-License-Identifier: Apache-2.0
 * Files that hold other files, or are no text at all: what they are, and what
 * to do with them, for a refusal. */
#include "importers/input_priv.h"

#include <string.h>

#include "base/file.h"

enum { LOOK = 512 };

static const struct {
    size_t at;
    const char *bytes;
    size_t len;
    const char *what;
    bool archive; /* that can be unpacked */
} kinds[] = {
        {0, "PK\x03\x04", 4, "a zip archive: unpack it and import the folder",
         true},
        {0, "PK\x05\x06", 4, "an empty zip archive", false},
        {257, "ustar", 5, "a tar archive: unpack it and import the folder",
         true},
        {0, "BZh", 3, "packed by bzip2: unpack it first; gzip alone is read",
         false},
        {0,
         "\xFD"
         "7zXZ",
         5, "packed by xz: unpack it first; gzip alone is read", false},
        {0, "\x28\xB5\x2F\xFD", 4,
         "packed by zstd: unpack it first; gzip alone is read", false},
        {0, "7z\xBC\xAF", 4, "a 7z archive: unpack it and import the folder",
         false},
        {0, "Rar!", 4, "a rar archive: unpack it and import the folder", false},
        {0, "\xD0\xCF\x11\xE0", 4, "a workbook: save the sheet as CSV", false},
        {0, "SQLite format 3", 15,
         "a database: export from it, or name it with --db", false},
        {0, "%PDF-", 5, "a PDF document, expected an inventory", false},
        {0,
         "\x7F"
         "ELF",
         4, "a program, expected an inventory", false},
        {0, "\x89PNG", 4, "a picture, expected an inventory", false},
        {0, "\xFF\xD8\xFF", 3, "a picture, expected an inventory", false},
};

static bool
has(const char *head, size_t len, size_t at, const char *bytes, size_t n)
{
    return len >= at + n && memcmp(head + at, bytes, n) == 0;
}

/* Workbooks are zip archives whose first member is one of these. */
static bool is_workbook(const char *head, size_t len)
{
    static const char *const members[] = {
            "[Content_Types].xml", "_rels/", "xl/", "docProps/",
            "mimetypeapplication/vnd.oasis.opendocument"};

    if (!has(head, len, 0, "PK\x03\x04", 4))
        return false;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (has(head, len, 30, members[i], strlen(members[i])))
            return true;
    return false;
}

const char *imp_packed(const char *path, bool *archive)
{
    const char *what = NULL;
    char head[LOOK];
    FILE *in = NULL;
    size_t len;

    *archive = false;
    if (!file_open(path, &in, NULL))
        return NULL;
    len = fread(head, 1, sizeof head, in);
    if (is_workbook(head, len))
        what = "a workbook: save the sheet as CSV";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !what; i++)
        if (has(head, len, kinds[i].at, kinds[i].bytes, kinds[i].len))
            what = kinds[i].what, *archive = kinds[i].archive;
    if (in != stdin)
        fclose(in);
    else
        rewind(stdin);
    return what;
}

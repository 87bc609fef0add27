/* SPDX-License-Identifier: Apache-2.0
 * Build tool: writes files as one C table of names, bytes and sizes. */
#include <stdio.h>
#include <stdlib.h>

static void fail(const char *what, const char *name)
{
    fprintf(stderr, "embed: cannot %s '%s'\n", what, name);
    exit(1);
}

static void write_bytes(FILE *out, const char *name, int index)
{
    FILE *in = fopen(name, "rb");
    unsigned long size = 0;
    int c;

    if (!in)
        fail("open", name);
    fprintf(out, "static const unsigned char f%d[] = {", index);
    while ((c = getc(in)) != EOF)
        fprintf(out, "%s%d,", size++ % 24 ? "" : "\n", c);
    if (ferror(in))
        fail("read", name);
    /* A trailing NUL, not counted, lets text be used as a C string. */
    fprintf(out, "0};\nenum { n%d = %lu };\n", index, size);
    fclose(in);
}

int main(int argc, char **argv)
{
    FILE *out;

    if (argc < 4) {
        fputs("usage: embed OUT SYMBOL FILE...\n", stderr);
        return 2;
    }
    out = fopen(argv[1], "w");
    if (!out)
        fail("write", argv[1]);
    fputs("#include \"base/embed.h\"\n", out);
    for (int i = 3; i < argc; i++)
        write_bytes(out, argv[i], i);
    fprintf(out, "extern const struct embed_file %s[];\n", argv[2]);
    fprintf(out, "const struct embed_file %s[] = {\n", argv[2]);
    for (int i = 3; i < argc; i++)
        fprintf(out, "    {\"%s\", f%d, n%d},\n", argv[i], i, i);
    fputs("    {0, 0, 0}};\n", out);
    if (fclose(out) != 0)
        fail("finish", argv[1]);
    return 0;
}

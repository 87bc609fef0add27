/* SPDX-License-Identifier: Apache-2.0
 * nvidia-smi -q -x: the cards of one machine, which the file does not name. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "base/xml.h"
#include "importers/hardware_priv.h"

enum {
    SMI_MAX_BOARDS = 512,
    SMI_MAX_DOC = 16 * 1024 * 1024, /* bytes of one answer */
};

/* nvidia_smi_log is 1 deep, gpu 2, what it says of itself 3. */
struct smi {
    struct imp_host host;
    int depth;
    bool gpu;
    const char *name, *serial, *pci_id, *board;
    bool multi; /* several GPUs on one board */
    bool slice; /* of a card that the host of this guest has */
    const char *boards[SMI_MAX_BOARDS];
    size_t n_boards;
    uint32_t gpus;
    double attached;
};

static void gpu_begin(struct smi *s)
{
    s->name = s->serial = s->pci_id = s->board = NULL;
    s->multi = s->slice = false;
}

/* "218210DE": the device, then who made it; 0 where it is not told. */
static unsigned long pci_of(const struct smi *s)
{
    return s->pci_id && strlen(s->pci_id) >= 8 ? strtoul(s->pci_id, NULL, 16)
                                               : 0;
}

/* "Graphics Device" is a card newer than the driver: its PCI id tells. */
static const char *name_of(struct smi *s)
{
    const char *name = imp_host_text(&s->host, "product_name", s->name);
    unsigned long id = pci_of(s);

    if (name && !text_same(name, "graphics device"))
        return name;
    return imp_pci_gpu((unsigned)(id & 0xFFFF), (unsigned)(id >> 16 & 0xFFFF));
}

/* Boards of two or four GPUs: Tesla K10, K80, M10 and M60, GRID K1 and K2. */
static bool many_dies(unsigned long id)
{
    static const unsigned long ids[] = {0x118F10DE, 0x102D10DE, 0x13BD10DE,
                                        0x13F210DE, 0x0FF210DE, 0x11BF10DE};

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (id == ids[i])
            return true;
    return false;
}

/* The two dies of a K80 are one board. A guest that both are lent to is told
 * that each is alone on a board of its own; the serial number is one. */
static bool same_board(struct smi *s)
{
    const char *board = s->multi ? s->board : NULL;

    if (!board && many_dies(pci_of(s)))
        board = imp_host_text(&s->host, "serial", s->serial);
    if (!board)
        return false;
    for (size_t i = 0; i < s->n_boards; i++)
        if (strcmp(s->boards[i], board) == 0)
            return true;
    if (s->n_boards < SMI_MAX_BOARDS)
        s->boards[s->n_boards++] = board;
    return false;
}

static void gpu_end(struct smi *s)
{
    const char *name = name_of(s);

    s->gpus++;
    if (same_board(s))
        return;
    if (s->slice) {
        imp_host_warn(
                &s->host,
                "'%.60s' is a slice of its host's card, which is no part of "
                "this guest",
                name ? name : "a virtual GPU");
        s->host.m.is_virtual = 1;
        return;
    }
    if (!name)
        imp_host_warn(&s->host, "a card without a name");
    imp_host_part(&s->host, CALC_GPU, name, s->serial, 1, NAN);
}

static bool on_start(
        void *ctx, const char *element, const struct xml_attr *attrs, size_t n,
        struct err *err)
{
    struct smi *s = ctx;

    (void)attrs, (void)n;
    s->depth++;
    if (s->depth == 1 && strcmp(element, "nvidia_smi_log") != 0)
        return err_set(
                err, ERR_INVALID,
                "the root is '%.60s', expected nvidia_smi_log as nvidia-smi "
                "-q -x writes it",
                element);
    if (s->depth == 2) {
        s->gpu = strcmp(element, "gpu") == 0;
        if (s->gpu)
            gpu_begin(s);
    }
    return true;
}

static const char *keep(struct smi *s, const char *text)
{
    return text[0] ? arena_strn(
                             &s->host.arena, text,
                             strnlen(text, 4 * WIRE_MAX_TEXT + 1))
                   : NULL;
}

static void on_value(struct smi *s, const char *element, const char *text)
{
    if (strcmp(element, "product_name") == 0)
        s->name = keep(s, text);
    else if (strcmp(element, "serial") == 0)
        s->serial = keep(s, text);
    else if (strcmp(element, "board_id") == 0)
        s->board = keep(s, text);
    else if (strcmp(element, "multigpu_board") == 0)
        s->multi = text_same(text, "yes");
}

static bool
on_end(void *ctx, const char *element, const char *text, struct err *err)
{
    struct smi *s = ctx;

    (void)err;
    if (s->gpu && s->depth == 3)
        on_value(s, element, text);
    else if (s->gpu && s->depth == 4 && strcmp(element, "pci_device_id") == 0)
        s->pci_id = keep(s, text);
    else if (
            s->gpu && s->depth == 4 &&
            strcmp(element, "virtualization_mode") == 0)
        s->slice = text_same(text, "vgpu");
    else if (s->depth == 2 && s->gpu)
        gpu_end(s);
    else if (s->depth == 2 && strcmp(element, "attached_gpus") == 0)
        s->attached = imp_number(text);
    s->depth--;
    return true;
}

static bool deliver(struct smi *s, struct err *err)
{
    struct imp_host *h = &s->host;

    if (s->gpus == 0) {
        err_set(err, ERR_INVALID, "no gpu in the log");
        err_in(err, "%s", h->file);
        return false;
    }
    if (s->attached > s->gpus) { /* nvidia-smi -i 0, or a log that was cut */
        h->m.open_kinds = 1u << CALC_GPU;
        imp_host_warn(
                h, "%g cards are attached but %u are in the log", s->attached,
                (unsigned)s->gpus);
    }
    h->m.name = imp_host_file_name(h);
    h->m.partial = true;
    imp_host_warn(
            h,
            "the file does not say whose cards these are: taken as of '%s', "
            "after its name",
            h->m.name ? h->m.name : h->file);
    return imp_host_deliver(h, err);
}

/* ---- the answer --------------------------------------------------------- */

/* What a program is called may hold any bytes, marks of XML among them, and is
 * of no interest: blanks take its place. */
static void blank_names(char *text)
{
    static const char open[] = "<process_name>", close[] = "</process_name>";

    for (char *from = text, *to; (from = strstr(from, open)) != NULL;
         from = to) {
        from += strlen(open);
        to = strstr(from, close);
        if (!to)
            return;
        memset(from, ' ', (size_t)(to - from));
    }
}

/* nvidia-smi -l writes one answer after the other, and "WARNING: infoROM is
 * corrupted" behind the last: the first is kept, *more tells that one follows.
 * Other markup stays, for the parser to refuse. */
static void cut_behind(struct buf *out, size_t end, bool *more)
{
    const char *rest = out->p + end;

    *more = strstr(rest, "<nvidia_smi_log") != NULL;
    if (*more || rest[text_blank_start(rest, strlen(rest))] != '<') {
        out->len = end;
        out->p[end] = '\0';
    }
}

/* Up to the end of the first answer and what directly follows; without an end,
 * as in UTF-16, the whole file. */
static bool first_answer(FILE *in, struct buf *out, bool *more, struct err *err)
{
    static const char last[] = "</nvidia_smi_log>";
    char chunk[16384];
    size_t n, seen = 0, end = 0;

    while ((n = fread(chunk, 1, sizeof chunk, in)) > 0) {
        const char *at;

        if (!buf_add(out, chunk, n))
            return err_set(
                    err, ERR_LIMIT, "an answer of more than %d MiB",
                    SMI_MAX_DOC >> 20);
        if (end)
            break;
        at = strstr(out->p + seen, last);
        if (at)
            end = (size_t)(at - out->p) + strlen(last);
        seen = out->len > sizeof last ? out->len - sizeof last : 0;
    }
    if (ferror(in))
        return err_set(err, ERR_IO, "cannot be read to its end");
    if (end)
        cut_behind(out, end, more);
    return true;
}

static bool read_answer(struct smi *s, FILE *in, struct err *err)
{
    const struct xml_handler handler = {
            .ctx = s, .start = on_start, .end = on_end};
    struct buf text;
    bool more = false, ok;
    size_t skip;

    buf_init(&text, SMI_MAX_DOC);
    ok = first_answer(in, &text, &more, err);
    if (!ok) {
        err_in(err, "%s", s->host.file);
    } else {
        skip = text_blank_start(buf_text(&text), text.len);
        if (text.len)
            blank_names(text.p);
        ok = xml_read_mem(
                buf_text(&text) + skip, text.len - skip, s->host.file, &handler,
                err);
    }
    if (ok && more)
        imp_host_warn(
                &s->host, "several answers in the file, the first is read");
    buf_clear(&text);
    return ok;
}

static bool
smi_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct smi *s = xcalloc(1, sizeof *s);
    FILE *in = NULL;
    bool ok = false;

    imp_host_open(&s->host, sink, path);
    if (!file_open(path, &in, err) || !read_answer(s, in, err))
        goto done;
    ok = deliver(s, err);
done:
    if (in && in != stdin)
        fclose(in);
    imp_host_close(&s->host);
    free(s);
    return ok;
}

static int smi_recognise(const char *head, size_t len, const char *file_name)
{
    char root[24];

    (void)file_name;
    return xml_root(head, len, root, sizeof root) &&
                           strcmp(root, "nvidia_smi_log") == 0
                   ? 95
                   : 0;
}

const struct imp_format imp_nvidia_smi_xml = {
        .name = "nvidia-smi-xml",
        .what = "nvidia-smi -q -x: the cards of the machine the file is named "
                "after",
        .recognise = smi_recognise,
        .read = smi_read,
};

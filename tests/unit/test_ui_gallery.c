/* SPDX-License-Identifier: Apache-2.0
 * Every component on one page, in both languages and both modes: well formed,
 * nothing styled or scripted inline, clean under tidy. `test_ui_gallery DIR`
 * writes the pages there to be looked at. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ui/ui.h"
#include "unit.h"

#define HOSTILE "<script>alert(\"x\")</script> & 'y' \x01\x1b \xff end"

static const struct ui_link nav[] = {
        {"/", "Dashboard"},       {"/machines", "Machines"},
        {"/parts", "Parts"},      {"/import", "Import"},
        {"/energy", "Energy"},    {"/reports", "Reports"},
        {"/advice", "Scenarios"}, {"/factors", "Factors"}};

static void figures(struct ui *u)
{
    const struct ui_balance balance = {
            .fabrication =
                    {.value = 352000,
                     .low = 214000,
                     .high = 561000,
                     .badge = UI_ACQ,
                     .why = "#why-gross"},
            .operation =
                    {.value = 8672.4,
                     .low = 6990.5,
                     .high = 10636.3,
                     .badge = UI_AMORT,
                     .why = "#why-gross"},
            .ratio =
                    {.value = 40.59,
                     .low = 19.3,
                     .high = 77.1,
                     .unit = UI_YEARS},
            .fabrication_words = ui_t(u, T_FABRICATION_WORDS),
            .operation_words = ui_t(u, T_OPERATION_WORDS),
            .ratio_words = ui_t(u, T_RATIO_WORDS)};

    ui_section_begin(u, "figures", "Figures");
    ui_balance(u, &balance);
    ui_p_begin(u);
    ui_text(u, "A sunk figure ");
    ui_q(u, &(struct ui_q){.value = 0.042, .badge = UI_SUNK});
    ui_text(u, ", an unknown one ");
    ui_q(u, &(struct ui_q){.value = NAN, .reason = "no grid factor for 2019"});
    ui_text(u, ", a tag ");
    ui_tag(u, ui_of(u, "status", "in_service"), UI_NEUTRAL);
    ui_text(u, " ");
    ui_tag(u, "UNKNOWN_MODEL", UI_WARNING);
    ui_text(u, ", a link ");
    ui_link(u, "#figures", "to this section");
    ui_text(u, " and a source ");
    ui_source_link(u, "https://example.org/data", "Example data");
    ui_muted(u, " (2023)");
    ui_strong(u, ".");
    ui_p_end(u);
    ui_dl_begin(u);
    ui_dl(u, ui_t(u, T_REPORT_PERIOD),
          ui_date_text(u, (struct date){2024, 7, 1}));
    ui_dl(u, ui_t(u, T_REPORT_SITE), NULL);
    ui_dl_q(u, ui_t(u, T_SITE_KWH), &UI_V(433620, UI_KWH));
    ui_dl_end(u);
    ui_notice(u, UI_WARNING, NULL, ui_t(u, T_PUE_DEFAULT));
    ui_notice(u, UI_ERROR, NULL, "the file has no header row");
    ui_notice(u, UI_NEUTRAL, "Import done.", "337 machines, 3 refused.");
    ui_list_begin(u);
    ui_item(u, ui_say(u, T_ATTENTION_SILENT, UI_N(1204)));
    ui_item_begin(u);
    ui_link(u, "/machines?unknown=1", ui_say(u, T_ATTENTION_UNKNOWN, UI_N(1)));
    ui_item_end(u);
    ui_list_end(u);
    ui_section_end(u);
}

static const struct ui_col cols[] = {
        {.head = T_COL_TAG,
         .kind = UI_COL_HEAD,
         .sort = "?sort=tag",
         .sorted = 1},
        {.head = T_COL_MODEL},
        {.head = T_COL_CATEGORY},
        {.head = T_COL_MANUFACTURED},
        {.head = T_COL_UNITS, .kind = UI_COL_NUMBER},
        {.head = T_COL_GROSS, .kind = UI_COL_NUMBER},
        {.head = T_COL_OPERATION, .kind = UI_COL_NUMBER},
        {.kind = UI_COL_ACTION}};

static void rows(struct ui *u, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char tag[32];

        snprintf(tag, sizeof tag, "node-%zu", i + 1);
        ui_row(u);
        ui_cell_link(u, "/machines/node-1", tag);
        ui_cell(u, i == 1 ? HOSTILE : "PowerEdge R740");
        ui_cell_word(u, ui_word_for("category", i % 2 ? "gpu_node" : "server"));
        ui_cell_date(u, (struct date){2019, 7, 0});
        ui_cell_count(u, 1200 * (double)i);
        ui_cell_q(
                u, &(struct ui_q){
                           .value = i == 2 ? NAN : 1278.0,
                           .low = 900,
                           .high = 1800,
                           .badge = UI_ACQ,
                           .why = "#why-gross"});
        ui_cell_value(u, 26.28, UI_KG);
        ui_cell_begin(u);
        ui_link(u, "/machines/node-1/edit", ui_t(u, T_EDIT));
        ui_cell_end(u);
    }
}

static void tables(struct ui *u)
{
    const struct ui_table list = {
            .id = "list",
            .caption = ui_t(u, T_MACHINES_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .note = "Made: month of manufacture where it is known."};
    struct ui_table none = list;
    const struct ui_link ways[] = {
            {"/import", ui_t(u, T_WAY_IMPORT)},
            {"/import?sample=1", ui_t(u, T_WAY_SAMPLE)},
            {"/machines/new", ui_t(u, T_WAY_ADD)}};

    ui_section_begin(u, "tables", "Tables and lists");
    ui_chips_begin(u, ui_t(u, T_FILTERS_IN_FORCE));
    ui_chip(u, "Status: in service", "/machines?kind=gpu");
    ui_chip(u, HOSTILE, "/machines?status=in_service");
    ui_chips_end(u);
    ui_table_begin(u, &list, 4);
    rows(u, 4);
    ui_row_total(u);
    ui_cell_word(u, T_TOTAL);
    ui_cell_blank(u);
    ui_cell_blank(u);
    ui_cell_blank(u);
    ui_cell_count(u, 7200);
    ui_cell_value(u, 3834, UI_KG);
    ui_cell_number(u, 105.12, 1);
    ui_cell_blank(u);
    ui_table_end(u);
    ui_pager(
            u, &(struct ui_pager){
                       .first = 1,
                       .last = 100,
                       .total = 1297,
                       .next_href = "/machines?page=2"});
    none.id = NULL;
    ui_table_begin(u, &none, 0);
    ui_table_end(u);
    ui_empty(u, ui_t(u, T_DASH_EMPTY), ui_t(u, T_MACHINES_EMPTY_TEXT), ways, 3);
    ui_section_end(u);
}

static void edit_form(struct ui *u)
{
    const struct ui_option models[] = {
            {"RTX 2080 Ti", "754 mm2, 250 W, 2018"},
            {"Tesla T4", "545 mm2, 70 W, 2018"}};
    const struct ui_field edit[] = {
            {.kind = UI_FIELD_TEXT,
             .name = "gpu",
             .label = "GPU",
             .value = HOSTILE,
             .options = models,
             .n_options = 2},
            {.kind = UI_FIELD_NUMBER,
             .name = "power",
             .label = ui_t(u, T_COL_POWER),
             .value = "-4",
             .unit = "W",
             .help = "mean over the year",
             .error = "must be 0 or more",
             .required = true},
            {.kind = UI_FIELD_CHECK,
             .name = "spare",
             .label = ui_t(u, T_STATUS_SPARE),
             .value = "1"},
            {.kind = UI_FIELD_AREA,
             .name = "note",
             .label = ui_t(u, T_NOTE),
             .value = "</textarea>"},
            {.kind = UI_FIELD_FILE,
             .name = "file",
             .label = ui_t(u, T_IMPORT_FILE)},
            {.kind = UI_FIELD_HIDDEN, .name = "back", .value = "/"}};

    ui_form_begin(
            u, &(struct ui_form){
                       UI_FORM_UPLOAD, "/machines/a", ui_t(u, T_EDIT), "tok"});
    ui_form_errors(u, edit, sizeof edit / sizeof *edit);
    for (size_t i = 0; i < sizeof edit / sizeof *edit; i++)
        ui_field(u, &edit[i]);
    ui_button(u, ui_t(u, T_CANCEL), "cancel", "1");
    ui_text(u, " ");
    ui_form_end(u, ui_t(u, T_SAVE));
}

static void forms(struct ui *u)
{
    const struct ui_option statuses[] = {
            {"", ui_t(u, T_FILTER_ANY)},
            {"in_service", ui_t(u, T_STATUS_IN_SERVICE)},
            {"retired", ui_t(u, T_STATUS_RETIRED)}};
    ui_section_begin(u, "forms", "Forms");
    ui_form_begin(
            u, &(struct ui_form){
                       UI_FORM_FILTER, "/machines", ui_t(u, T_FILTERS), NULL});
    ui_field(
            u, &(struct ui_field){
                       .kind = UI_FIELD_SEARCH,
                       .name = "text",
                       .label = ui_t(u, T_FILTER_TEXT),
                       .value = "r740"});
    ui_field(
            u, &(struct ui_field){
                       .kind = UI_FIELD_SELECT,
                       .name = "status",
                       .label = ui_t(u, T_COL_STATUS),
                       .value = "in_service",
                       .options = statuses,
                       .n_options = 3});
    ui_form_end(u, ui_t(u, T_APPLY));
    edit_form(u);
    ui_section_end(u);
}

static void why(struct ui *u)
{
    const struct ui_why_row factors[] = {
            {"RAM, base", "5.22 kg", "boavizta-2021", "15878f0",
             "Boavizta/boaviztapi", "https://github.com/Boavizta/boaviztapi",
             "C"},
            {"RAM, die", "2.20 kg/cm\u00b2", "boavizta-2021", "15878f0",
             HOSTILE, "javascript:alert(1)", "C"}};

    ui_why(u,
           &(struct ui_why){
                   .id = "why-gross",
                   .title = ui_t(u, T_WHY_TITLE),
                   .formula = "modules \u00d7 (base + GB per module \u00d7 kg "
                              "per cm\u00b2 / GB per cm\u00b2)",
                   .filled = "4608 \u00d7 (5.22 + 16 \u00d7 2.20 / 1.2444) = "
                             "154 403 kg",
                   .rows = factors,
                   .n = 2});
}

static void bar_charts(struct ui *u)
{
    const struct ui_bar kinds[] = {
            {"Memory", 154403, 92000, 284000, UI_FABRICATION, NULL, "44 %"},
            {"Cases", 50550, 42000, 61000, UI_FABRICATION, "/parts?k=case",
             "14 %"},
            {"Hard disks", 40350, 33000, 49000, UI_FABRICATION, NULL, "11 %"},
            {"Screens, of every size and age, with their stands and cables "
             "where these were listed",
             36298, 20000, 61000, UI_FABRICATION, NULL, "10 %"},
            {HOSTILE, 2251, 0, 0, UI_OTHERS, NULL, "0.64 %"},
            {"Network cards", NAN, NAN, NAN, UI_OTHERS, NULL, NULL}};
    const struct ui_bar pair[] = {
            {ui_t(u, T_FABRICATION_GROSS), 352000, 214000, 561000,
             UI_FABRICATION, NULL, NULL},
            {ui_t(u, T_OPERATION_YEAR), 8672.4, 6990, 10636, UI_OPERATION, NULL,
             "\u00d7 40.6"}};
    struct ui_chart c = {
            .id = "by-kind",
            .title = "RAM is 44 % of what this fleet cost to make",
            .subtitle = "Gross stock, t CO\u2082e, with 95 % interval",
            .source = "boavizta-2021 at 15878f0",
            .method = "1",
            .unit = UI_KG};

    ui_columns_begin(u);
    ui_chart_bars(u, &c, ui_t(u, T_COL_KIND), kinds, 6);
    c.id = "pair";
    c.title = ui_say(u, T_PAIR_FINDING, UI_S("40.6"));
    c.subtitle = ui_t(u, T_PAIR_SUBTITLE);
    ui_chart_bars(u, &c, ui_t(u, T_COL_LINE), pair, 2);
    ui_columns_end(u);
}

enum { AGES = 18 };

static void stack_charts(struct ui *u)
{
    static const char *const years[] = {"2021", "2022", "2023", "2024"};
    static const double yearly[] = {30100, 9100, 31400, 8900,
                                    29800, 8672, NAN,   8100};
    const struct ui_series two[] = {
            {ui_t(u, T_FABRICATION_CHARGE), UI_FABRICATION},
            {ui_t(u, T_OPERATION), UI_OPERATION}};
    const struct ui_series warranty[] = {
            {ui_t(u, T_FLEET_OUT_OF_WARRANTY), UI_S1},
            {ui_t(u, T_FLEET_UNDER_WARRANTY), UI_S2}};
    char names[AGES][16];
    const char *labels[AGES];
    double machines[AGES * 2];
    struct ui_chart c = {
            .id = "per-year",
            .title = ui_t(u, T_YEARS_FINDING),
            .subtitle = "t CO\u2082e",
            .source = "fleet register",
            .unit = UI_KG};

    for (int i = 0; i < AGES; i++) {
        snprintf(names[i], sizeof names[i], "%d", 2008 + i);
        labels[i] = names[i];
        machines[2 * i] = i < 13 ? (i * 7) % 40 : 2;
        machines[2 * i + 1] = i < 13 ? 0 : 3 * (i - 12);
    }
    ui_columns_begin(u);
    ui_chart_stack(
            u, &c,
            &(struct ui_stack){
                    .label_head = ui_t(u, T_YEAR),
                    .labels = years,
                    .n = 4,
                    .series = two,
                    .n_series = 2,
                    .values = yearly});
    c.id = "ages";
    c.title = ui_say(u, T_AGE_FINDING, UI_S("90 %"));
    c.subtitle = ui_t(u, T_AGE_SUBTITLE);
    c.unit = UI_COUNT;
    ui_chart_stack(
            u, &c,
            &(struct ui_stack){
                    .label_head = ui_t(u, T_YEAR),
                    .labels = labels,
                    .n = AGES,
                    .series = warranty,
                    .n_series = 2,
                    .values = machines,
                    .unknown = ui_say(u, T_N_NOT_PLACED, UI_N(12))});
    ui_columns_end(u);
}

static void series_chart(struct ui *u)
{
    static const char *const labels[] = {"A"};
    static const double values[] = {7, 6, 5, 4, 3, 2, 1, 1};
    static const struct ui_series series[] = {
            {"one", UI_S1},   {"two", UI_S2},     {"three", UI_S3},
            {"four", UI_S4},  {"five", UI_S5},    {"six", UI_S6},
            {"seven", UI_S7}, {"rest", UI_OTHERS}};
    const struct ui_chart c = {
            .id = "series", .title = "Eight series", .unit = UI_RATIO};

    ui_chart_stack(
            u, &c,
            &(struct ui_stack){
                    .label_head = "Group",
                    .labels = labels,
                    .n = 1,
                    .series = series,
                    .n_series = 8,
                    .values = values});
}

static void other_charts(struct ui *u)
{
    const struct ui_step steps[] = {
            {ui_t(u, T_STOCK_OPENING), 331000, true, UI_NEUTRAL},
            {ui_t(u, T_STOCK_IN_NEW), 24000, false, UI_NEUTRAL},
            {ui_t(u, T_STOCK_IN_USED), 18500, false, UI_NEUTRAL},
            {ui_t(u, T_STOCK_OUT_RETIRED), -16000, false, UI_NEUTRAL},
            {ui_t(u, T_STOCK_OUT_GIVEN), -5500, false, UI_NEUTRAL},
            {ui_t(u, T_STOCK_CLOSING), 352000, true, UI_NEUTRAL}};
    struct ui_chart c = {
            .id = "stock",
            .title = ui_say(u, T_WATERFALL_FINDING, UI_D(2024)),
            .subtitle = ui_t(u, T_STOCK_CAPTION),
            .unit = UI_KG};

    ui_columns_begin(u);
    ui_chart_waterfall(u, &c, ui_t(u, T_COL_LINE), steps, 6);
    series_chart(u);
    ui_columns_end(u);
    c.id = "nothing";
    ui_chart_bars(u, &c, ui_t(u, T_COL_KIND), NULL, 0);
}

static void gallery(struct ui *u)
{
    static const struct ui_pair identity[] = {
            {"Site", "Test hall"},
            {"Period", "2024-01-01 / 2025-01-01"},
            {"Document hash", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c"
                              "d15d6c15b0f00a08"}};
    static const struct ui_link contents[] = {
            {"#figures", "Figures"},
            {"#tables", "Tables and lists"},
            {"#forms", "Forms"},
            {"#charts", "Charts"}};
    static const struct ui_link crumbs[] = {{"/", "Dashboard"}};
    static const struct ui_link action = {"/machines/new", "Add a machine"};
    static const struct ui_link account = {"/account", "admin"};

    ui_page_begin(
            u, &(struct ui_page){
                       .title = ui_say(u, T_REPORT_YEAR_TITLE, UI_D(2024)),
                       .path = "/gallery?a=1&lang=en&theme=dark&b=2",
                       .query = HOSTILE,
                       .nav = nav,
                       .n_nav = sizeof nav / sizeof *nav,
                       .current = "/machines",
                       .crumbs = crumbs,
                       .n_crumbs = 1,
                       .action = &action,
                       .account = &account,
                       .foot = "Test hall \u00b7 2024 \u00b7 </style> \"q\"",
                       .wide = true});
    ui_cover(
            u, &(struct ui_cover){
                       "From the factory to the second life", identity, 3,
                       contents, 4});
    figures(u);
    tables(u);
    forms(u);
    ui_section_begin(u, "charts", "Charts");
    bar_charts(u);
    stack_charts(u);
    other_charts(u);
    ui_heading(u, NULL, "Derivation");
    why(u);
    ui_section_end(u);
}

static char *page(enum ui_lang lang, enum ui_mode mode)
{
    struct out *out = xcalloc(1, sizeof *out);
    struct buf b;
    struct err err = {0};
    struct ui u;

    buf_init(&b, 4u << 20);
    out_to_buf(out, &b);
    ui_init(&u, out, lang, mode);
    gallery(&u);
    /* Also runs outside CUnit, for write_pages. */
    CHECK(ui_page_end(&u, &err) && out_finish(out, &err));
    free(out);
    return buf_take(&b);
}

static bool save(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    size_t len = strlen(text);
    bool ok = f && fwrite(text, 1, len, f) == len;

    return f && fclose(f) == 0 && ok;
}

/* ---- tests -------------------------------------------------------------- */

static const struct {
    const char *name;
    enum ui_lang lang;
    enum ui_mode mode;
} pages[] = {
        {"served-en", UI_EN, UI_SERVED},
        {"served-fr", UI_FR, UI_SERVED},
        {"file-en", UI_EN, UI_FILE},
        {"file-fr", UI_FR, UI_FILE},
};
enum { PAGES = sizeof pages / sizeof *pages };

static void test_nothing_inline(void)
{
    static const char *const never[] = {
            " style=",  " onclick=",   " onload=", " onerror=",
            "<script>", "javascript:", "\x01",     "</textarea></textarea>"};

    for (size_t i = 0; i < PAGES; i++) {
        char *text = page(pages[i].lang, pages[i].mode);

        for (size_t k = 0; k < sizeof never / sizeof *never; k++)
            UNIT_CHECK(
                    strstr(text, never[k]) == NULL, "%s has '%s'",
                    pages[i].name, never[k]);
        UNIT_CHECK(
                strstr(text, "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;"
                             " &amp; 'y'") != NULL,
                "%s: hostile text is shown as text", pages[i].name);
        free(text);
    }
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *p = strstr(text, what); p; p = strstr(p + 1, what))
        n++;
    return n;
}

static void test_modes(void)
{
    char *served = page(UI_EN, UI_SERVED), *file = page(UI_FR, UI_FILE);

    CU_ASSERT_EQUAL(count(served, "<h1>"), 1);
    CU_ASSERT_EQUAL(count(file, "<h1>"), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(served, "<html lang=\"en\">"));
    CU_ASSERT_PTR_NOT_NULL(strstr(file, "<html lang=\"fr\">"));
    CU_ASSERT_PTR_NOT_NULL(strstr(served, "href=\"/static/style.css\""));
    CU_ASSERT_PTR_NULL(strstr(served, "<style"));
    CU_ASSERT_PTR_NOT_NULL(strstr(
            served, "<a href=\"/machines\" aria-current=\"page\">Machines"));
    /* own address, with the other language and without the old one */
    CU_ASSERT_PTR_NOT_NULL(
            strstr(served, "href=\"/gallery?a=1&amp;b=2&amp;lang=fr\""));
    CU_ASSERT_EQUAL(count(file, "<style>"), 1);
    CU_ASSERT_EQUAL(count(file, "</style>"), 1);
    CU_ASSERT_PTR_NULL(strstr(file, "<script"));
    CU_ASSERT_PTR_NULL(strstr(file, "<link"));
    CU_ASSERT_PTR_NULL(strstr(file, "href=\"/")); /* no server beside a file */
    CU_ASSERT_PTR_NULL(strstr(file, "src="));
    CU_ASSERT_PTR_NULL(strstr(file, "<nav aria-label=\"Navigation\""));
    free(served);
    free(file);
}

/* Exit status of tidy on the file, what it said in `said`; -1 without tidy.
 * tidy 5.6 is older than aria-current and inputmode, which pages need and
 * report files do without: `strict` is for files. */
static int tidy(const char *path, bool strict, char *said, size_t size)
{
    int fds[2], status = 0;
    size_t len = 0;
    ssize_t n;
    pid_t child;

    if (pipe(fds) != 0)
        return -1;
    child = fork();
    if (child == 0) {
        dup2(fds[1], STDERR_FILENO);
        dup2(fds[1], STDOUT_FILENO);
        close(fds[0]);
        execlp("tidy", "tidy", "-e", "-q", "-utf8",
               "--warn-proprietary-attributes", strict ? "yes" : "no", path,
               (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    while (len + 1 < size && (n = read(fds[0], said + len, size - 1 - len)) > 0)
        len += (size_t)n;
    said[len] = '\0';
    close(fds[0]);
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_tidy(void)
{
    for (size_t i = 0; i < PAGES; i++) {
        char path[] = "/tmp/ui-gallery-XXXXXX", said[4000] = "";
        char *text = page(pages[i].lang, pages[i].mode);
        int fd = mkstemp(path), rc;

        UNIT_CHECK(fd >= 0 && save(path, text), "cannot write %s", path);
        rc = tidy(path, pages[i].mode == UI_FILE, said, sizeof said);
        UNIT_CHECK(
                rc == 0, "%s: tidy exits %d and says: %.1500s", pages[i].name,
                rc, said);
        close(fd);
        unlink(path);
        free(text);
    }
}

static int write_pages(const char *folder)
{
    for (size_t i = 0; i < PAGES; i++) {
        char path[4096];
        char *text = page(pages[i].lang, pages[i].mode);

        snprintf(path, sizeof path, "%s/%s.html", folder, pages[i].name);
        if (!save(path, text))
            return 1;
        free(text);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const struct unit_test tests[] = {
            {"nothing inline, all escaped", test_nothing_inline},
            {"served page and file", test_modes},
            {"tidy", test_tidy},
            {NULL, NULL}};

    if (argc == 2)
        return write_pages(argv[1]);
    return unit_main("ui gallery", tests);
}

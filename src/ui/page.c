/* SPDX-License-Identifier: Apache-2.0
 * The frame around a page or a report file: head, top bar, navigation, cover,
 * foot. Served pages link the style sheet; files carry it. */
#include "ui/ui.h"

#include <stdlib.h>
#include <string.h>

#include "ui/ui_priv.h"

void ui_init(
        struct ui *u, struct out *out, enum ui_lang lang, enum ui_mode mode)
{
    *u = (struct ui){.lang = lang, .mode = mode};
    u->priv = xcalloc(1, sizeof *u->priv);
    buf_init(&u->priv->scratch, UI_TEXT_MAX);
    u->mk = mk_open(out, MK_HTML);
}

void ui_clear(struct ui *u)
{
    if (!u)
        return;
    if (u->mk)
        mk_close(u->mk, NULL);
    if (u->priv)
        buf_clear(&u->priv->scratch);
    free(u->priv);
    arena_clear(&u->words);
    *u = (struct ui){.lang = u->lang, .mode = u->mode};
}

/* ---- head --------------------------------------------------------------- */

static void meta(struct ui *u, const char *key, const char *name, const char *v)
{
    mk_begin(u->mk, "meta");
    mk_attr(u->mk, key, name);
    mk_attr(u->mk, "content", v);
    mk_end(u->mk, "meta");
}

static bool css_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c >= 0x80 || c == ' ' || c == '.' ||
           c == ',' || c == '-' || c == ':';
}

/* A CSS string: everything that is not plain becomes a hexadecimal escape, so
 * that no text can end the string, the rule or the <style>. */
static void css_string(struct buf *b, const char *text)
{
    buf_char(b, '"');
    for (; text && *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (css_plain(c))
            buf_char(b, *text);
        else
            buf_printf(b, "\\%x ", c);
    }
    buf_char(b, '"');
}

/* The foot of every printed page: the only part of the style sheet that
 * differs between files. */
static void print_rules(struct ui *u, struct buf *b, const char *foot)
{
    buf_str(b, "@page{@bottom-left{content:");
    css_string(b, foot);
    buf_str(b, "}@bottom-right{content:");
    css_string(b, ui_t(u, T_PAGE_OF_BEFORE));
    buf_str(b, " counter(page) ");
    css_string(b, ui_t(u, T_PAGE_OF_BETWEEN));
    buf_str(b, " counter(pages)}}\n");
}

static void embed_style(struct ui *u, const char *foot)
{
    const struct embed_file *css = embed_find(ui_assets, "style.css");
    struct buf *b = &u->priv->scratch;

    CHECK(css);
    mk_begin(u->mk, "style");
    mk_asset(u->mk, (const char *)css->bytes);
    print_rules(u, b, foot);
    mk_asset(u->mk, buf_text(b));
    buf_reset(b);
    mk_end(u->mk, "style");
}

static void link_assets(struct ui *u)
{
    mk_begin(u->mk, "link");
    mk_attr(u->mk, "rel", "stylesheet");
    mk_attr(u->mk, "href", "/static/style.css");
    mk_end(u->mk, "link");
    mk_begin(u->mk, "link");
    mk_attr(u->mk, "rel", "icon");
    mk_attr(u->mk, "type", "image/svg+xml");
    mk_attr(u->mk, "href", "/static/icon.svg");
    mk_end(u->mk, "link");
    mk_begin(u->mk, "script");
    mk_attr(u->mk, "src", "/static/ui.js");
    mk_attr(u->mk, "defer", "defer");
    mk_end(u->mk, "script");
}

static void head(struct ui *u, const struct ui_page *page)
{
    mk_begin(u->mk, "head");
    mk_begin(u->mk, "meta");
    mk_attr(u->mk, "charset", "utf-8");
    mk_end(u->mk, "meta");
    meta(u, "name", "viewport", "width=device-width, initial-scale=1");
    meta(u, "name", "color-scheme", "light dark");
    if (u->mode == UI_FILE)
        meta(u, "http-equiv", "Content-Security-Policy",
             "default-src 'none'; style-src 'unsafe-inline'");
    mk_begin(u->mk, "title");
    mk_textf(u->mk, "%s - %s", page->title, ui_t(u, T_PRODUCT));
    mk_end(u->mk, "title");
    if (u->mode == UI_FILE)
        embed_style(u, page->foot ? page->foot : page->title);
    else
        link_assets(u);
    mk_end(u->mk, "head");
}

/* ---- top bar ------------------------------------------------------------ */

static bool starts_with_key(const char *s, const char *key)
{
    size_t len = strlen(key);

    return strncmp(s, key, len) == 0 &&
           (s[len] == '=' || s[len] == '&' || s[len] == '\0');
}

/* Own address with lang= or theme= replaced by key=value. */
static void
preference_href(struct buf *b, const char *path, const char *key, const char *v)
{
    const char *query = strchr(path, '?');
    size_t len = query ? (size_t)(query - path) : strlen(path);
    char mark = '?';

    buf_add(b, path, len);
    for (const char *p = query ? query + 1 : NULL; p && *p;) {
        size_t n = strcspn(p, "&");

        if (n > 0 && !starts_with_key(p, "lang") &&
            !starts_with_key(p, "theme")) {
            buf_char(b, mark);
            buf_add(b, p, n);
            mark = '&';
        }
        p += n + (p[n] == '&');
    }
    buf_printf(b, "%c%s=%s", mark, key, v);
}

static void preference(
        struct ui *u, const char *path, const char *key, const char *value,
        const char *text, bool current)
{
    struct buf *b = &u->priv->scratch;

    mk_begin(u->mk, "a");
    preference_href(b, path ? path : "/", key, value);
    mk_attr(u->mk, "href", buf_text(b));
    buf_reset(b);
    if (strcmp(key, "lang") == 0) {
        mk_attr(u->mk, "lang", value);
        mk_attr(u->mk, "hreflang", value);
    } else {
        mk_attr(u->mk, "data-theme-choice", value);
    }
    if (current)
        mk_attr(u->mk, "aria-current", "true");
    mk_text(u->mk, text);
    mk_end(u->mk, "a");
}

static const struct {
    const char *value;
    enum ui_word word;
} themes[] = {
        [UI_THEME_AUTO] = {"auto", T_THEME_AUTO},
        [UI_THEME_LIGHT] = {"light", T_THEME_LIGHT},
        [UI_THEME_DARK] = {"dark", T_THEME_DARK},
};

static void preferences(struct ui *u, const struct ui_page *page)
{
    ui_open(u, "div", "prefs");
    mk_attr(u->mk, "role", "group");
    mk_attr(u->mk, "aria-label", ui_t(u, T_LANGUAGE));
    for (int lang = 0; lang < UI_LANGS; lang++)
        preference(
                u, page->path, "lang", ui_lang_code((enum ui_lang)lang),
                ui_t(u, lang == UI_FR ? T_LANG_NAME_FR : T_LANG_NAME_EN),
                u->lang == (enum ui_lang)lang);
    mk_end(u->mk, "div");
    ui_open(u, "div", "prefs");
    mk_attr(u->mk, "role", "group");
    mk_attr(u->mk, "aria-label", ui_t(u, T_THEME));
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++)
        preference(
                u, page->path, "theme", themes[i].value,
                ui_t(u, themes[i].word), u->theme == (enum ui_theme)i);
    mk_end(u->mk, "div");
    if (page->account) {
        ui_open(u, "div", "prefs account");
        ui_link(u, page->account->href, page->account->text);
        mk_end(u->mk, "div");
    }
}

static void search_form(struct ui *u, const char *query)
{
    ui_open(u, "form", "search");
    mk_attr(u->mk, "role", "search");
    mk_attr(u->mk, "action", "/machines");
    mk_attr(u->mk, "method", "get");
    mk_begin(u->mk, "label");
    mk_attr(u->mk, "class", "hidden");
    mk_attr(u->mk, "for", "search");
    mk_text(u->mk, ui_t(u, T_SEARCH));
    mk_end(u->mk, "label");
    mk_begin(u->mk, "input");
    mk_attr(u->mk, "type", "search");
    mk_attr(u->mk, "id", "search");
    mk_attr(u->mk, "name", "q");
    mk_attr(u->mk, "placeholder", ui_t(u, T_SEARCH_HINT));
    ui_attr_if(u, "value", query);
    mk_end(u->mk, "input");
    mk_begin(u->mk, "button");
    mk_attr(u->mk, "type", "submit");
    mk_text(u->mk, ui_t(u, T_SEARCH));
    mk_end(u->mk, "button");
    mk_end(u->mk, "form");
}

static void top_bar(struct ui *u, const struct ui_page *page)
{
    ui_open(u, "a", "skip");
    mk_attr(u->mk, "href", "#main");
    mk_text(u->mk, ui_t(u, T_SKIP));
    mk_end(u->mk, "a");
    ui_open(u, "header", "top");
    ui_open(u, "a", "brand");
    mk_attr(u->mk, "href", "/");
    mk_text(u->mk, ui_t(u, T_PRODUCT));
    mk_end(u->mk, "a");
    search_form(u, page->query);
    preferences(u, page);
    mk_end(u->mk, "header");
}

/* ---- navigation --------------------------------------------------------- */

static void navigation(struct ui *u, const struct ui_page *page)
{
    CHECK(page->n_nav <= UI_NAV_MAX);
    ui_open(u, "details", "menu");
    mk_element(u->mk, "summary", ui_t(u, T_MENU));
    mk_begin(u->mk, "nav");
    mk_attr(u->mk, "aria-label", ui_t(u, T_NAVIGATION));
    mk_begin(u->mk, "ul");
    for (size_t i = 0; i < page->n_nav; i++) {
        const struct ui_link *l = &page->nav[i];

        mk_begin(u->mk, "li");
        mk_begin(u->mk, "a");
        mk_attr(u->mk, "href", l->href);
        if (page->current && strcmp(page->current, l->href) == 0)
            mk_attr(u->mk, "aria-current", "page");
        mk_text(u->mk, l->text);
        mk_end(u->mk, "a");
        mk_end(u->mk, "li");
    }
    mk_end(u->mk, "ul");
    mk_end(u->mk, "nav");
    mk_end(u->mk, "details");
}

static void breadcrumb(struct ui *u, const struct ui_page *page)
{
    if (page->n_crumbs == 0)
        return;
    ui_open(u, "nav", "crumbs");
    mk_attr(u->mk, "aria-label", ui_t(u, T_BREADCRUMB));
    mk_begin(u->mk, "ol");
    for (size_t i = 0; i < page->n_crumbs; i++) {
        mk_begin(u->mk, "li");
        ui_link(u, page->crumbs[i].href, page->crumbs[i].text);
        mk_end(u->mk, "li");
    }
    mk_begin(u->mk, "li");
    mk_attr(u->mk, "aria-current", "page");
    mk_text(u->mk, page->title);
    mk_end(u->mk, "li");
    mk_end(u->mk, "ol");
    mk_end(u->mk, "nav");
}

static void title(struct ui *u, const struct ui_page *page)
{
    ui_open(u, "div", "title");
    mk_element(u->mk, "h1", page->title);
    if (page->action && ui_href_ok(u, page->action->href)) {
        ui_open(u, "a", "button");
        mk_attr(u->mk, "href", page->action->href);
        mk_text(u->mk, page->action->text);
        mk_end(u->mk, "a");
    }
    mk_end(u->mk, "div");
    if (page->lead)
        ui_put(u, "p", "lead", page->lead);
}

void ui_page_begin(struct ui *u, const struct ui_page *page)
{
    struct ui_priv *p = u->priv;

    CHECK(p && !p->page_open);
    p->page_open = true;
    p->foot = arena_str(&u->words, page->foot);
    mk_begin(u->mk, "html");
    mk_attr(u->mk, "lang", ui_lang_code(u->lang));
    if (u->theme != UI_THEME_AUTO)
        mk_attr(u->mk, "data-theme", themes[u->theme].value);
    head(u, page);
    ui_open(u, "body", u->mode == UI_FILE ? "file" : "site");
    if (u->mode == UI_SERVED) {
        top_bar(u, page);
        ui_open(u, "div", "frame");
        navigation(u, page);
    }
    ui_open(u, "main", page->wide ? "wide" : NULL);
    mk_attr(u->mk, "id", "main");
    if (u->mode == UI_SERVED)
        breadcrumb(u, page);
    title(u, page);
}

bool ui_page_end(struct ui *u, struct err *err)
{
    struct ui_priv *p = u->priv;
    bool ok;

    CHECK(p && p->page_open && !p->table.t);
    ui_footnotes(u);
    if (p->foot)
        ui_put(u, "footer", "identity", p->foot);
    mk_end(u->mk, "main");
    if (u->mode == UI_SERVED)
        mk_end(u->mk, "div");
    mk_end(u->mk, "body");
    mk_end(u->mk, "html");
    ok = mk_close(u->mk, err);
    u->mk = NULL;
    ui_clear(u);
    return ok;
}

/* ---- cover -------------------------------------------------------------- */

void ui_cover(struct ui *u, const struct ui_cover *c)
{
    ui_open(u, "div", "cover");
    if (c->subtitle)
        ui_put(u, "p", "lead", c->subtitle);
    if (c->n_identity > 0) {
        ui_dl_begin(u);
        for (size_t i = 0; i < c->n_identity; i++)
            ui_dl(u, c->identity[i].term, c->identity[i].text);
        ui_dl_end(u);
    }
    if (c->n_contents > 0) {
        ui_open(u, "nav", "contents");
        mk_attr(u->mk, "aria-label", ui_t(u, T_CONTENTS));
        mk_element(u->mk, "h2", ui_t(u, T_CONTENTS));
        mk_begin(u->mk, "ol");
        for (size_t i = 0; i < c->n_contents; i++) {
            mk_begin(u->mk, "li");
            ui_link(u, c->contents[i].href, c->contents[i].text);
            mk_end(u->mk, "li");
        }
        mk_end(u->mk, "ol");
        mk_end(u->mk, "nav");
    }
    mk_end(u->mk, "div");
}

/* SPDX-License-Identifier: Apache-2.0
 * Forms: filters in a row, edits in one column, uploads. Label above, unit
 * after, help under, error beside; all of it works without a script. */
#include "ui/ui.h"

#include <stdio.h>
#include <string.h>

#include "ui/ui_priv.h"

static const char *const form_classes[] = {
        [UI_FORM_FILTER] = "filters",
        [UI_FORM_EDIT] = "edit",
        [UI_FORM_UPLOAD] = "edit upload",
        [UI_FORM_BUTTON] = "inline",
};

static void hidden(struct ui *u, const char *name, const char *value)
{
    mk_begin(u->mk, "input");
    mk_attr(u->mk, "type", "hidden");
    mk_attr(u->mk, "name", name);
    mk_attr(u->mk, "value", value ? value : "");
    mk_end(u->mk, "input");
}

void ui_form_begin(struct ui *u, const struct ui_form *form)
{
    struct ui_priv *p = u->priv;

    p->form = form->kind;
    p->forms++;
    p->form_field = 0;
    ui_open(u, "form", form_classes[form->kind]);
    mk_attr(u->mk, "action", form->action);
    mk_attr(u->mk, "method", form->kind == UI_FORM_FILTER ? "get" : "post");
    if (form->kind == UI_FORM_UPLOAD)
        mk_attr(u->mk, "enctype", "multipart/form-data");
    ui_attr_if(u, "aria-label", form->label);
    if (form->csrf && form->kind != UI_FORM_FILTER)
        hidden(u, "csrf", form->csrf);
}

/* Ids count up, since names may repeat on a page. */
static void field_id(const struct ui *u, size_t field, char dst[static 40])
{
    snprintf(dst, 40, "field-%zu-%zu", u->priv->forms, field);
}

void ui_form_errors(struct ui *u, const struct ui_field *fields, size_t n)
{
    char id[40];
    size_t wrong = 0;

    for (size_t i = 0; i < n; i++)
        wrong += fields[i].error != NULL;
    if (wrong == 0)
        return;
    ui_open(u, "div", "notice error");
    mk_attr(u->mk, "role", "alert");
    mk_begin(u->mk, "p");
    mk_begin(u->mk, "strong");
    ui_put_say(
            &u->priv->scratch, u->lang, T_ERRORS_TITLE, UI_ARGS(UI_N(wrong)));
    ui_flush(u);
    mk_end(u->mk, "strong");
    mk_end(u->mk, "p");
    mk_begin(u->mk, "ul");
    for (size_t i = 0; i < n; i++) {
        if (!fields[i].error)
            continue;
        field_id(u, i, id);
        mk_begin(u->mk, "li");
        mk_begin(u->mk, "a");
        mk_attrf(u->mk, "href", "#%s", id);
        mk_textf(u->mk, "%s: %s", fields[i].label, fields[i].error);
        mk_end(u->mk, "a");
        mk_end(u->mk, "li");
    }
    mk_end(u->mk, "ul");
    mk_end(u->mk, "div");
}

static const char *const input_types[] = {
        [UI_FIELD_TEXT] = "text",         [UI_FIELD_SEARCH] = "search",
        [UI_FIELD_NUMBER] = "text",       [UI_FIELD_DATE] = "text",
        [UI_FIELD_PASSWORD] = "password", [UI_FIELD_CHECK] = "checkbox",
        [UI_FIELD_FILE] = "file",         [UI_FIELD_HIDDEN] = "hidden",
};

/* Attributes that inputs, selects and areas share. */
static void
control_attrs(struct ui *u, const struct ui_field *f, const char *id)
{
    bool help = f->help != NULL, error = f->error != NULL;

    mk_attr(u->mk, "id", id);
    mk_attr(u->mk, "name", f->name);
    if (f->required)
        mk_attr(u->mk, "required", "required");
    if (error)
        mk_attr(u->mk, "aria-invalid", "true");
    if (help && error)
        mk_attrf(u->mk, "aria-describedby", "%s-help %s-error", id, id);
    else if (help || error)
        mk_attrf(
                u->mk, "aria-describedby", "%s-%s", id,
                help ? "help" : "error");
}

static void options(struct ui *u, const struct ui_field *f)
{
    for (size_t i = 0; i < f->n_options; i++) {
        const struct ui_option *o = &f->options[i];

        mk_begin(u->mk, "option");
        mk_attr(u->mk, "value", o->value);
        if (f->kind == UI_FIELD_SELECT && f->value &&
            strcmp(f->value, o->value) == 0)
            mk_attr(u->mk, "selected", "selected");
        mk_text(u->mk, o->text);
        mk_end(u->mk, "option");
    }
}

static void input(struct ui *u, const struct ui_field *f, const char *id)
{
    bool completes = f->n_options > 0;

    mk_begin(u->mk, "input");
    mk_attr(u->mk, "type", input_types[f->kind]);
    control_attrs(u, f, id);
    if (f->kind == UI_FIELD_CHECK) {
        mk_attr(u->mk, "value", "1");
        if (f->value && *f->value)
            mk_attr(u->mk, "checked", "checked");
    } else if (f->kind != UI_FIELD_FILE && f->kind != UI_FIELD_PASSWORD) {
        ui_attr_if(u, "value", f->value);
    }
    if (f->kind == UI_FIELD_NUMBER && u->mode == UI_SERVED)
        mk_attr(u->mk, "inputmode", "decimal");
    if (completes)
        mk_attrf(u->mk, "list", "%s-list", id);
    mk_end(u->mk, "input");
    if (completes) {
        mk_begin(u->mk, "datalist");
        mk_attrf(u->mk, "id", "%s-list", id);
        options(u, f);
        mk_end(u->mk, "datalist");
    }
}

static void control(struct ui *u, const struct ui_field *f, const char *id)
{
    if (f->kind == UI_FIELD_SELECT) {
        mk_begin(u->mk, "select");
        control_attrs(u, f, id);
        options(u, f);
        mk_end(u->mk, "select");
    } else if (f->kind == UI_FIELD_AREA) {
        mk_begin(u->mk, "textarea");
        control_attrs(u, f, id);
        mk_attr(u->mk, "rows", "4");
        mk_text(u->mk, f->value);
        mk_end(u->mk, "textarea");
    } else {
        input(u, f, id);
    }
}

static void label(struct ui *u, const struct ui_field *f, const char *id)
{
    mk_begin(u->mk, "label");
    mk_attr(u->mk, "for", id);
    mk_text(u->mk, f->label);
    if (f->required) {
        mk_text(u->mk, " ");
        mk_begin(u->mk, "span");
        mk_attr(u->mk, "class", "muted");
        mk_textf(u->mk, "(%s)", ui_t(u, T_REQUIRED));
        mk_end(u->mk, "span");
    }
    mk_end(u->mk, "label");
}

static void
remark(struct ui *u, const char *id, const char *what, const char *text)
{
    if (!text)
        return;
    ui_open(u, "p", what);
    mk_attrf(u->mk, "id", "%s-%s", id, what);
    mk_text(u->mk, text);
    mk_end(u->mk, "p");
}

void ui_field(struct ui *u, const struct ui_field *f)
{
    char id[40];

    field_id(u, u->priv->form_field++, id);
    if (f->kind == UI_FIELD_HIDDEN) {
        hidden(u, f->name, f->value);
        return;
    }
    ui_open(u, "div",
            f->kind == UI_FIELD_CHECK ? "field check"
            : f->unit                 ? "field measured"
                                      : "field");
    if (f->kind != UI_FIELD_CHECK)
        label(u, f, id);
    control(u, f, id);
    if (f->kind == UI_FIELD_CHECK)
        label(u, f, id);
    if (f->unit)
        ui_put(u, "span", "unit", f->unit);
    remark(u, id, "error", f->error);
    remark(u, id, "help", f->help);
    mk_end(u->mk, "div");
}

void ui_button(
        struct ui *u, const char *text, const char *name, const char *value)
{
    ui_open(u, "button", "second");
    mk_attr(u->mk, "type", "submit");
    ui_attr_if(u, "name", name);
    ui_attr_if(u, "value", value);
    mk_text(u->mk, text);
    mk_end(u->mk, "button");
}

void ui_form_end(struct ui *u, const char *submit)
{
    ui_open(u, "button", u->priv->form == UI_FORM_BUTTON ? "second" : NULL);
    mk_attr(u->mk, "type", "submit");
    mk_text(u->mk, submit);
    mk_end(u->mk, "button");
    mk_end(u->mk, "form");
}

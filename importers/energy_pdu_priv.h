/* SPDX-License-Identifier: Apache-2.0
 * What the columns of a log of outlets are, by their titles or as the command
 * says. */
#ifndef IMPORTERS_ENERGY_PDU_PRIV_H
#define IMPORTERS_ENERGY_PDU_PRIV_H

#include "importers/energy_priv.h"

enum { PDU_MAX_VALUES = 256, PDU_KEY = 120 };

struct pdu_value {
    int field;
    enum imp_reading kind;
    enum wire_unit unit;
    bool unit_known;
    char name[64]; /* of the outlet, from the title; "": the row's */
};

struct pdu_columns {
    int date, time, outlet, machine, unit;
    struct pdu_value values[PDU_MAX_VALUES];
    int n_values;
    int n_titles;
    int amperes;  /* a column of them; -1 */
    int left_out; /* a column that says again what another one says; -1 */
    bool month_first, at_start, utc;
};

/* Whether the titles name a date and a value with its unit. */
bool pdu_by_titles(const struct csv_row *row, struct pdu_columns *c);
/* Whether, of such, they name amperes alone, which say no energy. */
bool pdu_only_amperes(const struct pdu_columns *c);
/* "date=Horodate,w=Power". */
bool pdu_as_said(
        const struct csv_row *row, const char *said, struct pdu_columns *c,
        struct err *err);
/* A unit among the words of a key; its factor to that of the wire. */
bool pdu_unit_of(const char *key, enum wire_unit *unit, double *factor);

#endif

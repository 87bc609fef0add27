/* SPDX-License-Identifier: Apache-2.0
 * Stored words and dates back to values, fast: a scan decodes millions. */
#include "inventory/inventory_priv.h"

#include <math.h>

const struct sql inv_sql[INV_SQL_COUNT] = {
#define AS_SQL(id, text) [id] = {#id, text},
        INV_SQL(AS_SQL)
#undef AS_SQL
};

const struct sql *inv_sql_list(size_t *n)
{
    *n = INV_SQL_COUNT;
    return inv_sql;
}

struct stmt *inv_stmt(struct db *db, enum inv_sql id, struct err *err)
{
    return db_stmt(db, &inv_sql[id], err);
}

static int digits2(const char *s)
{
    return (s[0] - '0') * 10 + (s[1] - '0');
}

/* Our own text: "", 2019, 2019-07 or 2019-07-16, checked when it was taken. */
struct date inv_date(const char *iso)
{
    struct date d = {0};

    if (!iso || !iso[0] || !iso[1] || !iso[2] || !iso[3])
        return d;
    d.year = (int16_t)(digits2(iso) * 100 + digits2(iso + 2));
    if (iso[4] != '-' || !iso[5] || !iso[6])
        return d;
    d.month = (uint8_t)digits2(iso + 5);
    if (iso[7] != '-' || !iso[8] || !iso[9])
        return d;
    d.day = (uint8_t)digits2(iso + 8);
    return d;
}

/* First letters tell the words of a column apart; the schema's CHECK keeps
 * other words out. */
enum calc_category inv_category(const char *w)
{
    switch (w[0]) {
    case 'g':
        return CALC_GPU_NODE;
    case 'w':
        return CALC_WORKSTATION;
    case 'd':
        return CALC_DESKTOP;
    case 'l':
        return CALC_LAPTOP;
    case 'o':
        return CALC_OTHER_UNIT;
    case 'p':
        return CALC_PART_LOT;
    default:
        break;
    }
    switch (w[1]) { /* server storage screen switch sbc */
    case 'e':
        return CALC_SERVER;
    case 't':
        return CALC_STORAGE;
    case 'c':
        return CALC_SCREEN_UNIT;
    case 'w':
        return CALC_SWITCH_UNIT;
    default:
        return CALC_SBC;
    }
}

enum calc_chassis inv_chassis(const char *w)
{
    if (!w)
        return CALC_CHASSIS_UNKNOWN;
    switch (w[0]) {
    case 'r':
        return CALC_RACK;
    case 'b':
        return CALC_BLADE;
    case 't':
        return CALC_TOWER;
    case 'd':
        return CALC_DESKTOP_CASE;
    case 'l':
        return CALC_LAPTOP_CASE;
    case 'o':
        return CALC_OPEN;
    default:
        return CALC_NO_CHASSIS;
    }
}

enum calc_acquisition inv_acquisition(const char *w)
{
    if (!w)
        return CALC_ACQUISITION_UNKNOWN;
    return w[0] == 'n'   ? CALC_NEW
           : w[0] == 's' ? CALC_SECOND_HAND
                         : CALC_DONATED;
}

enum calc_status inv_status(const char *w)
{
    switch (w[0]) {
    case 'i':
        return CALC_IN_SERVICE;
    case 'u':
        return CALC_UNTESTED;
    case 's':
        return w[1] == 't' ? CALC_STOCK : CALC_SPARE;
    case 'l':
        return CALC_LOANED;
    case 'h':
        return CALC_HERITAGE;
    case 'g':
        return CALC_GIVEN;
    default:
        break;
    }
    switch (w[2]) { /* received retired recycled refused */
    case 't':
        return CALC_RETIRED;
    case 'f':
        return CALC_REFUSED;
    default:
        return w[3] == 'y' ? CALC_RECYCLED : CALC_RECEIVED;
    }
}

bool inv_same_date(struct date a, struct date b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

bool inv_same_num(double a, double b)
{
    return isnan(a) ? isnan(b) : !isnan(b) && !(a < b) && !(a > b);
}

bool inv_is_exit(enum calc_status s)
{
    return !calc_in_stock(s);
}

/* Private to the module: REST venues as data.
 *
 * A venue lists its calls. The first call that fits an order is the one: its action, category, side
 * and order type are those of the order, and the order has every field of `with`. The call's
 * parameters are then written in their order, `head` before and `tail` behind them, and the venue's
 * `frame` adds headers, preimage and the place of the signature. Whatever the order has and no
 * parameter took is refused, so a table can forget a field but never lose one. */
#ifndef ZC_COMPOSE_TABLE_H
#define ZC_COMPOSE_TABLE_H

#include "compose/venue.h"

/* What a parameter is made of: a field of the order (zc_order_field), or one of these. */
enum {
    ZC_PARAM_END = 0x40,        /* ends a list */
    ZC_PARAM_FIXED = 0x41,      /* `text` */
    ZC_PARAM_STYLE = 0x42,      /* word `index` of the order's style; left out where that is NULL */
    ZC_PARAM_NOW = 0x43,        /* the time of the request */
    ZC_PARAM_NONCE = 0x44,      /* the nonce */
    ZC_PARAM_PART = 0x45,       /* part `index` of the account, which ':' divides: one of `words` */
    ZC_PARAM_OBJECT = 0x46,     /* begins an object in a JSON body */
    ZC_PARAM_ARRAY = 0x47,      /* begins an array in a JSON body */
    ZC_PARAM_CLOSE = 0x48,      /* ends it */
    ZC_PARAM_RESULT_ID = 0x49,  /* the client id, or else the nonce: venues that insist on one */
    ZC_PARAM_TO_AND_TAG = 0x4a, /* the destination, and behind a colon the tag, if there is one */
};

/* How it is written. */
enum {
    ZC_PARAM_NEEDED = 1 << 0,  /* without it the order is refused */
    ZC_PARAM_BARE = 1 << 1,    /* in JSON a number or a word, not a string */
    ZC_PARAM_IN_PATH = 1 << 2, /* in place of the next "{}" of the path */
    ZC_PARAM_IN_QUERY = 1 << 3,
    ZC_PARAM_SIGNED = 1 << 4,  /* a whole number, negative for a sale */
    ZC_PARAM_SECONDS = 1 << 5, /* a time in seconds */
    ZC_PARAM_WHOLE = 1 << 6,   /* without places behind the point */
    ZC_PARAM_UNTAKEN = 1 << 7, /* says a part of what the field says */
};

typedef struct zc_compose_param {
    const char *name; /* NULL in arrays, and in the path */
    uint8_t source;
    uint8_t form;
    uint8_t index;
    const char *text;         /* FIXED: the text; otherwise what goes before the value */
    const char *const *words; /* by the value of an enumeration; NULL where the venue has none. Of
                                 PART: the words it may be, up to a NULL */
} zc_compose_param;

#define ZC_NEED(wire, FIELD)                                                                       \
    {                                                                                              \
        .name = (wire), .source = ZC_ORDER_FIELD_##FIELD, .form = ZC_PARAM_NEEDED                  \
    }
#define ZC_MAY(wire, FIELD)                                                                        \
    {                                                                                              \
        .name = (wire), .source = ZC_ORDER_FIELD_##FIELD                                           \
    }
#define ZC_NEED_AS(wire, FIELD, how)                                                               \
    {                                                                                              \
        .name = (wire), .source = ZC_ORDER_FIELD_##FIELD, .form = ZC_PARAM_NEEDED | (how)          \
    }
#define ZC_MAY_AS(wire, FIELD, how)                                                                \
    {                                                                                              \
        .name = (wire), .source = ZC_ORDER_FIELD_##FIELD, .form = (how)                            \
    }
#define ZC_WORD(wire, FIELD, list)                                                                 \
    {                                                                                              \
        .name = (wire), .source = ZC_ORDER_FIELD_##FIELD, .form = ZC_PARAM_NEEDED, .words = (list) \
    }
#define ZC_FIXED(wire, what)                                                                       \
    {                                                                                              \
        .name = (wire), .source = ZC_PARAM_FIXED, .text = (what)                                   \
    }
#define ZC_FIXED_BARE(wire, what)                                                                  \
    {                                                                                              \
        .name = (wire), .source = ZC_PARAM_FIXED, .form = ZC_PARAM_BARE, .text = (what)            \
    }
#define ZC_STYLE(wire, which)                                                                      \
    {                                                                                              \
        .name = (wire), .source = ZC_PARAM_STYLE, .index = (which)                                 \
    }
#define ZC_NEED_PART(wire, which, list)                                                            \
    {                                                                                              \
        .name = (wire), .source = ZC_PARAM_PART, .form = ZC_PARAM_NEEDED, .index = (which),        \
        .words = (list)                                                                            \
    }
#define ZC_MAY_PART(wire, which, list)                                                             \
    {                                                                                              \
        .name = (wire), .source = ZC_PARAM_PART, .index = (which), .words = (list)                 \
    }
#define ZC_OBJECT(wire)                                                                            \
    {                                                                                              \
        .name = (wire), .source = ZC_PARAM_OBJECT                                                  \
    }
#define ZC_ARRAY(wire)                                                                             \
    {                                                                                              \
        .name = (wire), .source = ZC_PARAM_ARRAY                                                   \
    }
#define ZC_CLOSE                                                                                   \
    {                                                                                              \
        .source = ZC_PARAM_CLOSE                                                                   \
    }
#define ZC_PARAMS_END                                                                              \
    {                                                                                              \
        .source = ZC_PARAM_END                                                                     \
    }

/* One way of trading that the venue has, in its words. */
typedef struct zc_compose_style {
    zc_order_type type; /* NONE ends the list */
    zc_time_in_force tif;
    bool post_only;
    const char *word[3];
} zc_compose_style;

#define ZC_TYPE_BIT(NAME) (1u << ZC_ORDER_##NAME)
#define ZC_TYPES_PLAIN (1u << ZC_ORDER_TYPE_NONE | ZC_TYPE_BIT(LIMIT) | ZC_TYPE_BIT(MARKET))
#define ZC_TYPES_STOP (ZC_TYPE_BIT(STOP_LIMIT) | ZC_TYPE_BIT(STOP_MARKET))
/* The order type of an amendment or cancellation says where the venue keeps the order, and is taken
 * with the choice of the call. */

typedef struct zc_compose_call {
    uint8_t action;      /* zc_operation; 0 ends the list */
    uint8_t types;       /* mask of 1 << zc_order_type; 0: any that `styles` has, or none */
    uint8_t form;        /* zc_compose_form */
    uint8_t method;      /* zc_compose_method */
    zc_order_side side;  /* NONE: either */
    bool is_key_call;    /* changes who may act at the venue */
    const char *name;    /* reads and administration: the order's `call` */
    const char *account; /* words that the first part of the account may be, divided by spaces; "-"
                            stands for no account; NULL: no account at all */
    uint32_t with;       /* fields that it is for */
    uint32_t says;       /* fields that the choice of the call expresses */
    const char *path;    /* each "{}" is a parameter */
    const zc_compose_param *params;
    const zc_compose_style *styles;
} zc_compose_call;

/* What names of a venue may be: longest, and characters besides letters and digits. */
typedef struct zc_compose_alphabet {
    uint8_t max;
    const char *others;
} zc_compose_alphabet;

typedef struct zc_compose_rest {
    const zc_compose_call *calls;
    const zc_compose_param *head; /* NULL: none */
    const zc_compose_param *tail;
    zc_compose_alphabet market;
    zc_compose_alphabet client_id;
    zc_compose_alphabet order_id;
    /* The request is in place but for what authenticates it. */
    zc_result (*frame)(zc_compose_job *job, zc_compose_form form);
} zc_compose_rest;

/* Words of an enumeration, by its values. */
extern const char *const zc_compose_side_lower[3]; /* "buy" */
extern const char *const zc_compose_side_upper[3]; /* "BUY" */
extern const char *const zc_compose_side_title[3]; /* "Buy" */
/* List of one word for ZC_PARAM_PART: any name. */
extern const char *const zc_compose_any_part[2];

/* Makes the request that the tables say. */
ZC_MUST_USE zc_result zc_compose_by_table(zc_compose_job *job, const zc_compose_rest *rest);

/* Where the path's query begins, without the '?'; empty when there is none. */
zc_slice zc_compose_query(const zc_composition *composition);
/* The path without its query. */
zc_slice zc_compose_bare_path(const zc_composition *composition);

#endif

/* Private to the module: what a venue's file gives, and what it builds with.
 *
 * A venue is one `const zc_compose_venue` in a file of its own; compose.c lists them. Most of a
 * REST venue is tables (table.h); a venue that is not can write the composition by hand with what
 * is below. Both go through the same checks of the order (zc_compose_prepare() has done them before
 * a venue sees it):
 *   - names are letters, digits and "-_.:/+=@,~"; account and destination may have spaces too, a
 * tag any printable ASCII; decimals that are there are not zero;
 *   - fields that the action never takes are empty, and those it always needs are there. */
#ifndef ZC_COMPOSE_VENUE_H
#define ZC_COMPOSE_VENUE_H

#include "compose/compose.h"
#include "intent/order.h"

/* One order on its way. */
typedef struct zc_compose_job {
    const zc_order *order;
    const zc_compose_account *account;
    uint64_t time_ms; /* of the request */
    uint64_t nonce;
    /* Bits of ZC_ORDER_FIELDS (order.h) that the order has and the request does not carry yet. A
     * venue takes each field that it writes (or whose meaning its choice of call expresses); what
     * is left at the end is refused by zc_compose_prepare(). */
    uint32_t left;
    zc_composition *out; /* empty at first; discarded on failure */
} zc_compose_job;

/* Where a call's parameters go. */
typedef enum zc_compose_form {
    ZC_COMPOSE_IN_QUERY = 0,
    ZC_COMPOSE_FORM_BODY = 1, /* application/x-www-form-urlencoded */
    ZC_COMPOSE_JSON_BODY = 2,
    ZC_COMPOSE_JSON_LIST = 3, /* the body is an array of one object */
} zc_compose_form;

typedef struct zc_compose_venue {
    zc_venue venue;
    uint32_t keys;      /* mask: 1 << zc_compose_key that the venue signs with */
    size_t api_key_max; /* characters; 0: it has none */
    /* Market orders carry the worst price that is taken: the venue has no others. */
    bool market_has_price;
    zc_result (*prepare)(zc_compose_job *job);
    /* Of a REST venue: authenticates the request that stands in job->out: headers, preimage, the
     * place of the signature. NULL: the venue has no such step. */
    zc_result (*frame)(zc_compose_job *job, zc_compose_form form);
    /* For holes of ZC_COMPOSE_OWN; NULL: there are none. Writes what belongs in the hole. */
    zc_result (*write_own)(const zc_composition *composition, const zc_compose_hole *hole,
                           zc_slice signature, zc_writer *writer);
    /* What else the intent says: movements, arguments, flags. NULL: nothing. */
    zc_result (*add_intent)(const zc_order *order, const zc_composition *composition,
                            zc_intent *intent);
} zc_compose_venue;

/* NULL for a venue that is not supported. */
const zc_compose_venue *zc_compose_venue_of(zc_venue venue);

extern const zc_compose_venue zc_compose_binance_spot;
extern const zc_compose_venue zc_compose_binance_usdm;
extern const zc_compose_venue zc_compose_bybit;
extern const zc_compose_venue zc_compose_okx;
extern const zc_compose_venue zc_compose_kraken;
extern const zc_compose_venue zc_compose_coinbase;
extern const zc_compose_venue zc_compose_bitget;
extern const zc_compose_venue zc_compose_kucoin;
extern const zc_compose_venue zc_compose_gate;
extern const zc_compose_venue zc_compose_deribit;
extern const zc_compose_venue zc_compose_bitmex;
extern const zc_compose_venue zc_compose_hyperliquid;
extern const zc_compose_venue zc_compose_dydx;

/* Fields. */

/* Whether the order has the field (ZC_ORDER_FIELD_…), whether taken or not. */
bool zc_compose_has(const zc_compose_job *job, zc_order_field field);
/* Marks it as expressed. */
void zc_compose_take(zc_compose_job *job, zc_order_field field);
/* Takes it; the reason that names it when the order lacks it. */
ZC_MUST_USE zc_result zc_compose_need(zc_compose_job *job, zc_order_field field);

/* Writing. Texts end up in out->path, out->body, out->preimage through a writer over them:
 *
 *     zc_writer body = zc_compose_begin(&job->out->body);
 *     ZC_TRY(zc_write_text(&body, "{\"type\":"));  …
 *     zc_compose_end(&job->out->body, &body);
 */
/* Appends to what the text holds so far. */
zc_writer zc_compose_begin(zc_compose_text *text);
void zc_compose_end(zc_compose_text *text, const zc_writer *writer);

/* units × 10^-scale exactly as given: "0.10". */
ZC_MUST_USE zc_result zc_compose_write_decimal(zc_writer *writer, const zc_decimal *decimal);
ZC_MUST_USE zc_result zc_compose_write_u64(zc_writer *writer, uint64_t value);
/* A JSON string with its quotes. */
ZC_MUST_USE zc_result zc_compose_write_json(zc_writer *writer, zc_slice text);
/* RFC 3986: all but letters, digits, '-', '.', '_' and '~' as %XX. */
ZC_MUST_USE zc_result zc_compose_write_percent(zc_writer *writer, zc_slice text);
/* Whether `text` has only letters, digits and the characters of `others`. */
bool zc_compose_is_made_of(zc_slice text, const char *others);
/* 2026-11-21T10:00:00.000Z; ZC_COMPOSE_TIME beyond the year 9999. */
ZC_MUST_USE zc_result zc_compose_write_iso8601(zc_writer *writer, uint64_t time_ms);
/* RFC 4648 §5, no padding. */
ZC_MUST_USE zc_result zc_compose_write_base64_url(zc_writer *writer, zc_slice bytes);

/* Appends a header; `name` lives for ever. Its value is what is written until the next header. */
ZC_MUST_USE zc_result zc_compose_header_begin(zc_composition *out, const char *name);
ZC_MUST_USE zc_result zc_compose_header_add(zc_composition *out, zc_slice text);
/* The same in one step. */
ZC_MUST_USE zc_result zc_compose_add_header(zc_composition *out, const char *name, zc_slice value);
ZC_MUST_USE zc_result zc_compose_header_add_u64(zc_composition *out, uint64_t value);
ZC_MUST_USE zc_result zc_compose_add_header_u64(zc_composition *out, const char *name,
                                                uint64_t value);
/* A hole at the present end of the path, the body or the last header's value. */
ZC_MUST_USE zc_result zc_compose_add_hole(zc_composition *out, zc_compose_part part, uint8_t of,
                                          zc_compose_encoding encoding);
/* A header whose value is what fills the hole. */
ZC_MUST_USE zc_result zc_compose_add_header_hole(zc_composition *out, const char *name, uint8_t of,
                                                 zc_compose_encoding encoding);
ZC_MUST_USE zc_result zc_compose_preimage_add(zc_composition *out, zc_slice bytes);
ZC_MUST_USE zc_result zc_compose_preimage_add_u64(zc_composition *out, uint64_t value);
zc_slice zc_compose_text_slice(const zc_compose_text *text);
/* The preimage in out->preimage is to be signed so. */
ZC_MUST_USE zc_result zc_compose_add_signing(zc_composition *out, zc_compose_scheme scheme);

/* One more signature, over the passphrase. */
ZC_MUST_USE zc_result zc_compose_sign_passphrase(zc_composition *out, zc_compose_scheme scheme);

/* Sets the method, and "POST /api/v3/order" as out->call; cut to fit. */
void zc_compose_set_call(zc_composition *out, zc_compose_method method, const char *path);

#endif

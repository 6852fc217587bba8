/* What the tests of venues that sign like chains share. */
#ifndef ZC_TEST_COMPOSE_CHAIN_H
#define ZC_TEST_COMPOSE_CHAIN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compose/compose.h"
#include "crypto/signer.h"

#define NOW UINT64_C(1770000000000)
#define OK(result) assert_int_equal((result).code, 0)
#define FAILS(code_, result) assert_int_equal((result).code, (code_))

/* The account of the secp256k1 key 01 01 …, and of P-256 and Ed25519 keys alike. */
const zc_compose_account *chain_account(zc_curve curve);
const zc_signer *chain_signer(zc_curve curve);

void set_text(char *field, const char *text);
zc_decimal dec(const char *text);

/* Prepares; `ret` may be looked at on success. */
zc_result prepare(const zc_order *order, zc_curve curve, zc_composition *ret);
/* Prepares, signs, finishes: the body as text. Fails the test when that fails. */
const char *body_of(const zc_order *order, zc_curve curve);
/* The composition's body without its signature. */
const char *unsigned_body(const zc_composition *composition);
/* Whether `text` contains `part`. */
bool holds(const char *text, const char *part);

#endif

/* A small firm: who, which assets, and the requests that the tests make of it. */
#ifndef TESTS_POLICY_FIXTURE_H
#define TESTS_POLICY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy/build.h"
#include "policy/policy.h"

enum { FOUNDER, BOT, AUDITOR };
enum { ETH, USDC, ETH_10, USDC_10 };

#define ALL_USES ZC_USES_KNOWN
/* 2026-01-01, in milliseconds. */
#define T0 INT64_C(1767225600000)

extern zc_mission fixture_mission;
extern zc_policy_state fixture_state;

/* An address whose bytes are all `b`. USDC's contract is address(0xaa) on every chain. */
const uint8_t *address(uint8_t b);

/* Three principals, four assets, one contract, no rules. */
void fixture_reset(void);
/* Appends a rule for everyone and everything. */
zc_rule *fixture_rule(const char *name, zc_rule_kind kind);
zc_rule *fixture_allow_all(void);
zc_rule *fixture_limit(const char *name, zc_rule_kind kind, uint16_t asset, uint64_t amount,
                       uint32_t seconds);
zc_rule *fixture_rate(const char *name, uint32_t count, uint32_t seconds);
/* Writes the mission, parses it back into place (so that it is what an enclave would hold) and
 * starts the state. */
void fixture_start(void);

void list_address(zc_rule *rule, zc_list_kind kind, uint8_t b);
void list_key(zc_rule *rule, const char *pattern);
void list_chain(zc_rule *rule, uint64_t chain);

/* Every intent gets a digest of its own from its fields. */
void intent_transfer(zc_intent *intent, uint64_t chain, uint64_t nonce, uint8_t to, uint64_t amount,
                     uint64_t fee);
void intent_token(zc_intent *intent, zc_operation operation, uint64_t chain, uint64_t nonce,
                  uint8_t to, uint64_t amount);
void intent_message(zc_intent *intent, const char *text);
void intent_digest(zc_intent *intent, uint8_t b);
void intent_finish(zc_intent *intent);

/* As BOT with key "hot-1", at `now_ms`. */
zc_decision ask(const zc_intent *intent, int64_t now_ms);
zc_decision ask_as(const zc_intent *intent, uint32_t principal, const char *key, uint8_t use,
                   int64_t now_ms);
uint8_t use_of(const zc_intent *intent);

void assert_allowed(zc_decision decision, uint16_t rule);
void assert_denied(zc_decision decision, int reason, uint16_t rule);

#endif

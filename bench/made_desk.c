#include "made_desk.h"

#include <stdio.h>

#include "base/hex.h"
#include "codec/cbor.h"
#include "intent/decode.h"
#include "intent/intent_cbor.h"
#include "mission/compile.h"
#include "requests.h"
#include "support/file.h"

#define BOT 1
#define PAYEES 8
/* One request in ten asks for more than one transaction may move, or for a stranger. */
#define TOO_MUCH UINT64_C(6000000000)

/* The founder's key stands in the place of %s; the bot's is of RFC 8032's test vectors: nobody
 * signs here. The limits bind now and then. */
static const char form[] =
    "mission: made\n"
    "version: 1\n"
    "principals:\n"
    "  admin: {organisation: Made, roles: [founder, key-admin, approver], key: "
    "\"%s\"}\n"
    "  bot: {organisation: Made, roles: signer, key: "
    "\"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c\"}\n"
    "quorum: {founders: 1, resume: 1}\n"
    "assets:\n"
    "  ETH: {chain: ethereum, native: true, decimals: 18}\n"
    "  USDC: {chain: ethereum, contract: \"0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48\", decimals: "
    "6}\n"
    "rules:\n"
    "  pay:\n"
    "    allow: token-transfer\n"
    "    who: bot\n"
    "    keys: hot-*\n"
    "    chains: ethereum\n"
    "    assets: USDC\n"
    "    to:\n"
    "      - \"0x0099797051812dc3a010c7d01b50e0d17dc79c80\"\n"
    "      - \"0x0199797051812dc3a010c7d01b50e0d17dc79c80\"\n"
    "      - \"0x0299797051812dc3a010c7d01b50e0d17dc79c80\"\n"
    "      - \"0x0399797051812dc3a010c7d01b50e0d17dc79c80\"\n"
    "      - \"0x0499797051812dc3a010c7d01b50e0d17dc79c80\"\n"
    "      - \"0x0599797051812dc3a010c7d01b50e0d17dc79c80\"\n"
    "      - \"0x0699797051812dc3a010c7d01b50e0d17dc79c80\"\n"
    "      - \"0x0799797051812dc3a010c7d01b50e0d17dc79c80\"\n"
    "    limits:\n"
    "      - 5,000 USDC per transaction\n"
    "      - 750,000 USDC per 1m\n"
    "      - 2,000,000 USDC per 1h for each counterparty\n"
    "  gas: {limit: anything, who: bot, limits: [20 ETH per 1m]}\n"
    "  pace: {limit: anything, who: bot, limits: [6000 signatures per 1m]}\n"
    "  never: {deny: approve}\n"
    "  home: {restrict: anything, chains: ethereum}\n";

static zc_result write_principal(zc_made_desk *desk, zc_slice *ret_bytes)
{
    const zc_principal *bot = &desk->mission.principals[BOT];
    zc_writer writer = ZC_WRITER_OF_ARRAY(desk->principal);
    ZC_TRY(zc_cbor_put_array(&writer, 3));
    ZC_TRY(zc_cbor_put_text(&writer, zc_slice_of_text(bot->name)));
    ZC_TRY(zc_cbor_put_text(&writer, zc_slice_of_text(bot->organisation)));
    ZC_TRY(zc_cbor_put_bytes(&writer, ZC_SLICE_OF_ARRAY(bot->pubkey)));
    *ret_bytes = zc_writer_written(&writer);
    return ZC_OK;
}

static zc_result write_rule(zc_made_desk *desk, const zc_request_context *context,
                            const zc_decision *decision, zc_slice *ret_bytes)
{
    const zc_mission *mission = &desk->mission;
    const char *rule = decision->rule == ZC_POLICY_NONE ? "" : mission->rules[decision->rule].name;
    const char *asset =
        decision->asset == ZC_POLICY_NONE ? "" : mission->assets[decision->asset].name;
    zc_writer writer = ZC_WRITER_OF_ARRAY(desk->rule);
    ZC_TRY(zc_cbor_put_array(&writer, 7));
    ZC_TRY(zc_cbor_put_uint(&writer, context->use));
    ZC_TRY(zc_cbor_put_text(&writer, context->key_name));
    ZC_TRY(zc_cbor_put_text(&writer, zc_slice_of_text(rule)));
    ZC_TRY(zc_cbor_put_uint(&writer, decision->reason));
    ZC_TRY(zc_cbor_put_u256(&writer, &decision->measured));
    ZC_TRY(zc_cbor_put_u256(&writer, &decision->limit));
    ZC_TRY(zc_cbor_put_text(&writer, zc_slice_of_text(asset)));
    *ret_bytes = zc_writer_written(&writer);
    return ZC_OK;
}

/* Payments of 1 to 250 USDC; some are too large, some go to nobody who is listed. */
static zc_result next_intent(zc_made_desk *desk)
{
    static const zc_address account = {.len = 20, .byte = {0xf3, 0x9f, 0xd6}};
    uint8_t tx[ZC_BENCH_TX_MAX];
    uint8_t to[20] = {0,    0x99, 0x79, 0x70, 0x51, 0x81, 0x2d, 0xc3, 0xa0, 0x10,
                      0xc7, 0xd0, 0x1b, 0x50, 0xe0, 0xd1, 0x7d, 0xc7, 0x9c, 0x80};
    uint64_t nonce = desk->nonce++;
    uint64_t amount = nonce % 20 == 3 ? TOO_MUCH : 1000000 * (1 + nonce * 37 % 250);
    to[0] = (uint8_t)(nonce % 20 == 7 ? PAYEES : nonce % PAYEES);
    size_t len = zc_bench_payment(nonce, to, amount, tx);
    return zc_intent_decode_evm_tx(zc_slice_of(tx, len), &account, NULL, &desk->intent, NULL);
}

static zc_result decide(void *self, zc_audit_entry *entry, zc_audit_opening *opening)
{
    zc_made_desk *desk = self;
    zc_decision decision;
    zc_request_context context = {.principal = BOT,
                                  .key_name = zc_slice_of_text("hot-1"),
                                  .use = ZC_USE_TX,
                                  .now_ms = (int64_t)entry->time_ms};
    zc_writer intent = ZC_WRITER_OF_ARRAY(desk->intent_bytes);
    memcpy(context.key_id, entry->key_id, sizeof context.key_id);
    ZC_TRY(next_intent(desk));
    ZC_TRY(zc_policy_decide(&desk->policy, &desk->mission, &context, &desk->intent, &decision));
    ZC_TRY(write_principal(desk, &opening->group[ZC_AUDIT_PRINCIPAL].bytes));
    ZC_TRY(zc_intent_write(&desk->intent, &intent));
    ZC_TRY(write_rule(desk, &context, &decision, &opening->group[ZC_AUDIT_RULE].bytes));
    opening->group[ZC_AUDIT_INTENT].bytes = zc_writer_written(&intent);
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        opening->group[i].open = true;
    }
    entry->decision = (zc_audit_decision)decision.outcome;
    memcpy(entry->digest, desk->intent.digest, sizeof entry->digest);
    return ZC_OK;
}

static zc_slice state_line(void *self)
{
    zc_made_desk *desk = self;
    uint8_t digest[32];
    char hex[65];
    zc_policy_digest(&desk->policy, &desk->mission, digest);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(digest), hex);
    int len = snprintf(desk->state, sizeof desk->state, "policy %s %lld\n", hex,
                       (long long)desk->policy.now_ms);
    return zc_slice_of(desk->state, (size_t)len);
}

static zc_result put_file(const char *dir, const char *name, zc_slice bytes)
{
    char path[ZC_PATH_SIZE];
    return zc_path_join(dir, name, path) ? zc_file_write(path, bytes, 0644, NULL)
                                         : zc_fail(ZC_BASE_FULL);
}

zc_result zc_made_desk_open(zc_made_desk *desk, const char *dir, const uint8_t founder[static 32],
                            uint64_t entry_ms)
{
    static char text[sizeof form + 64];
    char hex[65];
    zc_hex_encode(zc_slice_of(founder, 32), hex);
    (void)snprintf(text, sizeof text, form, hex);
    static zc_report report;
    ZC_BYTES zc_bytes compiled = {0};
    const zc_mission_source source = {.file = "mission.yaml", .text = zc_slice_of_text(text)};
    zc_report_init(&report, source.file);
    zc_result made = zc_mission_compile(&source, &compiled, &report);
    if (!zc_ok(made)) {
        zc_report_print(stderr, &report);
        return made;
    }
    ZC_TRY(zc_mission_parse(zc_bytes_slice(&compiled), &desk->mission));
    zc_mission_hash(zc_bytes_slice(&compiled), desk->decider.mission_hash);
    zc_policy_init(&desk->policy, &desk->mission);
    desk->decider.self = desk;
    desk->decider.entry_ms = entry_ms;
    desk->decider.decide = decide;
    desk->decider.state = state_line;
    ZC_TRY(put_file(dir, "mission.yaml", source.text));
    return put_file(dir, "mission.cbor", zc_bytes_slice(&compiled));
}

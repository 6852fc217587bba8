#include "codec/cbor.h"
#include "crypto/hash.h"
#include "intent/solana/message.h"
#include "intent/text.h"

#define DOMAIN                                                                                     \
    "\xff"                                                                                         \
    "solana offchain"
#define DOMAIN_SIZE 16
#define APPLICATION_SIZE 32
/* Formats: printable ASCII, and UTF-8 that a small device shows, of at most one packet's length;
 * UTF-8 of any length. */
#define FORMAT_ASCII 0
#define FORMAT_EXTENDED 2
#define PACKET_SIZE 1232

typedef struct zc_offchain {
    uint8_t format;
    bool has_signers;
    zc_slice application;
    zc_slice signers;
    zc_slice text;
} zc_offchain;

bool zc_solana_is_offchain(zc_slice bytes)
{
    return bytes.len >= DOMAIN_SIZE && memcmp(bytes.data, DOMAIN, DOMAIN_SIZE) == 0;
}

static zc_result read_text(zc_reader *reader, zc_offchain *message)
{
    uint8_t low;
    uint8_t high;
    ZC_TRY(zc_read_u8(reader, &low));
    ZC_TRY(zc_read_u8(reader, &high));
    ZC_TRY(zc_read_slice(reader, (size_t)(low | high << 8), &message->text));
    if (message->format > FORMAT_EXTENDED) {
        return zc_fail(ZC_INTENT_SOLANA_OFFCHAIN);
    }
    return zc_reader_end(reader);
}

/* Version, format, length, text. */
static zc_result read_short(zc_reader reader, zc_offchain *message)
{
    ZC_TRY(zc_read_u8(&reader, &message->format));
    return read_text(&reader, message);
}

/* Version, application domain, format, signers, length, text. */
static zc_result read_long(zc_reader reader, zc_offchain *message)
{
    uint8_t count;
    ZC_TRY(zc_read_slice(&reader, APPLICATION_SIZE, &message->application));
    ZC_TRY(zc_read_u8(&reader, &message->format));
    ZC_TRY(zc_read_u8(&reader, &count));
    ZC_TRY(zc_read_slice(&reader, (size_t)count * ZC_SOLANA_KEY_SIZE, &message->signers));
    message->has_signers = true;
    return count == 0 ? zc_fail(ZC_INTENT_SOLANA_OFFCHAIN) : read_text(&reader, message);
}

static zc_result check_text(const zc_offchain *message, size_t total)
{
    const zc_slice text = message->text;
    if (text.len == 0 || !zc_utf8_valid(text) ||
        (message->format != FORMAT_EXTENDED && total > PACKET_SIZE)) {
        return zc_fail(ZC_INTENT_SOLANA_OFFCHAIN_TEXT);
    }
    for (size_t i = 0; message->format == FORMAT_ASCII && i < text.len; i++) {
        if (text.data[i] < ' ' || text.data[i] > '~') {
            return zc_fail(ZC_INTENT_SOLANA_OFFCHAIN_TEXT);
        }
    }
    return ZC_OK;
}

static bool is_among(const zc_offchain *message, const uint8_t *account)
{
    if (!message->has_signers) {
        return true;
    }
    for (size_t at = 0; at < message->signers.len; at += ZC_SOLANA_KEY_SIZE) {
        if (memcmp(message->signers.data + at, account, ZC_SOLANA_KEY_SIZE) == 0) {
            return true;
        }
    }
    return false;
}

static zc_result parse(zc_slice bytes, zc_offchain *ret_message)
{
    zc_reader reader = zc_reader_of(bytes);
    uint8_t version;
    zc_offchain brief = {0};
    zc_offchain full = {0};
    if (!zc_solana_is_offchain(bytes)) {
        return zc_fail(ZC_INTENT_SOLANA_OFFCHAIN);
    }
    ZC_TRY(zc_skip(&reader, DOMAIN_SIZE));
    ZC_TRY(zc_read_u8(&reader, &version));
    if (version != 0) {
        return zc_fail(ZC_INTENT_SOLANA_OFFCHAIN);
    }
    const bool is_brief = zc_ok(read_short(reader, &brief));
    const bool is_full = zc_ok(read_long(reader, &full));
    if (is_brief == is_full) {
        return zc_fail(is_full ? ZC_INTENT_SOLANA_OFFCHAIN_BOTH : ZC_INTENT_SOLANA_OFFCHAIN);
    }
    *ret_message = is_full ? full : brief;
    return check_text(ret_message, bytes.len);
}

static zc_result add_domain(const zc_offchain *message, zc_intent *intent)
{
    zc_argument *argument;
    if (!message->has_signers) {
        return ZC_OK;
    }
    ZC_TRY(zc_intent_add_argument(intent, ZC_CALL_NONE, ZC_ARGUMENT_BYTES, "applicationDomain",
                                  &argument));
    argument->len = APPLICATION_SIZE;
    memcpy(argument->byte, message->application.data, APPLICATION_SIZE);
    ZC_TRY(zc_intent_add_argument(intent, ZC_CALL_NONE, ZC_ARGUMENT_NUMBER, "signers", &argument));
    argument->number = zc_u256_of(message->signers.len / ZC_SOLANA_KEY_SIZE);
    return ZC_OK;
}

zc_result zc_intent_decode_solana_offchain(zc_slice bytes,
                                           const uint8_t account[static ZC_SOLANA_KEY_SIZE],
                                           zc_intent *ret_intent, size_t *ret_offset)
{
    zc_offchain message;
    size_t ignored;
    size_t *fault = ret_offset != NULL ? ret_offset : &ignored;
    zc_intent_reset(ret_intent);
    *fault = DOMAIN_SIZE;
    if (bytes.len > ZC_INTENT_MAX_MESSAGE) {
        return zc_fail(ZC_INTENT_TOO_LONG);
    }
    ZC_TRY(parse(bytes, &message));
    if (!is_among(&message, account)) {
        return zc_fail(ZC_INTENT_SOLANA_NOT_SIGNER);
    }
    ret_intent->family = ZC_FAMILY_SOLANA;
    ret_intent->operation = ZC_OPERATION_MESSAGE;
    ret_intent->account = zc_address_of(zc_slice_of(account, ZC_SOLANA_KEY_SIZE));
    ret_intent->signatures = 1;
    ret_intent->message = message.text;
    if (!zc_text_is_plain(message.text)) {
        ret_intent->flags |= ZC_FLAG_UNREADABLE_MESSAGE;
    }
    zc_sha256(bytes, ret_intent->digest);
    return add_domain(&message, ret_intent);
}

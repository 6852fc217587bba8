#include "mission/value.h"

#include <string.h>

#include "base/hex.h"
#include "crypto/curve.h"
#include "crypto/hash.h"
#include "intent/decode.h"
#include "mission/words.h"

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_char(uint8_t c, bool lower, bool first)
{
    bool letter = (c >= 'a' && c <= 'z') || (!lower && c >= 'A' && c <= 'Z');
    return letter || is_digit(c) || (!first && (c == '.' || c == '_' || c == '-'));
}

static void copy(zc_slice text, char *ret_text, size_t size)
{
    memset(ret_text, 0, size);
    memcpy(ret_text, text.data, text.len);
}

bool zc_value_title(const zc_place *place, const char *what, char *ret_text, size_t size)
{
    zc_slice text = zc_place_text(place);
    bool good =
        text.len >= 1 && text.len < size && text.data[0] != ' ' && text.data[text.len - 1] != ' ';
    for (size_t i = 0; i < text.len; i++) {
        good = good && text.data[i] >= 0x20 && text.data[i] <= 0x7e;
    }
    if (!good) {
        zc_place_error(place, "%s is 1 to %zu printable ASCII characters", what, size - 1);
        return false;
    }
    copy(text, ret_text, size);
    return true;
}

bool zc_value_name(const zc_place *place, const char *what, bool lower, char *ret_name, size_t size)
{
    zc_slice text = zc_place_text(place);
    bool good = text.len >= 1 && text.len < size;
    for (size_t i = 0; good && i < text.len; i++) {
        good = is_name_char(text.data[i], lower, i == 0);
    }
    if (!good || zc_slice_eq_text(text, "any")) {
        zc_place_error(
            place,
            "'%.*s' cannot name %s: 1 to %zu of %s, 0-9, '.', '_' and '-', beginning with a "
            "letter or a digit; and not 'any'",
            ZC_TEXT(text), what, size - 1, lower ? "a-z" : "A-Z, a-z");
        return false;
    }
    copy(text, ret_name, size);
    return true;
}

static bool parse_u64(zc_slice text, uint64_t *ret_number)
{
    zc_u256 wide;
    return zc_ok(zc_u256_from_decimal(text, &wide)) && zc_ok(zc_u256_to_u64(&wide, ret_number));
}

bool zc_value_number(const zc_place *place, const char *what, uint64_t min, uint64_t max,
                     uint64_t *ret_number)
{
    zc_slice text = zc_place_text(place);
    uint64_t number;
    if (!parse_u64(text, &number) || number < min || number > max) {
        zc_place_error(place, "%s is a whole number from %llu to %llu, not '%.*s'", what,
                       (unsigned long long)min, (unsigned long long)max, ZC_TEXT(text));
        return false;
    }
    *ret_number = number;
    return true;
}

bool zc_value_bool(const zc_place *place, bool *ret_value)
{
    zc_slice text = zc_place_text(place);
    bool yes = zc_slice_eq_text(text, "true");
    if (!yes && !zc_slice_eq_text(text, "false")) {
        zc_place_error(place, "this is true or false, not '%.*s'", ZC_TEXT(text));
        return false;
    }
    *ret_value = yes;
    return true;
}

bool zc_value_chain(const zc_place *place, uint64_t *ret_chain_id)
{
    zc_slice text = zc_place_text(place);
    if (zc_chain_of_word(text, ret_chain_id) || zc_chain_of_name(text, ret_chain_id)) {
        return true;
    }
    char advice[200];
    zc_words_advise(&zc_chain_words, text,
                    "or an EVM chain id, bitcoin, solana, cosmos:<id>, venue:<name>; names", advice,
                    sizeof advice);
    zc_place_error(place, "'%.*s' is not a chain%s", ZC_TEXT(text), advice);
    return false;
}

static void refuse_evm_address(const zc_place *place, zc_slice text)
{
    uint8_t address[ZC_EVM_ADDRESS_SIZE];
    char checked[ZC_EVM_ADDRESS_TEXT_SIZE];
    bool prefixed = text.len == 42 && text.data[0] == '0' && text.data[1] == 'x';
    if (!prefixed || !zc_ok(zc_hex_decode(zc_slice_of(text.data + 2, 40), address, 20))) {
        zc_place_error(place, "'%.*s' is not an address: 0x and 40 hex digits", ZC_TEXT(text));
        return;
    }
    zc_evm_address_text(address, checked);
    zc_place_error(place,
                   "the capitals of '%.*s' are not its EIP-55 checksum: a digit may be wrong; "
                   "compare with the source, where the address that is written here would be %s",
                   ZC_TEXT(text), checked);
}

bool zc_value_address(const zc_place *place, uint64_t chain, zc_address *ret_address)
{
    static const char *const forms[] = {
        [ZC_FAMILY_BITCOIN] = "a Bitcoin address of that network (base58, bech32 or bech32m)",
        [ZC_FAMILY_SOLANA] = "a Solana address: 32 bytes in base58",
        [ZC_FAMILY_COSMOS] = "a Cosmos address in bech32",
        [ZC_FAMILY_VENUE] = "a destination of at most 64 characters",
    };
    zc_slice text = zc_place_text(place);
    zc_family family = zc_chain_family(chain);
    if (zc_ok(zc_address_read(chain, text, ret_address))) {
        return true;
    }
    if (family == ZC_FAMILY_EVM) {
        refuse_evm_address(place, text);
    } else if (family != ZC_FAMILY_NONE) {
        zc_place_error(place, "'%.*s' is not %s", ZC_TEXT(text), forms[family]);
    }
    return false;
}

bool zc_value_token(const zc_place *place, uint64_t chain, zc_asset_id *ret_id)
{
    zc_slice text = zc_place_text(place);
    zc_family family = zc_chain_family(chain);
    zc_address address;
    if (family == ZC_FAMILY_EVM || family == ZC_FAMILY_SOLANA) {
        if (!zc_value_address(place, chain, &address)) {
            return false;
        }
        text = zc_address_slice(&address);
    } else if (family == ZC_FAMILY_BITCOIN) {
        zc_place_error(place, "Bitcoin has no tokens: write 'native: true'");
        return false;
    }
    if (text.len == 0 || text.len > ZC_TOKEN_MAX) {
        zc_place_error(place, "a token's name has 1 to %d characters", ZC_TOKEN_MAX);
        return false;
    }
    memset(ret_id, 0, sizeof *ret_id);
    *ret_id = zc_asset_id_token(chain, text);
    return true;
}

/* One argument type of the contract ABI: a known base, sized as the ABI has it, and array marks. */
static bool is_abi_type(zc_slice type)
{
    static const char *const plain[] = {"address", "bool", "string", "bytes", "function"};
    size_t len = 0;
    while (len < type.len && type.data[len] >= 'a' && type.data[len] <= 'z') {
        len++;
    }
    zc_slice base = zc_slice_of(type.data, len);
    unsigned bits = 0;
    size_t at = len;
    while (at < type.len && is_digit(type.data[at]) && bits < 1000) {
        bits = bits * 10 + (unsigned)(type.data[at++] - '0');
    }
    bool sized = at > len && type.data[len] != '0';
    bool known = false;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        known = known || (!sized && at == len && zc_slice_eq_text(base, plain[i]));
    }
    bool number = zc_slice_eq_text(base, "uint") || zc_slice_eq_text(base, "int");
    known = known || (sized && number && bits >= 8 && bits <= 256 && bits % 8 == 0);
    known = known || (sized && zc_slice_eq_text(base, "bytes") && bits >= 1 && bits <= 32);
    while (known && at < type.len) { /* [] and [7] */
        size_t open = at++;
        while (at < type.len && is_digit(type.data[at])) {
            at++;
        }
        known = type.data[open] == '[' && at < type.len && type.data[at++] == ']';
    }
    return known;
}

/* Passes over array marks behind a tuple's ')'. */
static size_t skip_array_marks(zc_slice text, size_t at)
{
    while (at < text.len &&
           (text.data[at] == '[' || text.data[at] == ']' || is_digit(text.data[at]))) {
        at++;
    }
    return at;
}

/* name(type,…) in the canonical form that is hashed: types written out, tuples in parentheses, no
 * space. The text is walked once, with the depth of tuples counted. */
static const char *check_signature(zc_slice text)
{
    size_t at = 0;
    bool called = text.len > 1 && text.data[0] != '(' && memchr(text.data, '(', text.len) != NULL;
    if (!called) {
        return "write name(type,type), or 0x and the selector's 8 hex digits";
    }
    while (text.data[at] != '(') {
        uint8_t c = text.data[at];
        bool letter = is_name_char(c, false, true) && !(at == 0 && is_digit(c));
        if (!letter && c != '_' && c != '$') {
            return "a method's name has letters, digits and '_', and does not begin with a digit";
        }
        at++;
    }
    unsigned depth = 0;
    bool want_type = true; /* after '(' or ',' */
    bool empty_allowed = false;
    while (at < text.len) {
        uint8_t c = text.data[at];
        if (c == '(' && (want_type || depth == 0)) {
            depth++;
            at++;
            want_type = true;
            empty_allowed = true;
        } else if (c == ')' && depth > 0 && (!want_type || empty_allowed)) {
            depth--;
            at = depth == 0 ? at + 1 : skip_array_marks(text, at + 1);
            want_type = false;
            empty_allowed = false;
            if (depth == 0) {
                break;
            }
        } else if (c == ',' && depth > 0 && !want_type) {
            at++;
            want_type = true;
            empty_allowed = false;
        } else if (want_type && depth > 0) {
            size_t start = at;
            while (at < text.len && strchr("(),", text.data[at]) == NULL) {
                at++;
            }
            if (!is_abi_type(zc_slice_of(text.data + start, at - start))) {
                return "its argument types must be the ABI's, written out and without spaces: "
                       "uint256 "
                       "(not uint), address, bytes32, (address,uint256)[]";
            }
            want_type = false;
            empty_allowed = false;
        } else {
            return "its parentheses and commas do not fit together";
        }
    }
    return depth == 0 && at == text.len ? NULL : "its parentheses and commas do not fit together";
}

static void set_method(zc_method *method, zc_slice bytes)
{
    memset(method, 0, sizeof *method);
    method->len = (uint8_t)bytes.len;
    memcpy(method->byte, bytes.data, bytes.len);
}

bool zc_value_method(const zc_place *place, zc_method *ret_method)
{
    zc_slice text = zc_place_text(place);
    uint8_t bytes[ZC_METHOD_MAX];
    size_t len = 0;
    if (text.len > 2 && text.data[0] == '0' && text.data[1] == 'x' &&
        zc_ok(zc_hex_decode_some(zc_slice_of(text.data + 2, text.len - 2), bytes, sizeof bytes,
                                 &len))) {
        set_method(ret_method, zc_slice_of(bytes, len));
        return true;
    }
    if (text.len > 1 && text.len <= ZC_METHOD_MAX && text.data[0] == '/') {
        set_method(ret_method, text);
        return true;
    }
    const char *fault = check_signature(text);
    if (fault != NULL) {
        zc_place_error(place, "'%.*s' is not a method: %s", ZC_TEXT(text), fault);
        return false;
    }
    uint8_t hash[32];
    zc_keccak256(text, hash);
    set_method(ret_method, zc_slice_of(hash, 4));
    return true;
}

bool zc_value_public_key(const zc_place *place, uint8_t ret_key[static 32])
{
    zc_slice text = zc_place_text(place);
    if (text.len != 64 || !zc_ok(zc_hex_decode(text, ret_key, 32))) {
        zc_place_error(place,
                       "a key is an Ed25519 public key of 64 hex digits, or 'local' for the one in "
                       "the credentials folder; not '%.*s'",
                       ZC_TEXT(text));
        return false;
    }
    zc_pubkey key;
    if (!zc_ok(zc_pubkey_parse(ZC_CURVE_ED25519, zc_slice_of(ret_key, 32), &key))) {
        zc_place_error(place,
                       "'%.*s' is no Ed25519 public key: these bytes are no point of full order; "
                       "take the key from the principal's own .pub file",
                       ZC_TEXT(text));
        return false;
    }
    return true;
}

#include "intent/render_page.h"

#include "base/hex.h"
#include "intent/text.h"

#define INDENT "    "

zc_result zc_page_text(zc_page *page, const char *text)
{
    return zc_write_text(&page->writer, text);
}

zc_result zc_page_label(zc_page *page, const char *label)
{
    static const char column[] = "               ";
    size_t len = strlen(label);
    for (size_t i = 0; i < page->depth; i++) {
        ZC_TRY(zc_page_text(page, INDENT));
    }
    ZC_TRY(zc_page_text(page, "  "));
    ZC_TRY(zc_page_text(page, label));
    return zc_page_text(page, len < sizeof(column) - 1 ? column + len : " ");
}

zc_result zc_page_name(zc_page *page, const char *name, size_t size)
{
    return zc_text_escape(zc_slice_of(name, strnlen(name, size)), NULL, &page->writer);
}

zc_result zc_page_u256(zc_page *page, const zc_u256 *value)
{
    char digits[ZC_U256_DECIMAL_SIZE];
    zc_u256_to_decimal(value, digits);
    return zc_page_text(page, digits);
}

zc_result zc_page_number(zc_page *page, uint64_t value)
{
    const zc_u256 number = zc_u256_of(value);
    return zc_page_u256(page, &number);
}

zc_result zc_page_hex(zc_page *page, const uint8_t *bytes, size_t len)
{
    ZC_TRY(zc_page_text(page, "0x"));
    return zc_write_hex(&page->writer, zc_slice_of(bytes, len));
}

static zc_result put_padded(zc_page *page, uint64_t value, size_t digits)
{
    uint64_t least = 1;
    for (size_t i = 1; i < digits; i++) {
        least *= 10;
        if (value < least) {
            ZC_TRY(zc_page_text(page, "0"));
        }
    }
    return zc_page_number(page, value);
}

/* Proleptic Gregorian, from the day number, by the era of 400 years that it lies in. */
static zc_result put_date(zc_page *page, uint64_t days)
{
    uint64_t z = days + 719468;
    uint64_t era = z / 146097;
    uint64_t day_of_era = z % 146097;
    uint64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint64_t from_march = (5 * day_of_year + 2) / 153;
    uint64_t day = day_of_year - (153 * from_march + 2) / 5 + 1;
    uint64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
    ZC_TRY(put_padded(page, year_of_era + era * 400 + (month <= 2), 4));
    ZC_TRY(zc_page_text(page, "-"));
    ZC_TRY(put_padded(page, month, 2));
    ZC_TRY(zc_page_text(page, "-"));
    return put_padded(page, day, 2);
}

zc_result zc_page_time(zc_page *page, uint64_t ms)
{
    /* The year 9999 ends here; what lies beyond is nobody's date. */
    const uint64_t last = UINT64_C(253402300799);
    uint64_t seconds = ms / 1000;
    if (seconds > last) {
        ZC_TRY(zc_page_number(page, ms));
        return zc_page_text(page, " milliseconds after 1970");
    }
    ZC_TRY(put_date(page, seconds / 86400));
    ZC_TRY(zc_page_text(page, " "));
    ZC_TRY(put_padded(page, seconds % 86400 / 3600, 2));
    ZC_TRY(zc_page_text(page, ":"));
    ZC_TRY(put_padded(page, seconds % 3600 / 60, 2));
    ZC_TRY(zc_page_text(page, ":"));
    ZC_TRY(put_padded(page, seconds % 60, 2));
    return zc_page_text(page, " UTC");
}

zc_result zc_page_chain(zc_page *page)
{
    const zc_intent *intent = page->intent;
    ZC_TRY(zc_page_text(page, zc_chain_family(intent->chain_id) == ZC_FAMILY_EVM ? "chain " : ""));
    if (intent->chain_name[0] != '\0') {
        ZC_TRY(zc_page_text(page, "cosmos:"));
        return zc_page_name(page, intent->chain_name, sizeof intent->chain_name);
    }
    return zc_chain_write(intent->chain_id, (zc_slice){0}, &page->writer);
}

static bool is_zero_account(const zc_address *address)
{
    static const uint8_t zero[ZC_EVM_ADDRESS_SIZE];
    return address->len == sizeof zero && memcmp(address->byte, zero, sizeof zero) == 0;
}

uint64_t zc_page_address_chain(const zc_intent *intent)
{
    static const uint64_t usual[] = {[ZC_FAMILY_EVM] = 1,
                                     [ZC_FAMILY_BITCOIN] = ZC_CHAIN_BITCOIN,
                                     [ZC_FAMILY_SOLANA] = ZC_CHAIN_SOLANA,
                                     [ZC_FAMILY_VENUE] = 0};
    bool named = intent->has_chain_id || (size_t)intent->family >= sizeof usual / sizeof usual[0];
    return named ? intent->chain_id : usual[intent->family];
}

zc_result zc_page_address(zc_page *page, const zc_address *address)
{
    const zc_intent *intent = page->intent;
    if (address->len == 0) {
        return zc_page_text(page, "somebody who is not named");
    }
    ZC_TRY(zc_address_write(zc_page_address_chain(intent), address, &page->writer));
    /* First: who decodes without saying who signs has the zero address as account. */
    if (is_zero_account(address)) {
        return zc_page_text(page, " (the zero address: nobody has its key)");
    }
    if (zc_address_eq(address, &intent->account)) {
        return zc_page_text(page, " (this account)");
    }
    const zc_contract *contract = zc_catalog_contract(page->catalog, intent->chain_id, address);
    if (contract == NULL) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_text(page, " \""));
    ZC_TRY(zc_page_name(page, contract->name, sizeof(contract->name)));
    return zc_page_text(page, "\"");
}

zc_result zc_page_decimal(zc_page *page, const zc_u256 *units, size_t scale, bool trim)
{
    char padded[ZC_U256_DECIMAL_SIZE + ZC_ASSET_MAX_DECIMALS + 1];
    char digits[ZC_U256_DECIMAL_SIZE];
    size_t len = zc_u256_to_decimal(units, digits);
    size_t zeros = len > scale ? 0 : scale + 1 - len;
    memset(padded, '0', zeros);
    memcpy(padded + zeros, digits, len);
    size_t end = zeros + len;
    size_t point = end - scale;
    while (trim && end > point && padded[end - 1] == '0') {
        end--;
    }
    ZC_TRY(zc_write_slice(&page->writer, zc_slice_of(padded, point)));
    if (end == point) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_text(page, "."));
    return zc_write_slice(&page->writer, zc_slice_of(padded + point, end - point));
}

/* A token's own name: text where the chain has texts, else an address. */
static zc_result put_token(zc_page *page, const zc_asset_id *id)
{
    zc_family family = zc_chain_family(id->chain_id);
    if (family == ZC_FAMILY_COSMOS || family == ZC_FAMILY_VENUE) {
        return zc_text_escape(zc_asset_id_slice(id), NULL, &page->writer);
    }
    ZC_TRY(zc_page_text(page, "token "));
    const zc_address token = zc_address_of(zc_asset_id_slice(id));
    return zc_page_address(page, &token);
}

static zc_result put_base_units(zc_page *page, const zc_asset_id *id, const zc_u256 *amount)
{
    ZC_TRY(zc_page_u256(page, amount));
    if (id->kind == ZC_ASSET_NATIVE) {
        return zc_page_text(page, " base units of the chain's own coin");
    }
    ZC_TRY(zc_page_text(page, " base units of "));
    return put_token(page, id);
}

zc_result zc_page_amount(zc_page *page, const zc_asset_id *id, const zc_u256 *amount)
{
    const zc_asset *asset = zc_catalog_asset(page->catalog, id);
    if (asset == NULL || asset->decimals > ZC_ASSET_MAX_DECIMALS) {
        return put_base_units(page, id, amount);
    }
    ZC_TRY(zc_page_decimal(page, amount, asset->decimals, true));
    ZC_TRY(zc_page_text(page, " "));
    return zc_page_name(page, asset->name, sizeof(asset->name));
}

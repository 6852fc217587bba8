#include "intent/render_page.h"

#include "base/hex.h"
#include "intent/decode.h"
#include "intent/text.h"

zc_result zc_page_text(zc_page *page, const char *text)
{
    return zc_write_text(&page->writer, text);
}

zc_result zc_page_label(zc_page *page, const char *label)
{
    static const char column[] = "               ";
    size_t len = strlen(label);
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

static zc_result put_plain_address(zc_page *page, const uint8_t address[static ZC_ADDRESS_SIZE])
{
    char text[ZC_EVM_ADDRESS_TEXT_SIZE];
    zc_evm_address_text(address, text);
    return zc_page_text(page, text);
}

zc_result zc_page_address(zc_page *page, const uint8_t address[static ZC_ADDRESS_SIZE])
{
    static const uint8_t zero[ZC_ADDRESS_SIZE];
    ZC_TRY(put_plain_address(page, address));
    if (memcmp(address, page->intent->account, ZC_ADDRESS_SIZE) == 0) {
        return zc_page_text(page, " (this account)");
    }
    if (memcmp(address, zero, ZC_ADDRESS_SIZE) == 0) {
        return zc_page_text(page, " (the zero address: nobody has its key)");
    }
    const zc_contract *contract =
        zc_catalog_contract(page->catalog, page->intent->chain_id, address);
    if (contract == NULL) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_text(page, " \""));
    ZC_TRY(zc_page_name(page, contract->name, sizeof(contract->name)));
    return zc_page_text(page, "\"");
}

/* The digits with a point before the last `decimals` of them, without zeros at the end. */
static zc_result put_decimal(zc_page *page, const zc_u256 *amount, size_t decimals)
{
    char padded[ZC_U256_DECIMAL_SIZE + ZC_ASSET_MAX_DECIMALS + 1];
    char digits[ZC_U256_DECIMAL_SIZE];
    size_t len = zc_u256_to_decimal(amount, digits);
    size_t zeros = len > decimals ? 0 : decimals + 1 - len;
    memset(padded, '0', zeros);
    memcpy(padded + zeros, digits, len);
    size_t end = zeros + len;
    size_t point = end - decimals;
    while (end > point && padded[end - 1] == '0') {
        end--;
    }
    ZC_TRY(zc_write_slice(&page->writer, zc_slice_of(padded, point)));
    if (end == point) {
        return ZC_OK;
    }
    ZC_TRY(zc_page_text(page, "."));
    return zc_write_slice(&page->writer, zc_slice_of(padded + point, end - point));
}

static zc_result put_base_units(zc_page *page, const zc_asset_id *id, const zc_u256 *amount)
{
    ZC_TRY(zc_page_u256(page, amount));
    if (id->kind == ZC_ASSET_NATIVE) {
        return zc_page_text(page, " base units of the chain's own coin");
    }
    ZC_TRY(zc_page_text(page, " base units (or, of an NFT, the one with this number) of token "));
    return put_plain_address(page, id->contract);
}

zc_result zc_page_amount(zc_page *page, const zc_asset_id *id, const zc_u256 *amount)
{
    const zc_asset *asset = zc_catalog_asset(page->catalog, id);
    if (asset == NULL || asset->decimals > ZC_ASSET_MAX_DECIMALS) {
        return put_base_units(page, id, amount);
    }
    ZC_TRY(put_decimal(page, amount, asset->decimals));
    ZC_TRY(zc_page_text(page, " "));
    return zc_page_name(page, asset->name, sizeof(asset->name));
}

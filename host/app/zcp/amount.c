#include "amount.h"

#include <stdio.h>
#include <string.h>

void zc_amount_text(const zc_catalog *catalog, const char *base_units, const char *asset,
                    char ret_text[static 128])
{
    unsigned decimals = 0;
    for (size_t i = 0; i < catalog->asset_count; i++) {
        decimals =
            strcmp(catalog->assets[i].name, asset) == 0 ? catalog->assets[i].decimals : decimals;
    }
    char digits[80 + ZC_ASSET_MAX_DECIMALS + 1];
    size_t len = strlen(base_units);
    size_t zeros = len <= decimals ? decimals + 1 - len : 0;
    memset(digits, '0', zeros);
    memcpy(digits + zeros, base_units, len + 1);
    size_t whole = zeros + len - decimals;
    char *end = digits + zeros + len;
    while (end > digits + whole && end[-1] == '0') {
        end--;
    }
    int fraction = (int)(end - (digits + whole));
    (void)snprintf(ret_text, 128, "%.*s%s%.*s%s%s", (int)whole, digits, fraction > 0 ? "." : "",
                   fraction, digits + whole, asset[0] != '\0' ? " " : "", asset);
}

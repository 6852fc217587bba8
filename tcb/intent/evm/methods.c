#include "intent/evm/methods.h"

#include "intent/decode.h"

static const zc_evm_methods *const tables[] = {&zc_evm_methods_token, &zc_evm_methods_batch,
                                               &zc_evm_methods_swap, &zc_evm_methods_control};

static const zc_evm_method *find_in(const zc_evm_methods *table, uint32_t selector)
{
    size_t low = 0;
    size_t high = table->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (table->items[middle].selector < selector) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < table->count && table->items[low].selector == selector ? &table->items[low] : NULL;
}

const zc_evm_method *zc_evm_method_find(uint32_t selector)
{
    const zc_evm_method *found = NULL;
    for (size_t i = 0; found == NULL && i < sizeof(tables) / sizeof(tables[0]); i++) {
        found = find_in(tables[i], selector);
    }
    return found;
}

const char *zc_evm_method_signature(zc_slice method)
{
    if (method.len != ZC_SELECTOR_SIZE) {
        return NULL;
    }
    const uint8_t *byte = method.data;
    const zc_evm_method *found = zc_evm_method_find(
        (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3]);
    return found != NULL ? found->signature : NULL;
}

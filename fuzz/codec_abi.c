/* Any bytes as a type program and data: the first byte is the program's length. The leaves lie one
 * after the other in the data, none beyond its end. */
#include <stdlib.h>

#include "codec/abi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_abi_walk walk;
    zc_abi_leaf leaf;
    bool more;
    size_t held = 0;
    if (size == 0) {
        return 0;
    }
    const size_t len = data[0] < size - 1 ? data[0] : size - 1;
    const zc_slice values = zc_slice_of(data + 1 + len, size - 1 - len);
    if (!zc_ok(zc_abi_walk_begin(&walk, zc_slice_of(data + 1, len), values))) {
        return 0;
    }
    while (zc_ok(zc_abi_walk_next(&walk, &leaf, &more)) && more) {
        require(leaf.at < len && zc_abi_is_leaf(leaf.type));
        require(leaf.value.len == 0 ||
                (leaf.value.data >= values.data &&
                 leaf.value.data + leaf.value.len <= values.data + values.len));
        held += leaf.value.len;
    }
    require(held <= values.len && zc_abi_walk_left(&walk) <= values.len);
    return 0;
}

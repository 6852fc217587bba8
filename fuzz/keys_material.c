/* What a client puts into the box of an import: first byte the kind, the rest the material. What is
 * taken comes back from its own encoding; a curve's key may also be 32 bytes alone. */
#include <stdlib.h>
#include <string.h>

#include "keys/holder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_key_material_bytes bytes, again;
    static zc_key_material material;
    if (size == 0 || size - 1 > sizeof bytes.byte) {
        return 0;
    }
    const zc_key_kind kind = (zc_key_kind)data[0];
    bytes.len = size - 1;
    if (bytes.len > 0) {
        memcpy(bytes.byte, data + 1, bytes.len);
    }
    if (!zc_ok(zc_key_material_read(kind, &bytes, &material))) {
        return 0;
    }
    if (!zc_ok(zc_key_material_write(&material, &again))) {
        abort();
    }
    const bool bare = zc_key_kind_has_curve(kind) && bytes.len == sizeof(zc_secret32);
    if (!bare && (again.len != bytes.len || memcmp(again.byte, bytes.byte, bytes.len) != 0)) {
        abort();
    }
    /* RSA is OpenSSL's affair, and slow. */
    if (kind != ZC_KEY_KIND_RSA) {
        zc_signer signer = {0};
        zc_venue_secret venue = {0};
        zc_key_holder holder = {&signer, &venue};
        if (zc_ok(zc_key_holder_take(&material, &holder)) &&
            zc_key_holder_public(&holder).kind != kind) {
            abort();
        }
        zc_key_holder_clear(&holder);
    }
    return 0;
}

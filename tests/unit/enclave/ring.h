/* Short forms for what an enclave knows of its keys. */
#ifndef ZC_TESTS_ENCLAVE_RING_H
#define ZC_TESTS_ENCLAVE_RING_H

#include "driver.h"
#include "enclave/parts.h"

/* The key of this number, opened. */
static inline zc_key *ring_key(driver *drv, uint32_t number)
{
    zc_key *key;
    DRIVER_MUST(number < drv->enclave->keyring.count);
    DRIVER_MUST(zc_ok(zc_keyring_open(&drv->enclave->keyring, number, &key)));
    return key;
}

static inline zc_key *ring_named(driver *drv, const char *name)
{
    return ring_key(drv, zc_keyring_by_name(&drv->enclave->keyring, zc_slice_of_text(name)));
}

/* What the log says of it; all zeros before its birth. */
static inline zc_audit_key_track ring_track(const driver *drv, uint32_t number)
{
    const uint32_t log = drv->enclave->keyring.place[number].log;
    return log == 0 ? (zc_audit_key_track){0} : drv->enclave->verifier.keys.track[log - 1];
}

#endif

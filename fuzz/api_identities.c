/* Any identity file: refused with a reason, or a table whose every identity has a name and a
 * credential, and that knows nobody by what it was not given. */
#include "api/identity.h"
#include "fuzz.h"

static void check(const zc_identities *identities)
{
    static const uint8_t no_certificate[32] = {1, 2, 3};
    zc_identity found = {0};
    char secret[ZC_ACCESS_SECRET_SIZE];
    if (zc_identities_first(identities, &found)) {
        FUZZ_CHECK(found.name[0] != '\0' && strlen(found.name) < sizeof found.name);
        FUZZ_CHECK((found.credential[0] != '\0') != (found.credential_file[0] != '\0'));
    }
    FUZZ_CHECK(!zc_identity_of_token(identities, "a token that no input hashes to", &found));
    FUZZ_CHECK(!zc_identity_of_certificate(identities, no_certificate, &found));
    if (zc_identity_of_access_key(identities, "A", &found, secret)) {
        FUZZ_CHECK(strnlen(secret, sizeof secret) >= 16);
        FUZZ_CHECK(zc_identities_has_access_keys(identities));
    }
    if (zc_identity_of_uid(identities, 1000, &found)) {
        FUZZ_CHECK(found.name[0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_identities *identities = NULL;
    zc_error error = {0};
    zc_result read = zc_identities_read(zc_slice_of(data, size), &identities, &error);
    FUZZ_CHECK(zc_ok(read) == (identities != NULL));
    FUZZ_CHECK(zc_ok(read) || (error.what[0] != '\0' && error.why[0] != '\0'));
    if (identities != NULL) {
        check(identities);
        zc_identities_free(identities);
    }
    return 0;
}

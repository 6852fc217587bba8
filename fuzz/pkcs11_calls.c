/* Any sequence of calls to the PKCS #11 module, by a program that is as wrong as it likes, under
 * any $ZCP_PKCS11_KEYS: the module answers, signs only in an operation that was begun while logged
 * in, and writes no more than it says. The first line is the variable's value; each call is a byte
 * and what it takes of the rest. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/unit/api_fake/fake.h"
#include "folder.h"
#include "pkcs11/entries.h"

#define CALLS_MAX 64
#define GUARD 0xa5

typedef struct input {
    const uint8_t *at;
    size_t left;
} input;

static uint8_t take(input *in)
{
    if (in->left == 0) {
        return 0;
    }
    in->left--;
    return *in->at++;
}

/* In a buffer of its own length, so that a read beyond its end is seen. The caller frees. */
static unsigned char *take_bytes(input *in, size_t *ret_len)
{
    size_t len = take(in);
    len = len < in->left ? len : in->left;
    unsigned char *bytes = malloc(len > 0 ? len : 1);
    FUZZ_CHECK(bytes != NULL);
    memcpy(bytes, in->at, len);
    in->at += len;
    in->left -= len;
    *ret_len = len;
    return bytes;
}

/* Small numbers are those that exist. */
static CK_SESSION_HANDLE take_session(input *in)
{
    return take(in) % 4;
}

static CK_MECHANISM take_mechanism(input *in)
{
    static const CK_MECHANISM_TYPE types[] = {
        CKM_ECDSA,  CKM_ECDSA_SHA256, CKM_ECDSA_SHA384, CKM_ECDSA_SHA512,    CKM_EDDSA,
        CKM_SHA256, CKM_SHA384,       CKM_SHA512,       CKM_EC_KEY_PAIR_GEN, CKM_RSA_PKCS};
    return (CK_MECHANISM){.mechanism = types[take(in) % (sizeof types / sizeof types[0])]};
}

static CK_OBJECT_HANDLE take_object(input *in)
{
    return take(in) % 16;
}

/* A template of up to two attributes; their values are freed by free_template(). */
static size_t take_template(input *in, CK_ATTRIBUTE template[static 2])
{
    static const CK_ATTRIBUTE_TYPE types[] = {CKA_CLASS, CKA_LABEL,     CKA_ID,
                                              CKA_VALUE, CKA_EC_PARAMS, CKA_KEY_TYPE};
    size_t count = take(in) % 3;
    for (size_t i = 0; i < count; i++) {
        size_t len = 0;
        template[i].type = types[take(in) % (sizeof types / sizeof types[0])];
        template[i].pValue = take_bytes(in, &len);
        template[i].ulValueLen = len;
    }
    return count;
}

static void free_template(CK_ATTRIBUTE *template, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(template[i].pValue);
    }
}

static void call_sessions(input *in, uint8_t which)
{
    CK_SESSION_HANDLE session = 0;
    CK_SESSION_INFO info;
    size_t len = 0;
    unsigned char *bytes = take_bytes(in, &len);
    switch (which) {
    case 0:
        (void)zcp_p11_open_session(ZCP_P11_SLOT, CKF_SERIAL_SESSION, NULL, NULL, &session);
        break;
    case 1:
        (void)zcp_p11_close_session(take_session(in));
        break;
    case 2:
        (void)zcp_p11_login(take_session(in), take(in) % 3, bytes, len);
        break;
    case 3:
        (void)zcp_p11_logout(take_session(in));
        break;
    default:
        (void)zcp_p11_get_session_info(take_session(in), &info);
        break;
    }
    free(bytes);
}

static void call_objects(input *in, uint8_t which)
{
    CK_ATTRIBUTE template[2];
    CK_OBJECT_HANDLE found[4] = {0};
    CK_OBJECT_HANDLE made = 0;
    unsigned long count = 0;
    CK_MECHANISM mechanism = take_mechanism(in);
    size_t attributes = take_template(in, template);
    switch (which) {
    case 0:
        (void)zcp_p11_find_objects_init(take_session(in), template, attributes);
        break;
    case 1:
        if (zcp_p11_find_objects(take_session(in), found, 4, &count) == CKR_OK) {
            FUZZ_CHECK(count <= 4);
        }
        break;
    case 2:
        (void)zcp_p11_find_objects_final(take_session(in));
        break;
    case 3:
        (void)zcp_p11_get_attribute_value(take_session(in), take_object(in), template, attributes);
        break;
    case 4:
        (void)zcp_p11_create_object(take_session(in), template, attributes, &made);
        break;
    case 5:
        (void)zcp_p11_destroy_object(take_session(in), take_object(in));
        break;
    default:
        (void)zcp_p11_generate_key_pair(take_session(in), &mechanism, template, attributes,
                                        template, attributes, &made, &found[0]);
        break;
    }
    free_template(template, attributes);
}

/* Signatures and digests go to a buffer of the size that is said, with a guard behind it. */
static void call_operations(input *in, uint8_t which)
{
    CK_MECHANISM mechanism = take_mechanism(in);
    CK_SESSION_HANDLE session = take_session(in);
    size_t len = 0;
    unsigned char *bytes = take_bytes(in, &len);
    unsigned char out[81];
    unsigned long room = take(in) % sizeof out;
    const unsigned long said = room;
    unsigned char *to = take(in) % 8 == 0 ? NULL : out;
    memset(out, GUARD, sizeof out);
    CK_RV(*const finals[])
    (CK_SESSION_HANDLE, unsigned char *, unsigned long *) = {zcp_p11_sign_final,
                                                             zcp_p11_digest_final};
    CK_RV(*const updates[])
    (CK_SESSION_HANDLE, unsigned char *,
     unsigned long) = {zcp_p11_sign_update, zcp_p11_verify_update, zcp_p11_digest_update};
    CK_RV result = CKR_OK;
    switch (which) {
    case 0:
        (void)zcp_p11_sign_init(session, &mechanism, take_object(in));
        break;
    case 1:
        result = zcp_p11_sign(session, bytes, len, to, &room);
        break;
    case 2:
        result = finals[take(in) % 2](session, to, &room);
        break;
    case 3:
        (void)updates[take(in) % 3](session, bytes, len);
        break;
    case 4:
        (void)zcp_p11_verify_init(session, &mechanism, take_object(in));
        break;
    case 5:
        (void)zcp_p11_verify(session, bytes, len, out, room);
        break;
    case 6:
        (void)zcp_p11_digest_init(session, &mechanism);
        break;
    default:
        result = zcp_p11_digest(session, bytes, len, to, &room);
        break;
    }
    FUZZ_CHECK(result != CKR_OK || to == NULL || room <= said);
    for (size_t i = said; i < sizeof out; i++) {
        FUZZ_CHECK(out[i] == GUARD);
    }
    free(bytes);
}

static void call(input *in)
{
    const uint8_t which = take(in);
    const size_t before = fake.signatures;
    const bool may_sign = zcp_p11.logged_in;
    switch (which % 4) {
    case 0:
        call_sessions(in, which / 4 % 5);
        break;
    case 1:
        call_objects(in, which / 4 % 7);
        break;
    default:
        call_operations(in, which / 4 % 8);
        break;
    }
    FUZZ_CHECK(fake.signatures == before || (may_sign && fake.signatures == before + 1));
}

static const char *in_folder(const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
    return path;
}

static void prepare(void)
{
    FUZZ_CHECK(mkdir(in_folder("credentials"), 0700) == 0);
    FILE *file = fopen(in_folder("credentials/a.key"), "we");
    FUZZ_CHECK(file != NULL && fclose(file) == 0 && setenv("ZCP_DIR", fuzz_folder(), 1) == 0);
}

/* Certificates are the one thing that outlives the module. */
static void forget(void)
{
    static const char *const kept[] = {"certificates/p1.der", "certificates/k1.der",
                                       "certificates/e1.der"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        (void)unlink(in_folder(kept[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char keys[256];
    static bool prepared;
    const uint8_t *end = memchr(data, '\n', size < sizeof keys ? size : sizeof keys);
    if (end == NULL) {
        return 0;
    }
    if (!prepared) {
        prepared = true;
        prepare();
    }
    memcpy(keys, data, (size_t)(end - data));
    keys[end - data] = '\0';
    FUZZ_CHECK(
        (keys[0] == '\0' ? unsetenv("ZCP_PKCS11_KEYS") : setenv("ZCP_PKCS11_KEYS", keys, 1)) == 0);
    input in = {.at = end + 1, .left = size - (size_t)(end - data) - 1};
    FUZZ_CHECK(zcp_p11_initialize(NULL) == CKR_OK);
    for (int i = 0; i < CALLS_MAX && in.left > 0; i++) {
        call(&in);
    }
    FUZZ_CHECK(zcp_p11_finalize(NULL) == CKR_OK);
    forget();
    return 0;
}

#include "machine.h"

#include <string.h>
#include <time.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sys/random.h>

#include "base/reader.h"
#include "rig.h"
#include "wire/frontlink.h"

static struct {
    uint64_t ordinal;
    uint64_t acked;
    uint64_t asked_by;
    uint8_t spki[ZC_SPKI_MAX];
    size_t spki_len;
    uint8_t renewals;
    uint8_t big[RIG_BIG];
} machine;

static void emit(zc_effects *effects, zc_effect_kind kind, uint64_t session, uint64_t after,
                 zc_slice bytes)
{
    uint8_t *at = effects->bytes + effects->used;
    memcpy(at, bytes.data, bytes.len);
    effects->used += bytes.len;
    effects->item[effects->count++] = (zc_effect){.kind = kind,
                                                  .session = session,
                                                  .after_ordinal = after,
                                                  .bytes = zc_slice_of(at, bytes.len)};
}

static void tell_host(zc_effects *effects, char what, uint64_t number)
{
    uint8_t frame[9];
    zc_writer writer = ZC_WRITER_OF_ARRAY(frame);
    if (zc_ok(zc_write_u8(&writer, (uint8_t)what)) && zc_ok(zc_write_u64(&writer, number))) {
        emit(effects, ZC_EFFECT_HOST, 0, 0, zc_writer_written(&writer));
    }
}

/* A certificate for front's key, signed by a key that nobody knows. */
static size_t certify(uint8_t *ret_der, size_t capacity)
{
    const unsigned char *at = machine.spki;
    EVP_PKEY *front_key = d2i_PUBKEY(NULL, &at, (long)machine.spki_len);
    EVP_PKEY *issuer = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, front_key);
    X509_sign(certificate, issuer, EVP_sha256());
    unsigned char *out = ret_der;
    size_t len = (size_t)i2d_X509(certificate, NULL);
    if (len <= capacity) {
        i2d_X509(certificate, &out);
    }
    X509_free(certificate);
    EVP_PKEY_free(issuer);
    EVP_PKEY_free(front_key);
    return len;
}

static void give_evidence(zc_effects *effects)
{
    static uint8_t certificate[ZC_CERTIFICATE_MAX], packet[ZC_FRONT_PACKET_MAX];
    uint8_t document[6000];
    memset(document, machine.renewals++, sizeof document);
    size_t len = certify(certificate, sizeof certificate);
    zc_front_message message = {.type = ZC_FRONT_EVIDENCE,
                                .evidence = {.certificate = zc_slice_of(certificate, len),
                                             .document = ZC_SLICE_OF_ARRAY(document),
                                             .genesis = zc_slice_of_text("genesis")}};
    zc_writer writer = ZC_WRITER_OF_ARRAY(packet);
    if (zc_ok(zc_front_message_write(&message, &writer))) {
        emit(effects, ZC_EFFECT_FRONT, 0, 0, zc_writer_written(&writer));
    }
}

static void on_record(const zc_event *event, zc_effects *effects)
{
    uint64_t session = event->session;
    switch (event->bytes.len == 0 ? 0 : event->bytes.data[0]) {
    case 'e':
        emit(effects, ZC_EFFECT_REPLY, session, 0, event->bytes);
        break;
    case 'C':
    case 's':
        tell_host(effects, 'S', ++machine.ordinal);
        emit(effects, ZC_EFFECT_REPLY, session, machine.ordinal, event->bytes);
        if (event->bytes.data[0] == 'C') {
            emit(effects, ZC_EFFECT_CLOSE, session, 0, (zc_slice){.data = machine.big});
        }
        break;
    case 'c':
        emit(effects, ZC_EFFECT_REPLY, session, 0, event->bytes);
        emit(effects, ZC_EFFECT_CLOSE, session, 0, (zc_slice){.data = machine.big});
        break;
    case 'b':
        memset(machine.big, 'b', sizeof machine.big);
        emit(effects, ZC_EFFECT_REPLY, session, 0, ZC_SLICE_OF_ARRAY(machine.big));
        break;
    case 'n':
        machine.asked_by = session;
        emit(effects, ZC_EFFECT_NSM, 0, 0, event->bytes);
        break;
    case 'w':
        machine.asked_by = session;
        emit(effects, ZC_EFFECT_WRAP_KEY, 0, 0, (zc_slice){.data = machine.big});
        break;
    default:
        break;
    }
}

static void on_host(const zc_event *event, zc_effects *effects)
{
    zc_reader reader = zc_reader_of(event->bytes);
    uint8_t what = 0, status = 0;
    if (!zc_ok(zc_read_u8(&reader, &what))) {
        return;
    }
    if (what == 'a' && zc_ok(zc_read_u64(&reader, &machine.acked))) {
        return;
    }
    if (what == 'x' && zc_ok(zc_read_u8(&reader, &status))) {
        emit(effects, ZC_EFFECT_EXIT, status, 0, (zc_slice){.data = machine.big});
    } else if (what == 'r') {
        give_evidence(effects);
    } else if (what == 'f') {
        for (int i = 0; i < 8; i++) {
            emit(effects, ZC_EFFECT_HOST, 0, 0, ZC_SLICE_OF_ARRAY(machine.big));
        }
    }
}

static void step(void *state, const zc_event *event, zc_effects *effects)
{
    (void)state;
    switch (event->kind) {
    case ZC_EVENT_START:
        tell_host(effects, 'H', event->bytes.len);
        break;
    case ZC_EVENT_HOST:
        on_host(event, effects);
        break;
    case ZC_EVENT_FRONT_KEY:
        memcpy(machine.spki, event->bytes.data, event->bytes.len);
        machine.spki_len = event->bytes.len;
        give_evidence(effects);
        break;
    case ZC_EVENT_SESSION_OPEN:
        tell_host(effects, 'O', event->session);
        break;
    case ZC_EVENT_RECORD:
        on_record(event, effects);
        break;
    case ZC_EVENT_SESSION_CLOSED:
        tell_host(effects, 'D', event->session);
        break;
    case ZC_EVENT_NSM:
    case ZC_EVENT_WRAP_KEY:
        emit(effects, ZC_EFFECT_REPLY, machine.asked_by, 0, event->bytes);
        break;
    case ZC_EVENT_TICK:
    case ZC_EVENT_KINDS:
        break;
    }
}

static uint64_t acked(const void *state)
{
    (void)state;
    return machine.acked;
}

zc_machine machine_make(void)
{
    return (zc_machine){.state = &machine, .step = step, .acked = acked};
}

static zc_result platform_random(void *self, uint8_t *ret_bytes, size_t len)
{
    (void)self;
    return getrandom(ret_bytes, len, 0) == (ssize_t)len ? ZC_OK : zc_fail(ZC_PLATFORM_NO_RANDOM);
}

/* A security module that gives requests back, and refuses one. */
static zc_result platform_nsm(void *self, zc_slice request, zc_buffer response, size_t *ret_len)
{
    (void)self;
    if (zc_slice_eq_text(request, "no") || request.len > response.len) {
        return zc_fail(ZC_PLATFORM_NSM_UNREACHABLE);
    }
    memcpy(response.data, request.data, request.len);
    *ret_len = request.len;
    return ZC_OK;
}

static zc_result platform_wrap_key(void *self, zc_secret32 *ret_key)
{
    (void)self;
    memset(ret_key->byte, 'w', sizeof ret_key->byte);
    return ZC_OK;
}

static zc_result platform_now_ms(void *self, int64_t *ret_now)
{
    (void)self;
    *ret_now = (int64_t)time(NULL) * 1000;
    return ZC_OK;
}

static uint64_t platform_monotonic_ns(void *self)
{
    (void)self;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint32_t platform_isolation(void *self)
{
    (void)self;
    return 0;
}

const zc_platform *machine_platform(void)
{
    static const zc_platform_ops ops = {.name = "test",
                                        .random = platform_random,
                                        .nsm = platform_nsm,
                                        .wrap_key = platform_wrap_key,
                                        .now_ms = platform_now_ms,
                                        .monotonic_ns = platform_monotonic_ns,
                                        .isolation = platform_isolation};
    static const zc_platform platform = {.ops = &ops};
    return &platform;
}

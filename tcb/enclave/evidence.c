/* What front shows to clients: the TLS certificate, the document that vouches for it, and the
 * genesis record. */
#include "enclave/parts.h"

#include "base/hex.h"
#include "crypto/hash.h"
#include "crypto/x509.h"

zc_result zc_on_front_key(zc_enclave *enclave, const zc_message *message)
{
    zc_slice spki = message->event->bytes;
    if (enclave->has_front_key || spki.len == 0 || spki.len > sizeof enclave->front_spki) {
        return zc_fail(ZC_ENCLAVE_WRONG_PHASE);
    }
    memcpy(enclave->front_spki, spki.data, spki.len);
    enclave->front_spki_len = spki.len;
    enclave->has_front_key = true;
    return zc_boot_advance(enclave, message->effects);
}

static void remember_document(zc_enclave *enclave, zc_slice document)
{
    memcpy(enclave->document_sha256[1], enclave->document_sha256[0], 32);
    zc_sha256(document, enclave->document_sha256[0]);
    if (enclave->document_count < ZC_ENCLAVE_DOCUMENTS) {
        enclave->document_count++;
    }
    enclave->document_ms = enclave->now_ms;
    bool fits = document.len <= sizeof enclave->document;
    enclave->document_len = fits ? document.len : 0;
    memcpy(enclave->document, document.data, enclave->document_len);
}

zc_result zc_evidence_publish(zc_enclave *enclave, zc_slice document, zc_effects *effects)
{
    /* "zcp " and half of the deployment id: a common name holds 64 characters. */
    char name[4 + 32 + 1] = "zcp ";
    zc_hex_encode(zc_slice_of(enclave->genesis.deployment_id, 16), name + 4);
    int64_t now = enclave->now_ms / 1000;
    uint8_t certificate[ZC_CERTIFICATE_MAX];
    size_t certificate_len;
    ZC_TRY(zc_x509_make_tls(
        &enclave->secrets->identity, zc_slice_of(enclave->front_spki, enclave->front_spki_len),
        zc_slice_of_text(name), now - 3600, now + ZC_ENCLAVE_TLS_DAYS * INT64_C(86400), certificate,
        sizeof certificate, &certificate_len));
    remember_document(enclave, document);
    return zc_emit_front(effects, zc_slice_of(certificate, certificate_len), document,
                         zc_slice_of(enclave->genesis_record, enclave->genesis_len));
}

zc_result zc_evidence_boot(zc_enclave *enclave, zc_slice document, zc_effects *effects)
{
    zc_audit_entry entry = {.kind = ZC_AUDIT_BOOT, .detail = document};
    zc_audit_opening opening = {0};
    uint8_t leaf[32];
    ZC_TRY(zc_log_append(enclave, &entry, &opening, effects, leaf));
    zc_log_raise_floor(enclave);
    if (document.len > sizeof enclave->boot_document) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    memcpy(enclave->boot_document, document.data, document.len);
    enclave->boot_document_len = document.len;
    enclave->boot_size = enclave->log.next;
    return zc_witness_wanted(enclave) ? zc_witness_wait(enclave, effects)
                                      : zc_evidence_serve(enclave, effects);
}

zc_result zc_evidence_serve(zc_enclave *enclave, zc_effects *effects)
{
    zc_slice document = zc_slice_of(enclave->boot_document, enclave->boot_document_len);
    enclave->boot_document_len = 0;
    ZC_TRY(zc_evidence_publish(enclave, document, effects));
    enclave->phase = enclave->halted_in_log ? ZC_PHASE_HALTED : ZC_PHASE_SERVING;
    zc_host_message serving = {.type = ZC_HOST_SERVING, .serving = {.document = document}};
    memcpy(serving.serving.deployment_id, enclave->genesis.deployment_id, 32);
    return zc_emit_host(effects, &serving);
}

/* What front shows from now on stands in the log: by its hash, for the boot's own document already
 * vouches for everything else in it. */
zc_result zc_evidence_renew(zc_enclave *enclave, zc_slice document, zc_effects *effects)
{
    zc_audit_entry entry = {.kind = ZC_AUDIT_ATTESTATION, .has_digest = true};
    zc_audit_opening opening = {0};
    uint8_t leaf[32];
    zc_sha256(document, entry.digest);
    ZC_TRY(zc_log_append(enclave, &entry, &opening, effects, leaf));
    return zc_evidence_publish(enclave, document, effects);
}

zc_result zc_evidence_refresh(zc_enclave *enclave, zc_effects *effects)
{
    bool due = enclave->document_count > 0 &&
               enclave->now_ms - enclave->document_ms >= ZC_ENCLAVE_DOCUMENT_MS;
    /* What clients ask for must not put it off for good; with no place free, the next tick does. */
    if (!due || enclave->refresh_asked || enclave->wait_count == ZC_ENCLAVE_WAITS_MAX) {
        return ZC_OK;
    }
    enclave->refresh_asked = true;
    uint8_t fresh[32];
    zc_drbg_bytes(&enclave->secrets->drbg, fresh, sizeof fresh);
    return zc_ask_document(enclave, effects, &(zc_wait){.purpose = ZC_WAIT_REFRESH},
                           ZC_SLICE_OF_ARRAY(fresh), zc_slice_of(NULL, 0));
}

#include "artefact.h"

#include "codec/base64.h"
#include "codec/cbor.h"
#include "intent/bitcoin.h"
#include "support/json.h"

/* A PSBT of the longest kind with all its signatures, and its base64. */
#define TEXT_SIZE ((size_t)1 << 18)

static zc_slice base64_of(zc_slice bytes, const char *prefix)
{
    static char text[TEXT_SIZE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    bool fits = zc_ok(zc_write_text(&writer, prefix)) && zc_ok(zc_write_base64(&writer, bytes));
    return fits ? zc_writer_written(&writer) : (zc_slice){0};
}

/* The transaction for the network; empty while somebody's signature is missing. */
static zc_slice network_transaction(zc_slice psbt)
{
    static uint8_t bytes[TEXT_SIZE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    return zc_ok(zc_psbt_extract(psbt, &writer)) ? zc_writer_written(&writer) : (zc_slice){0};
}

static bool is_psbt(const zc_artefact *artefact)
{
    return artefact->chain == ZCP_CHAIN_BITCOIN && artefact->use == ZCP_TX;
}

static bool is_proof(const zc_artefact *artefact)
{
    return artefact->chain == ZCP_CHAIN_BITCOIN && artefact->use == ZCP_MESSAGE;
}

static bool psbt_json(zc_slice psbt, json_t *out)
{
    zc_slice transaction = network_transaction(psbt);
    return zc_json_set_slice_text(out, "psbt", base64_of(psbt, "")) &&
           zc_json_set_hex0x(out, "signed", psbt) &&
           (transaction.len == 0 || zc_json_set_hex(out, "transaction", transaction));
}

/* {1: method, 2: path, 3: [[name, value] …], 4: body} */
typedef struct venue_request {
    zc_slice method;
    zc_slice path;
    zc_reader headers; /* stands at the first */
    size_t header_count;
    zc_slice body;
} venue_request;

static zc_result get_header(zc_reader *reader, zc_slice *ret_name, zc_slice *ret_value)
{
    size_t two;
    ZC_TRY(zc_cbor_get_array(reader, 2, &two));
    ZC_TRY(zc_cbor_get_text(reader, ret_name));
    return zc_cbor_get_text(reader, ret_value);
}

static zc_result read_request(zc_slice bytes, venue_request *ret_request)
{
    enum { MAX_HEADERS = 64 };
    zc_reader reader = zc_reader_of(bytes);
    size_t keys;
    zc_slice name;
    zc_slice value;
    ZC_TRY(zc_cbor_get_map(&reader, 4, &keys));
    ZC_TRY(zc_cbor_get_key_uint(&reader, 1));
    ZC_TRY(zc_cbor_get_text(&reader, &ret_request->method));
    ZC_TRY(zc_cbor_get_key_uint(&reader, 2));
    ZC_TRY(zc_cbor_get_text(&reader, &ret_request->path));
    ZC_TRY(zc_cbor_get_key_uint(&reader, 3));
    ZC_TRY(zc_cbor_get_array(&reader, MAX_HEADERS, &ret_request->header_count));
    ret_request->headers = reader;
    for (size_t i = 0; i < ret_request->header_count; i++) {
        ZC_TRY(get_header(&reader, &name, &value));
    }
    ZC_TRY(zc_cbor_get_key_uint(&reader, 4));
    ZC_TRY(zc_cbor_get_bytes(&reader, &ret_request->body));
    return zc_reader_end(&reader);
}

/* The name lies in a slice, so it is added by length. */
static bool set_header(json_t *headers, zc_slice name, zc_slice value)
{
    char key[128];
    if (name.len >= sizeof key) {
        return false;
    }
    memcpy(key, name.data, name.len);
    key[name.len] = '\0';
    return zc_json_set_slice_text(headers, key, value);
}

static bool request_json(zc_slice bytes, json_t *out)
{
    venue_request request;
    json_t *object = json_object();
    json_t *headers = json_object();
    bool made = object != NULL && headers != NULL && zc_ok(read_request(bytes, &request)) &&
                zc_json_set_slice_text(object, "method", request.method) &&
                zc_json_set_slice_text(object, "path", request.path);
    for (size_t i = 0; made && i < request.header_count; i++) {
        zc_slice name;
        zc_slice value;
        made =
            zc_ok(get_header(&request.headers, &name, &value)) && set_header(headers, name, value);
    }
    made = zc_json_set(object, "headers", headers) && made;
    made = made && zc_json_set_slice_text(object, "body", request.body);
    return zc_json_set(out, "signed", object) && made;
}

bool zc_artefact_json(const zc_artefact *artefact, json_t *out)
{
    if (artefact->bytes.len == 0) {
        return true;
    }
    if (is_psbt(artefact)) {
        return psbt_json(artefact->bytes, out);
    }
    if (is_proof(artefact)) {
        return zc_json_set_slice_text(out, "proof", base64_of(artefact->bytes, ""));
    }
    return artefact->use == ZCP_ORDER ? request_json(artefact->bytes, out)
                                      : zc_json_set_hex0x(out, "signed", artefact->bytes);
}

static void print_hex(FILE *stream, const char *label, zc_slice bytes)
{
    (void)fputs(label, stream);
    for (size_t i = 0; i < bytes.len; i++) {
        (void)fprintf(stream, "%02x", bytes.data[i]);
    }
    (void)fputc('\n', stream);
}

static void print_text(FILE *stream, const char *label, zc_slice text)
{
    (void)fprintf(stream, "%s%.*s\n", label, (int)text.len, (const char *)text.data);
}

/* As an HTTP client sends it. */
static void print_request(FILE *stream, zc_slice bytes)
{
    venue_request request;
    if (!zc_ok(read_request(bytes, &request))) {
        return;
    }
    (void)fprintf(stream, "request     %.*s %.*s\n", (int)request.method.len,
                  (const char *)request.method.data, (int)request.path.len,
                  (const char *)request.path.data);
    for (size_t i = 0; i < request.header_count; i++) {
        zc_slice name;
        zc_slice value;
        if (zc_ok(get_header(&request.headers, &name, &value))) {
            (void)fprintf(stream, "            %.*s: %.*s\n", (int)name.len,
                          (const char *)name.data, (int)value.len, (const char *)value.data);
        }
    }
    if (request.body.len != 0) {
        print_text(stream, "            ", request.body);
    }
}

void zc_artefact_print(const zc_artefact *artefact, FILE *stream)
{
    if (artefact->bytes.len == 0) {
        return;
    }
    if (is_psbt(artefact)) {
        zc_slice transaction = network_transaction(artefact->bytes);
        print_text(stream, "psbt        ", base64_of(artefact->bytes, ""));
        if (transaction.len != 0) {
            print_hex(stream, "transaction ", transaction);
        }
    } else if (is_proof(artefact)) {
        print_text(stream, "proof       ", base64_of(artefact->bytes, ""));
    } else if (artefact->use == ZCP_ORDER) {
        print_request(stream, artefact->bytes);
    } else {
        print_hex(stream, "signed      0x", artefact->bytes);
    }
}

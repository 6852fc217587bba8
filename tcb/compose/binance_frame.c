/* https://developers.binance.com/docs/binance-spot-api-docs/rest-api/request-security */
#include "compose/binance_frame.h"

/* The venue's own where the request names none. */
#define DEFAULT_WINDOW_MS 5000
#define MAX_WINDOW_MS 60000

const zc_compose_param zc_binance_head[] = {
    {.name = "timestamp", .source = ZC_PARAM_NOW},
    ZC_PARAMS_END,
};

const zc_compose_param zc_binance_tail[] = {
    ZC_MAY("recvWindow", WINDOW),
    ZC_PARAMS_END,
};

static zc_compose_scheme scheme_of(zc_compose_key key)
{
    return key == ZC_COMPOSE_KEY_HMAC      ? ZC_COMPOSE_HMAC_SHA256
           : key == ZC_COMPOSE_KEY_ED25519 ? ZC_COMPOSE_ED25519
                                           : ZC_COMPOSE_RSA_PKCS1_SHA256;
}

static zc_result set_expiry(zc_compose_job *job)
{
    uint64_t window = job->order->window_ms == 0 ? DEFAULT_WINDOW_MS : job->order->window_ms;
    if (window > MAX_WINDOW_MS) {
        return zc_fail(ZC_COMPOSE_WINDOW);
    }
    job->out->has_expiry = true;
    job->out->expiry_ms = job->time_ms + window;
    return ZC_OK;
}

zc_result zc_binance_frame(zc_compose_job *job, zc_compose_form form)
{
    zc_composition *out = job->out;
    const bool in_body = form == ZC_COMPOSE_FORM_BODY;
    zc_compose_text *text = in_body ? &out->body : &out->path;
    ZC_TRY(set_expiry(job));
    ZC_TRY(zc_compose_preimage_add(out, in_body ? zc_compose_text_slice(&out->body)
                                                : zc_compose_query(out)));
    ZC_TRY(zc_compose_add_signing(out, scheme_of(job->account->key)));
    zc_writer writer = zc_compose_begin(text);
    ZC_TRY(zc_write_text(&writer, "&signature="));
    zc_compose_end(text, &writer);
    ZC_TRY(zc_compose_add_hole(
        out, in_body ? ZC_COMPOSE_BODY : ZC_COMPOSE_PATH, 0,
        job->account->key == ZC_COMPOSE_KEY_HMAC ? ZC_COMPOSE_HEX : ZC_COMPOSE_BASE64_PERCENT));
    ZC_TRY(zc_compose_add_header(out, "X-MBX-APIKEY", job->account->api_key));
    return in_body ? zc_compose_add_header(out, "Content-Type",
                                           zc_slice_of_text("application/x-www-form-urlencoded"))
                   : ZC_OK;
}

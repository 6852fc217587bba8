#include "intent/bitcoin/tx.h"

#include "crypto/hash160.h"
#include "intent/bitcoin/wire.h"

/* The least that an input, an output or an item of a witness takes. */
enum { MIN_INPUT = 41, MIN_OUTPUT = 9, MIN_ITEM = 1 };

/* A count of things that take at least `least` bytes each: more of them than fit is a lie. */
static zc_result read_bounded(zc_reader *reader, size_t least, size_t *ret_count)
{
    zc_reader at = *reader;
    uint64_t count;
    ZC_TRY(zc_btc_read_count(&at, &count));
    if (count > zc_reader_left(&at) / least) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    *reader = at;
    *ret_count = (size_t)count;
    return ZC_OK;
}

static zc_result read_input(zc_reader *reader, zc_btc_input *ret_input)
{
    zc_btc_input input = {0};
    ZC_TRY(zc_read_copy(reader, input.txid, sizeof(input.txid)));
    ZC_TRY(zc_btc_read_u32(reader, &input.index));
    ZC_TRY(zc_btc_read_bytes(reader, &input.script_sig));
    ZC_TRY(zc_btc_read_u32(reader, &input.sequence));
    *ret_input = input;
    return ZC_OK;
}

zc_result zc_btc_read_output(zc_reader *reader, zc_btc_output *ret_output)
{
    zc_reader at = *reader;
    zc_btc_output output;
    ZC_TRY(zc_btc_read_u64(&at, &output.amount));
    ZC_TRY(zc_btc_read_bytes(&at, &output.script));
    *reader = at;
    *ret_output = output;
    return ZC_OK;
}

static zc_result read_witness(zc_reader *reader, zc_slice *ret_witness)
{
    const uint8_t *start = reader->at;
    size_t count;
    zc_slice item;
    ZC_TRY(read_bounded(reader, MIN_ITEM, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(zc_btc_read_bytes(reader, &item));
    }
    *ret_witness = zc_slice_of(start, (size_t)(reader->at - start));
    return ZC_OK;
}

/* BIP-144: where the count of inputs belongs, 00 and 01. */
static bool skip_marker(zc_reader *reader)
{
    if (zc_reader_left(reader) < 2 || reader->at[0] != 0 || reader->at[1] != 1) {
        return false;
    }
    return zc_ok(zc_skip(reader, 2));
}

static zc_result read_inputs(zc_reader *reader, zc_btc_tx *tx)
{
    size_t count;
    ZC_TRY(read_bounded(reader, MIN_INPUT, &count));
    if (count > ZC_PSBT_MAX_INPUTS) {
        return zc_fail(ZC_INTENT_PSBT_TOO_MANY);
    }
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_input(reader, &tx->inputs[i]));
    }
    tx->input_count = (uint32_t)count;
    return ZC_OK;
}

static zc_result read_outputs(zc_reader *reader, zc_btc_tx *tx)
{
    size_t count;
    ZC_TRY(read_bounded(reader, MIN_OUTPUT, &count));
    if (count > ZC_PSBT_MAX_OUTPUTS) {
        return zc_fail(ZC_INTENT_PSBT_TOO_MANY);
    }
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(zc_btc_read_output(reader, &tx->outputs[i]));
    }
    tx->output_count = (uint32_t)count;
    return ZC_OK;
}

zc_result zc_btc_tx_parse(zc_slice bytes, bool may_have_witness, zc_btc_tx *ret_tx)
{
    zc_reader reader = zc_reader_of(bytes);
    ret_tx->input_count = 0;
    ret_tx->output_count = 0;
    ZC_TRY(zc_btc_read_u32(&reader, &ret_tx->version));
    ret_tx->has_witness = may_have_witness && skip_marker(&reader);
    ZC_TRY(read_inputs(&reader, ret_tx));
    ZC_TRY(read_outputs(&reader, ret_tx));
    for (size_t i = 0; ret_tx->has_witness && i < ret_tx->input_count; i++) {
        ZC_TRY(read_witness(&reader, &ret_tx->inputs[i].witness));
    }
    ZC_TRY(zc_btc_read_u32(&reader, &ret_tx->locktime));
    return zc_reader_end(&reader);
}

/* Inputs and outputs of any number, of which one output is kept. */
static zc_result walk_body(zc_reader *reader, uint32_t index, size_t *ret_inputs,
                           zc_btc_output *ret_output, bool *ret_found)
{
    size_t count;
    zc_btc_input input;
    zc_btc_output output;
    ZC_TRY(read_bounded(reader, MIN_INPUT, ret_inputs));
    for (size_t i = 0; i < *ret_inputs; i++) {
        ZC_TRY(read_input(reader, &input));
    }
    ZC_TRY(read_bounded(reader, MIN_OUTPUT, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(zc_btc_read_output(reader, &output));
        if (i == index) {
            *ret_output = output;
        }
    }
    *ret_found = index < count;
    return ZC_OK;
}

zc_result zc_btc_tx_output(zc_slice bytes, uint32_t index,
                           uint8_t ret_txid[static ZC_BTC_TXID_SIZE], zc_btc_output *ret_output)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_sha256_ctx ctx;
    zc_slice version;
    zc_slice witness;
    zc_slice locktime;
    zc_btc_output output = {0};
    size_t inputs;
    bool found;
    ZC_TRY(zc_read_slice(&reader, 4, &version));
    bool has_witness = skip_marker(&reader);
    const uint8_t *body = reader.at;
    ZC_TRY(walk_body(&reader, index, &inputs, &output, &found));
    zc_slice body_bytes = zc_slice_of(body, (size_t)(reader.at - body));
    for (size_t i = 0; has_witness && i < inputs; i++) {
        ZC_TRY(read_witness(&reader, &witness));
    }
    ZC_TRY(zc_read_slice(&reader, 4, &locktime));
    ZC_TRY(zc_reader_end(&reader));
    if (!found) {
        return zc_fail(ZC_INTENT_PSBT_PREVIOUS_TX);
    }
    zc_sha256_init(&ctx);
    zc_sha256_update(&ctx, version);
    zc_sha256_update(&ctx, body_bytes);
    zc_sha256_update(&ctx, locktime);
    zc_hash256_final(&ctx, ret_txid);
    *ret_output = output;
    return ZC_OK;
}

size_t zc_btc_tx_base_size(const zc_btc_tx *tx)
{
    size_t size = 8 + zc_btc_count_size(tx->input_count) + zc_btc_count_size(tx->output_count) +
                  (size_t)MIN_INPUT * tx->input_count;
    for (size_t i = 0; i < tx->output_count; i++) {
        size += 8 + zc_btc_count_size(tx->outputs[i].script.len) + tx->outputs[i].script.len;
    }
    return size;
}

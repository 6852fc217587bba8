/* The session's keys in constant time: poisoned from the exporter on, through the front link, into
 * records and past a rekey. */
#include <stdio.h>
#include <string.h>

#include "base/ct.h"
#include "wire/frontlink.h"
#include "wire/record.h"
#include "wire/session.h"

static int failures;

static void expect(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "%s: failed\n", what);
        failures++;
    }
}

/* Front's half and core's half of handing a session over. */
static void hand_over(zc_session_secrets *ret_secrets)
{
    uint8_t exporter[ZC_SESSION_EXPORTER_SIZE] = {1, 2, 3};
    zc_ct_secret(exporter, sizeof exporter);
    zc_front_message sent = {.type = ZC_FRONT_SESSION};
    zc_session_secrets_of(exporter, &sent.session.secrets);
    uint8_t packet[256];
    zc_writer writer = ZC_WRITER_OF_ARRAY(packet);
    expect(zc_ok(zc_front_message_write(&sent, &writer)), "front message written");
    zc_front_message taken;
    expect(zc_ok(zc_front_message_read(zc_writer_written(&writer), &taken)), "front message read");
    *ret_secrets = taken.session.secrets;
    zc_front_message_clear(&sent);
    zc_front_message_clear(&taken);
}

static void exchange(const zc_secret32 *key, uint64_t number)
{
    zc_record_end from;
    zc_record_end to;
    expect(zc_ok(zc_record_end_init(&from, key)) && zc_ok(zc_record_end_init(&to, key)), "ends");
    from.counter = to.counter = number;
    for (int i = 0; i < 3; i++) {
        uint8_t record[128];
        zc_writer writer = ZC_WRITER_OF_ARRAY(record);
        expect(zc_ok(zc_record_seal(&from, zc_slice_of_text("a request"), &writer)), "sealed");
        /* Ciphertext is what everyone sees. */
        zc_ct_public(record, sizeof record);
        zc_slice plain;
        expect(zc_ok(zc_record_open(&to, record, zc_writer_len(&writer), &plain)), "opened");
    }
    zc_record_end_clear(&from);
    zc_record_end_clear(&to);
}

int main(void)
{
    ZC_SECRET_SESSION zc_session_secrets secrets;
    hand_over(&secrets);
    exchange(&secrets.to_core, 0);
    exchange(&secrets.to_client, ZC_RECORD_REKEY_INTERVAL - 1);
    return failures > 0;
}

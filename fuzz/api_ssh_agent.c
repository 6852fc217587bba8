/* Any sequence of requests to the ssh-agent on one connection: each has an answer of a known kind
 * that fits, and only a request to sign makes a signature. Requests: two bytes of length, then as
 * many of the request. */
#include "../tests/unit/api_fake/fake.h"
#include "api/ssh_agent/agent.h"
#include "base/reader.h"
#include "fuzz.h"

static zc_gateway gateway;
static uint8_t room[ZC_SSH_ANSWER_MAX];

static void ask(zc_ssh_agent *agent, zc_slice request)
{
    static const uint8_t answers[] = {5, 6, 12, 14, 28};
    size_t before = fake.signatures;
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_ssh_agent_answer(agent, request, &writer);
    FUZZ_CHECK(zc_writer_len(&writer) >= 1);
    FUZZ_CHECK(memchr(answers, room[0], sizeof answers) != NULL);
    FUZZ_CHECK(fake.signatures == before || (request.data[0] == 13 && room[0] == 14));
    FUZZ_CHECK(room[0] != 14 || fake.signatures == before + 1);
    zc_api_call_again(agent->call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_api_call call;
    if (gateway.listeners == 0) {
        fake_begin(&gateway, zc_translator_by_name("ssh-agent"), "/nonexistent");
    }
    fake_call(&gateway, &call, NULL);
    zc_ssh_locks *locks = gateway.listener[0].state;
    zc_ssh_agent agent = {.locks = locks, .call = &call};
    zc_reader reader = zc_reader_of(zc_slice_of(data, size));
    for (int i = 0; i < 64; i++) {
        uint16_t len;
        zc_slice request;
        if (!zc_ok(zc_read_u16(&reader, &len)) || !zc_ok(zc_read_slice(&reader, len, &request))) {
            break;
        }
        ask(&agent, request);
    }
    locks->count = 0;
    zc_call_end(&call, &gateway.listener[0], 0);
    return 0;
}

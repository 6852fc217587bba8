/* The ssh-agent on a fake libzcp: answers, bindings, locks, and the forms of keys and signatures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../api_fake/fake.h"

#include "api/ssh_agent/agent.h"
#include "api/ssh_agent/blob.h"
#include "crypto/hash.h"
#include "crypto/signer.h"

enum { FAILURE = 5, SUCCESS = 6, IDENTITIES = 12, SIGNED = 14, EXTENSION_FAILURE = 28 };

static zc_gateway gateway;
static zc_api_call call;
static uint8_t room[ZC_SSH_ANSWER_MAX];

static int begin(void **state)
{
    (void)state;
    fake_begin(&gateway, zc_translator_by_name("ssh-agent"), "/nonexistent");
    fake_call(&gateway, &call, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    zc_call_end(&call, &gateway.listener[0], 0);
    fake_end(&gateway);
    return 0;
}

static zc_ssh_agent connection(void)
{
    return (zc_ssh_agent){.locks = gateway.listener[0].state, .call = &call};
}

static uint8_t ask(zc_ssh_agent *agent, const void *request, size_t len)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_ssh_agent_answer(agent, zc_slice_of(request, len), &writer);
    assert_true(zc_writer_len(&writer) >= 1);
    return room[0];
}

static void put(zc_writer *writer, const void *bytes, size_t len)
{
    assert_true(zc_ok(zc_ssh_put_string(writer, zc_slice_of(bytes, len))));
}

/* As the fake gives them: 04 and zeros. */
static zc_slice blob_of(const char *name, uint8_t blob[static ZC_SSH_BLOB_MAX])
{
    zcp_key key;
    zcp_error error;
    zc_writer writer = zc_writer_of(blob, ZC_SSH_BLOB_MAX);
    assert_int_equal(zc_api_key(&call, name, &key, &error), ZCP_OK);
    assert_true(zc_ok(zc_ssh_put_key(&writer, &key)));
    return zc_writer_written(&writer);
}

static uint8_t ask_to_sign(zc_ssh_agent *agent, const char *name, const void *data, size_t len)
{
    uint8_t blob[ZC_SSH_BLOB_MAX];
    uint8_t request[512];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    zc_slice key = blob_of(name, blob);
    assert_true(zc_ok(zc_write_u8(&writer, 13)));
    put(&writer, key.data, key.len);
    put(&writer, data, len);
    assert_true(zc_ok(zc_write_u32(&writer, 0)));
    return ask(agent, request, zc_writer_len(&writer));
}

static void identities__p256_and_ed25519__and_no_other(void **state)
{
    (void)state;
    zc_ssh_agent agent = connection();
    assert_int_equal(ask(&agent, "\x0b", 1), IDENTITIES);
    assert_memory_equal(room + 1, "\0\0\0\2", 4);
    fake.disabled = true;
    zc_api_key_changed(&call, "");
    assert_int_equal(ask(&agent, "\x0b", 1), IDENTITIES);
    assert_memory_equal(room + 1, "\0\0\0\0", 4);
}

static void sign__a_message__its_use_and_form(void **state)
{
    (void)state;
    zc_ssh_agent agent = connection();
    static const char *const names[] = {"p1", "e1"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ask_to_sign(&agent, names[i], "data", 4), SIGNED);
        assert_int_equal(fake.last.use, ZCP_MESSAGE);
        assert_memory_equal(fake.payload, "data", 4);
    }
    fake.sign_result = ZCP_DENIED;
    assert_int_equal(ask_to_sign(&agent, "p1", "data", 4), FAILURE);
}

static void every_type__without_a_body__an_answer(void **state)
{
    (void)state;
    for (unsigned type = 0; type < 256; type++) {
        zc_ssh_agent agent = connection();
        const uint8_t request = (uint8_t)type;
        uint8_t answer = ask(&agent, &request, 1);
        assert_int_equal(answer, type == 11 ? IDENTITIES : FAILURE);
    }
    zc_ssh_agent agent = connection();
    assert_int_equal(ask(&agent, "", 0), FAILURE);
    assert_int_equal(ask(&agent, "\x1b\0\0\0\1x", 6), EXTENSION_FAILURE);
    call.identity = NULL;
    assert_int_equal(ask(&agent, "\x0b", 1), FAILURE);
    assert_int_equal(fake.signatures, 0);
}

static void lock__until_the_passphrase__nothing_is_shown(void **state)
{
    (void)state;
    zc_ssh_agent agent = connection();
    assert_int_equal(ask(&agent, "\x17\0\0\0\1a", 6), FAILURE);
    assert_int_equal(ask(&agent, "\x16\0\0\0\1a", 6), SUCCESS);
    assert_int_equal(ask(&agent, "\x16\0\0\0\1a", 6), FAILURE);
    assert_int_equal(ask(&agent, "\x0b", 1), IDENTITIES);
    assert_memory_equal(room + 1, "\0\0\0\0", 4);
    assert_int_equal(ask_to_sign(&agent, "p1", "x", 1), FAILURE);
    assert_int_equal(ask(&agent, "\x17\0\0\0\1b", 6), FAILURE);
    assert_int_equal(ask(&agent, "\x17\0\0\0\2a\0", 7), FAILURE);
    assert_int_equal(ask(&agent, "\x17\0\0\0\1a", 6), SUCCESS);
    assert_int_equal(ask_to_sign(&agent, "p1", "x", 1), SIGNED);
}

/* A host key of the test's own. */
typedef struct host {
    zc_signer signer;
    zcp_key key;
    uint8_t blob[ZC_SSH_BLOB_MAX];
    size_t len;
} host;

static void make_host(host *made, zc_curve curve)
{
    zc_secret32 seed = {{7}};
    *made = (host){0};
    assert_true(zc_ok(zc_signer_init(&made->signer, curve, &seed)));
    made->key.curve = curve == ZC_CURVE_P256 ? ZCP_P256 : ZCP_ED25519;
    made->key.public_key_len = made->signer.pubkey.len;
    memcpy(made->key.public_key, made->signer.pubkey.byte, made->signer.pubkey.len);
    zc_writer writer = ZC_WRITER_OF_ARRAY(made->blob);
    assert_true(zc_ok(zc_ssh_put_key(&writer, &made->key)));
    made->len = zc_writer_len(&writer);
}

static bool bind_to(zc_ssh_bindings *bindings, const host *server, const char *session,
                    uint8_t forwarding, bool forged)
{
    uint8_t body[512];
    uint8_t blob[256];
    zc_signature signature;
    zc_writer writer = ZC_WRITER_OF_ARRAY(body);
    zc_writer made = ZC_WRITER_OF_ARRAY(blob);
    assert_true(
        zc_ok(zc_sign_message_ed25519(&server->signer, zc_slice_of_text(session), &signature)));
    signature.byte[5] ^= forged ? 1 : 0;
    assert_true(zc_ok(zc_ssh_put_signature(&made, &server->key, signature.byte)));
    put(&writer, server->blob, server->len);
    put(&writer, session, strlen(session));
    put(&writer, blob, zc_writer_len(&made));
    assert_true(zc_ok(zc_write_u8(&writer, forwarding)));
    return zc_ssh_bind(bindings, zc_writer_written(&writer));
}

static bool may_log_in(const zc_ssh_bindings *bindings, const char *session)
{
    uint8_t data[256];
    zc_writer writer = ZC_WRITER_OF_ARRAY(data);
    put(&writer, session, strlen(session));
    assert_true(zc_ok(zc_write_u8(&writer, 50)));
    return zc_ssh_bound_allows(bindings, zc_writer_written(&writer));
}

static void bind__sessions__log_in_to_the_last_alone(void **state)
{
    (void)state;
    host server;
    make_host(&server, ZC_CURVE_ED25519);
    zc_ssh_bindings bindings = {0};
    assert_true(may_log_in(&bindings, "any"));
    assert_true(bind_to(&bindings, &server, "one", 1, false));
    assert_false(may_log_in(&bindings, "one"));
    assert_true(bind_to(&bindings, &server, "two", 0, false));
    assert_true(may_log_in(&bindings, "two"));
    assert_false(may_log_in(&bindings, "one"));
    assert_true(zc_ssh_bound_allows(&bindings, zc_slice_of_text("SSHSIG")));
    assert_false(bind_to(&bindings, &server, "three", 0, false));
    assert_false(may_log_in(&bindings, "two"));
    zc_signer_clear(&server.signer);
}

static void bind__forged_again_or_too_many__refused_for_good(void **state)
{
    (void)state;
    host server;
    make_host(&server, ZC_CURVE_ED25519);
    zc_ssh_bindings forged = {0};
    assert_false(bind_to(&forged, &server, "one", 0, true));
    assert_false(zc_ssh_bound_allows(&forged, zc_slice_of_text("x")));
    zc_ssh_bindings twice = {0};
    assert_true(bind_to(&twice, &server, "one", 1, false));
    assert_false(bind_to(&twice, &server, "one", 1, false));
    zc_ssh_bindings flag = {0};
    assert_false(bind_to(&flag, &server, "one", 2, false));
    zc_ssh_bindings many = {0};
    for (int i = 0; i < ZC_SSH_BINDINGS_MAX; i++) {
        char session[16];
        (void)snprintf(session, sizeof session, "s%d", i);
        assert_true(bind_to(&many, &server, session, 1, false));
    }
    assert_false(bind_to(&many, &server, "more", 1, false));
    zc_signer_clear(&server.signer);
}

static void signature__ecdsa__read_back_as_written(void **state)
{
    (void)state;
    host server;
    make_host(&server, ZC_CURVE_P256);
    for (uint32_t i = 0; i < 300; i++) {
        static const uint8_t unused[32];
        uint8_t digest[32];
        uint8_t blob[256];
        zc_signature signature;
        zc_writer writer = ZC_WRITER_OF_ARRAY(blob);
        const uint8_t data[4] = {(uint8_t)i, (uint8_t)(i >> 8)};
        zc_sha256(ZC_SLICE_OF_ARRAY(data), digest);
        assert_true(zc_ok(
            zc_sign_digest(&server.signer, ZC_NONCE_DETERMINISTIC, unused, digest, &signature)));
        assert_true(zc_ok(zc_ssh_put_signature(&writer, &server.key, signature.byte)));
        const zc_slice key = zc_slice_of(server.blob, server.len);
        zc_slice made = zc_writer_written(&writer);
        assert_true(zc_ssh_signature_holds(key, made, ZC_SLICE_OF_ARRAY(data)));
        assert_false(zc_ssh_signature_holds(key, made, zc_slice_of(data, 3)));
        assert_false(zc_ssh_signature_holds(key, zc_slice_of(made.data, made.len - 1),
                                            ZC_SLICE_OF_ARRAY(data)));
    }
    zc_signer_clear(&server.signer);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(identities__p256_and_ed25519__and_no_other),
        ROW(sign__a_message__its_use_and_form),
        ROW(every_type__without_a_body__an_answer),
        ROW(lock__until_the_passphrase__nothing_is_shown),
        cmocka_unit_test(bind__sessions__log_in_to_the_last_alone),
        cmocka_unit_test(bind__forged_again_or_too_many__refused_for_good),
        cmocka_unit_test(signature__ecdsa__read_back_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "api/ssh_agent/agent.h"

#include <string.h>
#include <time.h>

#include "api/ssh_agent/blob.h"

/* Numbers of the draft, §6.1. */
enum {
    FAILURE = 5,
    SUCCESS = 6,
    REQUEST_IDENTITIES = 11,
    IDENTITIES_ANSWER = 12,
    SIGN_REQUEST = 13,
    SIGN_RESPONSE = 14,
    LOCK = 22,
    UNLOCK = 23,
    EXTENSION = 27,
    EXTENSION_FAILURE = 28,
};

/* They choose a hash for RSA, and mean nothing for other keys. */
#define RSA_FLAGS 6u
#define PASSPHRASE_MAX 1024
#define WRONG_PASSPHRASE_NS 100000000L

typedef struct identity_list {
    zc_writer writer;
    uint32_t count;
    bool full;
} identity_list;

static bool add_identity(void *context, const zcp_key *key)
{
    identity_list *list = context;
    uint8_t blob[ZC_SSH_BLOB_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(blob);
    if (!zc_ssh_serves(key) || key->disabled) {
        return true;
    }
    list->full = list->count == ZC_SSH_IDENTITIES_MAX || !zc_ok(zc_ssh_put_key(&writer, key)) ||
                 !zc_ok(zc_ssh_put_string(&list->writer, zc_writer_written(&writer))) ||
                 !zc_ok(zc_ssh_put_string(&list->writer, zc_slice_of_text(key->name)));
    list->count += list->full ? 0 : 1;
    return !list->full;
}

static bool answer_identities(zc_ssh_agent *agent, zc_reader *body, zc_writer *writer)
{
    zcp_error error;
    uint8_t *count;
    agent->call->operation = "identities";
    if (!zc_ok(zc_reader_end(body)) || !zc_ok(zc_write_u8(writer, IDENTITIES_ANSWER)) ||
        !zc_ok(zc_write_reserve(writer, 4, &count))) {
        return false;
    }
    identity_list list = {.writer = *writer};
    bool locked = zc_ssh_is_locked(agent->locks, agent->call->identity->name);
    bool listed = locked || zc_api_keys(agent->call, 0, add_identity, &list, &error) == ZCP_OK;
    *writer = list.writer;
    zc_writer head = zc_writer_of(count, 4);
    return listed && !list.full && zc_ok(zc_write_u32(&head, list.count));
}

static bool has_blob(const void *wanted, const zcp_key *key)
{
    const zc_slice *blob = wanted;
    uint8_t own[ZC_SSH_BLOB_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(own);
    return zc_ssh_serves(key) && zc_ok(zc_ssh_put_key(&writer, key)) &&
           zc_writer_len(&writer) == blob->len && memcmp(own, blob->data, blob->len) == 0;
}

static bool sign(zc_ssh_agent *agent, const zcp_key *key, zc_slice data, zc_writer *writer)
{
    static const uint8_t empty = 0;
    uint8_t blob[ZC_SSH_BLOB_MAX * 2];
    zc_writer made = ZC_WRITER_OF_ARRAY(blob);
    zcp_signature signature;
    zcp_error error;
    const zcp_sign_request request = {.key = key->name,
                                      .use = ZCP_MESSAGE,
                                      .payload = data.len != 0 ? data.data : &empty,
                                      .payload_len = data.len};
    return zc_api_sign(agent->call, &request, &signature, NULL, &error) == ZCP_OK &&
           zc_ok(zc_ssh_put_signature(&made, key, signature.signature)) &&
           zc_ok(zc_write_u8(writer, SIGN_RESPONSE)) &&
           zc_ok(zc_ssh_put_string(writer, zc_writer_written(&made)));
}

static bool answer_sign(zc_ssh_agent *agent, zc_reader *body, zc_writer *writer)
{
    zc_slice blob;
    zc_slice data;
    uint32_t flags;
    zcp_key key;
    zcp_error error;
    agent->call->operation = "sign";
    bool read = zc_ok(zc_ssh_get_string(body, &blob)) && zc_ok(zc_ssh_get_string(body, &data)) &&
                zc_ok(zc_read_u32(body, &flags)) && zc_ok(zc_reader_end(body)) &&
                (flags & ~RSA_FLAGS) == 0;
    return read && !zc_ssh_is_locked(agent->locks, agent->call->identity->name) &&
           zc_ssh_bound_allows(&agent->bindings, data) &&
           zc_api_key_find(agent->call, has_blob, &blob, &key, &error) == ZCP_OK &&
           sign(agent, &key, data, writer);
}

static bool read_passphrase(zc_reader *body, zc_slice *ret_passphrase)
{
    return zc_ok(zc_ssh_get_string(body, ret_passphrase)) && zc_ok(zc_reader_end(body)) &&
           ret_passphrase->len <= PASSPHRASE_MAX;
}

static bool answer_lock(zc_ssh_agent *agent, zc_reader *body, zc_writer *writer)
{
    zc_slice passphrase;
    agent->call->operation = "lock";
    return read_passphrase(body, &passphrase) &&
           zc_ssh_lock_set(agent->locks, agent->call->identity->name, passphrase) &&
           zc_ok(zc_write_u8(writer, SUCCESS));
}

static bool answer_unlock(zc_ssh_agent *agent, zc_reader *body, zc_writer *writer)
{
    zc_slice passphrase;
    agent->call->operation = "unlock";
    if (!read_passphrase(body, &passphrase)) {
        return false;
    }
    if (!zc_ssh_lock_open(agent->locks, agent->call->identity->name, passphrase)) {
        (void)nanosleep(&(struct timespec){.tv_nsec = WRONG_PASSPHRASE_NS}, NULL);
        return false;
    }
    return zc_ok(zc_write_u8(writer, SUCCESS));
}

static bool answer_extension(zc_ssh_agent *agent, zc_reader *body, zc_writer *writer)
{
    static const char session_bind[] = "session-bind@openssh.com";
    zc_slice name;
    agent->call->operation = "extension";
    if (!zc_ok(zc_ssh_get_string(body, &name))) {
        return false;
    }
    bool known = name.len == strlen(session_bind) && memcmp(name.data, session_bind, name.len) == 0;
    if (!known) {
        return zc_ok(zc_write_u8(writer, EXTENSION_FAILURE));
    }
    return zc_ssh_bind(&agent->bindings, zc_reader_rest(body)) &&
           zc_ok(zc_write_u8(writer, SUCCESS));
}

/* Keys are made and ended in the enclave: adding and removing them, and smart cards, are refused as
 * every request that stands here not. */
static const struct {
    uint8_t type;
    bool (*answer)(zc_ssh_agent *agent, zc_reader *body, zc_writer *writer);
} requests[] = {
    {REQUEST_IDENTITIES, answer_identities},
    {SIGN_REQUEST, answer_sign},
    {LOCK, answer_lock},
    {UNLOCK, answer_unlock},
    {EXTENSION, answer_extension},
};

void zc_ssh_agent_answer(zc_ssh_agent *agent, zc_slice request, zc_writer *writer)
{
    uint8_t type;
    zc_reader body = zc_reader_of(request);
    const zc_writer begin = *writer;
    bool answered = false;
    bool read = zc_ok(zc_read_u8(&body, &type)) && agent->call->identity != NULL;
    for (size_t i = 0; read && i < sizeof requests / sizeof requests[0]; i++) {
        if (requests[i].type == type) {
            answered = requests[i].answer(agent, &body, writer);
            break;
        }
    }
    if (!answered) {
        *writer = begin;
        zc_result written = zc_write_u8(writer, FAILURE);
        (void)written;
        agent->call->result = agent->call->result == ZCP_OK ? ZCP_FAILED : agent->call->result;
    }
}

#include "api/ssh_agent/bind.h"

#include <string.h>

#include "api/ssh_agent/blob.h"

#define USERAUTH_REQUEST 50

static bool is_checked(zc_slice host_key)
{
    static const char *const kinds[] = {"ssh-ed25519", "ecdsa-sha2-nistp256"};
    zc_slice kind;
    zc_reader reader = zc_reader_of(host_key);
    bool read = zc_ok(zc_ssh_get_string(&reader, &kind));
    for (size_t i = 0; read && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kind.len == strlen(kinds[i]) && memcmp(kind.data, kinds[i], kind.len) == 0) {
            return true;
        }
    }
    return false;
}

static bool same(const zc_ssh_binding *binding, zc_slice session_id)
{
    return binding->len == session_id.len &&
           memcmp(binding->session_id, session_id.data, session_id.len) == 0;
}

static bool add(zc_ssh_bindings *bindings, zc_slice session_id, bool forwarding)
{
    size_t count = bindings->count;
    bool ends = count > 0 && !bindings->binding[count - 1].forwarding;
    if (ends || count == ZC_SSH_BINDINGS_MAX || session_id.len == 0 ||
        session_id.len > ZC_SSH_SESSION_ID_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (same(&bindings->binding[i], session_id)) {
            return false;
        }
    }
    zc_ssh_binding *made = &bindings->binding[bindings->count++];
    memcpy(made->session_id, session_id.data, session_id.len);
    made->len = session_id.len;
    made->forwarding = forwarding;
    return true;
}

bool zc_ssh_bind(zc_ssh_bindings *bindings, zc_slice body)
{
    zc_slice host_key;
    zc_slice session_id;
    zc_slice signature;
    uint8_t forwarding;
    zc_reader reader = zc_reader_of(body);
    bool read = zc_ok(zc_ssh_get_string(&reader, &host_key)) &&
                zc_ok(zc_ssh_get_string(&reader, &session_id)) &&
                zc_ok(zc_ssh_get_string(&reader, &signature)) &&
                zc_ok(zc_read_u8(&reader, &forwarding)) && zc_ok(zc_reader_end(&reader));
    if (read && !is_checked(host_key)) {
        return true;
    }
    bool bound = read && forwarding <= 1 &&
                 zc_ssh_signature_holds(host_key, signature, session_id) &&
                 add(bindings, session_id, forwarding == 1);
    bindings->refused = bindings->refused || !bound;
    return bound;
}

/* RFC 4252 §7: the session's id as a string, then the message. */
static bool is_login(zc_slice data, zc_slice *ret_session_id)
{
    uint8_t message;
    zc_reader reader = zc_reader_of(data);
    return zc_ok(zc_ssh_get_string(&reader, ret_session_id)) &&
           zc_ok(zc_read_u8(&reader, &message)) && message == USERAUTH_REQUEST;
}

bool zc_ssh_bound_allows(const zc_ssh_bindings *bindings, zc_slice data)
{
    zc_slice session_id;
    if (bindings->refused) {
        return false;
    }
    if (bindings->count == 0 || !is_login(data, &session_id)) {
        return true;
    }
    const zc_ssh_binding *last = &bindings->binding[bindings->count - 1];
    return !last->forwarding && same(last, session_id);
}

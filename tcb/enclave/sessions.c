#include "enclave/parts.h"

/* Open addressing with linear probing; a closed session's successors move up, so no place is ever
 * dead. */

static size_t home(uint64_t id)
{
    return (size_t)((id * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % ZC_ENCLAVE_SESSION_SLOTS;
}

static size_t next(size_t place)
{
    return (place + 1) % ZC_ENCLAVE_SESSION_SLOTS;
}

zc_session *zc_sessions_find(zc_enclave *enclave, uint64_t id)
{
    for (size_t place = home(id); enclave->session[place].id != 0; place = next(place)) {
        if (enclave->session[place].id == id) {
            return &enclave->session[place];
        }
    }
    return NULL;
}

bool zc_enclave_knows(zc_enclave *enclave, uint64_t session)
{
    const zc_session *found = zc_sessions_find(enclave, session);
    return found != NULL && found->authenticated;
}

zc_result zc_sessions_open(zc_enclave *enclave, uint64_t id, zc_session **ret_session)
{
    if (id == 0 || enclave->session_count >= ZC_ENCLAVE_SESSIONS_MAX) {
        return zc_fail(ZC_ENCLAVE_TOO_MANY_SESSIONS);
    }
    size_t place = home(id);
    while (enclave->session[place].id != 0) {
        place = next(place);
    }
    enclave->session[place] = (zc_session){.id = id};
    enclave->session_count++;
    *ret_session = &enclave->session[place];
    return ZC_OK;
}

void zc_sessions_close(zc_enclave *enclave, uint64_t id)
{
    zc_session *closing = zc_sessions_find(enclave, id);
    if (closing == NULL) {
        return;
    }
    zc_count_session_ended(enclave, closing);
    size_t hole = (size_t)(closing - enclave->session);
    for (size_t place = next(hole); enclave->session[place].id != 0; place = next(place)) {
        /* Move up whatever may not stand beyond the hole: its home is at or before it, cyclically.
         */
        size_t distance = (place - home(enclave->session[place].id)) % ZC_ENCLAVE_SESSION_SLOTS;
        size_t gap = (place - hole) % ZC_ENCLAVE_SESSION_SLOTS;
        if (distance >= gap) {
            enclave->session[hole] = enclave->session[place];
            hole = place;
        }
    }
    enclave->session[hole] = (zc_session){0};
    enclave->session_count--;
}

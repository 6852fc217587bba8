#include "keys/residents.h"

#define NOWHERE UINT16_MAX
_Static_assert(ZC_KEYS_RESIDENT < NOWHERE, "places have numbers of 16 bits");

void zc_residents_init(zc_keyring *ring)
{
    const uint16_t last = (uint16_t)(ring->room.residents - 1);
    for (uint16_t i = 0; i <= last; i++) {
        ring->older[i] = i == last ? NOWHERE : (uint16_t)(i + 1);
        ring->newer[i] = i == 0 ? NOWHERE : (uint16_t)(i - 1);
    }
    ring->newest = 0;
    ring->oldest = last;
}

void zc_residents_touch(zc_keyring *ring, uint16_t at)
{
    if (ring->newest == at) {
        return;
    }
    const uint16_t newer = ring->newer[at]; /* there is one: it is not the newest */
    const uint16_t older = ring->older[at];
    ring->older[newer] = older;
    if (older == NOWHERE) {
        ring->oldest = newer;
    } else {
        ring->newer[older] = newer;
    }
    ring->newer[ring->newest] = at;
    ring->older[at] = ring->newest;
    ring->newer[at] = NOWHERE;
    ring->newest = at;
}

uint16_t zc_residents_vacate(zc_keyring *ring)
{
    const uint16_t at = ring->oldest;
    if (ring->held[at]) {
        ring->place[ring->record[at].number].resident = 0;
        ring->held[at] = false;
    }
    zc_signer_clear(&ring->room.signers[at]);
    return at;
}

void zc_residents_settle(zc_keyring *ring, uint16_t at)
{
    ring->held[at] = true;
    ring->place[ring->record[at].number].resident = (uint16_t)(at + 1);
    zc_residents_touch(ring, at);
}

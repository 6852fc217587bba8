#include "keys/card.h"

#include <string.h>

#include "base/ct.h"

#define NONCE_SIZE 12

/* Behind it: name, owner, API key's name, public part. */
typedef struct card_head {
    uint64_t created_ms;
    uint64_t epoch;
    uint8_t box[32];
    uint8_t tag[16];
    uint16_t api_key_len;
    uint8_t name_len;
    uint8_t owner_len;
    uint8_t public_len;
    uint8_t kind;
    uint8_t tier;
    uint8_t origin;
    uint8_t nonce_mode;
    uint8_t venue;
} card_head;

#define LONGEST                                                                                    \
    (sizeof(card_head) + ZC_KEY_NAME_SIZE + ZC_KEY_OWNER_SIZE + ZC_KEY_API_KEY_SIZE +              \
     ZC_KEY_PUBLIC_MAX)
_Static_assert(LONGEST <= ZC_KEY_CARD_MAX && ZC_KEY_CARD_MAX % 8 == 0, "every card has room");

/* The box belongs to this number and this id alone. */
typedef struct box_place {
    uint8_t nonce[NONCE_SIZE];
    zc_slice aad;
} box_place;

static box_place place_of(const zc_key *key)
{
    box_place place = {.aad = ZC_SLICE_OF_ARRAY(key->id)};
    memcpy(place.nonce, &key->number, sizeof key->number);
    return place;
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t len)
{
    memcpy(at, bytes, len);
    return at + len;
}

size_t zc_key_card_write(zc_aead *stash, const zc_key *key, const zc_signer *signer, uint8_t *room)
{
    card_head head = {
        .created_ms = key->created_ms,
        .epoch = key->epoch,
        .api_key_len = (uint16_t)strnlen(key->api_key, sizeof key->api_key),
        .name_len = (uint8_t)strnlen(key->name, sizeof key->name),
        .owner_len = (uint8_t)strnlen(key->owner, sizeof key->owner),
        .public_len = key->public_part.len,
        .kind = (uint8_t)key->kind,
        .tier = (uint8_t)key->tier,
        .origin = (uint8_t)key->origin,
        .nonce_mode = (uint8_t)key->nonce_mode,
        .venue = key->venue,
    };
    if (signer != NULL) {
        const box_place place = place_of(key);
        if (!zc_ok(zc_aead_seal(stash, place.nonce, place.aad, signer->private_key.byte,
                                sizeof head.box, head.box, head.tag))) {
            return 0;
        }
        zc_ct_public(head.box, sizeof head.box);
        zc_ct_public(head.tag, sizeof head.tag);
    }
    uint8_t *end = put(room, &head, sizeof head);
    end = put(end, key->name, head.name_len);
    end = put(end, key->owner, head.owner_len);
    end = put(end, key->api_key, head.api_key_len);
    end = put(end, key->public_part.byte, head.public_len);
    return ((size_t)(end - room) + 7) / 8 * 8;
}

static const uint8_t *get(const uint8_t *at, void *ret_bytes, size_t len)
{
    memcpy(ret_bytes, at, len);
    return at + len;
}

void zc_key_card_read(const uint8_t *card, zc_key *ret_key)
{
    card_head head;
    const uint8_t *at = get(card, &head, sizeof head);
    memset(ret_key, 0, sizeof *ret_key);
    ret_key->created_ms = head.created_ms;
    ret_key->epoch = head.epoch;
    ret_key->kind = (zc_key_kind)head.kind;
    ret_key->tier = (zc_key_tier)head.tier;
    ret_key->origin = (zc_key_origin)head.origin;
    ret_key->nonce_mode = (zc_nonce_mode)head.nonce_mode;
    ret_key->venue = head.venue;
    ret_key->public_part.kind = ret_key->kind;
    ret_key->public_part.len = head.public_len;
    at = get(at, ret_key->name, head.name_len);
    at = get(at, ret_key->owner, head.owner_len);
    at = get(at, ret_key->api_key, head.api_key_len);
    (void)get(at, ret_key->public_part.byte, head.public_len);
}

zc_slice zc_key_card_name(const uint8_t *card)
{
    card_head head;
    memcpy(&head, card, sizeof head);
    return zc_slice_of(card + sizeof head, head.name_len);
}

zc_result zc_key_card_open(zc_aead *stash, const uint8_t *card, const zc_key *key,
                           zc_signer *ret_signer)
{
    const zc_key_public *part = &key->public_part;
    const box_place place = place_of(key);
    zc_pubkey public_key = {.curve = (zc_curve)part->kind, .len = part->len};
    ZC_SECRET zc_secret32 private_key;
    card_head head;
    memcpy(&head, card, sizeof head);
    memcpy(public_key.byte, part->byte, part->len);
    zc_result opened = zc_aead_open(stash, place.nonce, place.aad, head.box, sizeof head.box,
                                    head.tag, private_key.byte);
    opened = zc_ok(opened) ? zc_signer_restore(ret_signer, &public_key, &private_key) : opened;
    if (!zc_ok(opened)) {
        zc_signer_clear(ret_signer);
        return zc_fail(ZC_KEYS_SEAL_BROKEN);
    }
    return ZC_OK;
}

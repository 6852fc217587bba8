#include "audit/proof.h"

#include <string.h>

#include "audit/chain.h"

/* The hashes of a proof that have not been used yet. */
typedef struct zc_proof_cursor {
    const uint8_t *at;
    size_t left;
} zc_proof_cursor;

static const uint8_t *take(zc_proof_cursor *proof)
{
    const uint8_t *hash = proof->at;
    proof->at += ZC_AUDIT_HASH_SIZE;
    proof->left--;
    return hash;
}

static unsigned bit_length(uint64_t value)
{
    return value == 0 ? 0 : 64U - (unsigned)__builtin_clzll(value);
}

/* Above a leaf the path has two parts: `inner` levels where its subtree and the last leaf's still
 * differ, and above them the border, where only left siblings are left: one for each bit set. */
static unsigned inner_levels(uint64_t index, uint64_t size)
{
    return bit_length(index ^ (size - 1));
}

static size_t border_levels(uint64_t index, unsigned inner)
{
    return inner >= 64 ? 0 : (size_t)__builtin_popcountll(index >> inner);
}

static zc_result cursor_of(zc_slice proof, size_t wanted, zc_proof_cursor *ret_cursor)
{
    if (proof.len != wanted * ZC_AUDIT_HASH_SIZE) {
        return zc_fail(ZC_AUDIT_BAD_PROOF);
    }
    *ret_cursor = (zc_proof_cursor){.at = proof.data, .left = wanted};
    return ZC_OK;
}

static void climb_border(zc_proof_cursor *proof, uint8_t node[static ZC_AUDIT_HASH_SIZE])
{
    while (proof->left > 0) {
        zc_audit_node(take(proof), node, node);
    }
}

static zc_result match(const uint8_t node[static ZC_AUDIT_HASH_SIZE],
                       const uint8_t root[static ZC_AUDIT_HASH_SIZE])
{
    return memcmp(node, root, ZC_AUDIT_HASH_SIZE) == 0 ? ZC_OK : zc_fail(ZC_AUDIT_ROOT_MISMATCH);
}

zc_result zc_audit_check_inclusion(uint64_t index, uint64_t size,
                                   const uint8_t leaf[static ZC_AUDIT_HASH_SIZE], zc_slice proof,
                                   const uint8_t root[static ZC_AUDIT_HASH_SIZE])
{
    if (index >= size) {
        return zc_fail(ZC_AUDIT_BAD_PROOF);
    }
    unsigned inner = inner_levels(index, size);
    zc_proof_cursor cursor;
    ZC_TRY(cursor_of(proof, inner + border_levels(index, inner), &cursor));
    uint8_t node[ZC_AUDIT_HASH_SIZE];
    memcpy(node, leaf, sizeof node);
    for (unsigned level = 0; level < inner; level++) {
        if ((index >> level & 1) == 0) {
            zc_audit_node(node, take(&cursor), node);
        } else {
            zc_audit_node(take(&cursor), node, node);
        }
    }
    climb_border(&cursor, node);
    return match(node, root);
}

/* Climbs from the last complete subtree of the old tree to both roots at once: a left sibling
 * belongs to both trees, a right one to the new tree alone. */
static void climb_both(zc_proof_cursor *proof, uint64_t index, unsigned inner,
                       uint8_t old_node[static ZC_AUDIT_HASH_SIZE],
                       uint8_t new_node[static ZC_AUDIT_HASH_SIZE])
{
    for (unsigned level = 0; level < inner; level++) {
        const uint8_t *sibling = take(proof);
        if ((index >> level & 1) == 0) {
            zc_audit_node(new_node, sibling, new_node);
        } else {
            zc_audit_node(sibling, new_node, new_node);
            zc_audit_node(sibling, old_node, old_node);
        }
    }
    while (proof->left > 0) {
        const uint8_t *sibling = take(proof);
        zc_audit_node(sibling, new_node, new_node);
        zc_audit_node(sibling, old_node, old_node);
    }
}

zc_result zc_audit_check_consistency(uint64_t old_size,
                                     const uint8_t old_root[static ZC_AUDIT_HASH_SIZE],
                                     uint64_t new_size,
                                     const uint8_t new_root[static ZC_AUDIT_HASH_SIZE],
                                     zc_slice proof)
{
    if (old_size == new_size) {
        return proof.len == 0 ? match(old_root, new_root) : zc_fail(ZC_AUDIT_BAD_PROOF);
    }
    /* Every tree continues the empty one: there is nothing to prove. */
    if (old_size == 0 || old_size > new_size) {
        return zc_fail(ZC_AUDIT_BAD_PROOF);
    }
    unsigned inner = inner_levels(old_size - 1, new_size);
    size_t border = border_levels(old_size - 1, inner);
    /* The old tree's last complete subtree is where the climb begins. If that is the whole old
     * tree, its root is known and the proof leaves it out. */
    unsigned complete = (unsigned)__builtin_ctzll(old_size);
    bool whole = old_size == (uint64_t)1 << complete;
    zc_proof_cursor cursor;
    ZC_TRY(cursor_of(proof, (whole ? 0U : 1U) + (inner - complete) + border, &cursor));
    uint8_t old_node[ZC_AUDIT_HASH_SIZE];
    uint8_t new_node[ZC_AUDIT_HASH_SIZE];
    memcpy(old_node, whole ? old_root : take(&cursor), sizeof old_node);
    memcpy(new_node, old_node, sizeof new_node);
    climb_both(&cursor, (old_size - 1) >> complete, inner - complete, old_node, new_node);
    ZC_TRY(match(old_node, old_root));
    return match(new_node, new_root);
}

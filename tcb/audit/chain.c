#include "audit/chain.h"

#include <string.h>

#include "crypto/hash.h"

void zc_audit_node(const uint8_t left[static ZC_AUDIT_HASH_SIZE],
                   const uint8_t right[static ZC_AUDIT_HASH_SIZE],
                   uint8_t ret_node[static ZC_AUDIT_HASH_SIZE])
{
    uint8_t bytes[1 + 2 * ZC_AUDIT_HASH_SIZE] = {0x01};
    memcpy(bytes + 1, left, ZC_AUDIT_HASH_SIZE);
    memcpy(bytes + 1 + ZC_AUDIT_HASH_SIZE, right, ZC_AUDIT_HASH_SIZE);
    const zc_slice whole = ZC_SLICE_OF_ARRAY(bytes);
    zc_sha256_public(&whole, 1, ret_node);
}

void zc_audit_log_init(zc_audit_log *log)
{
    *log = (zc_audit_log){0};
}

void zc_audit_log_append(zc_audit_log *log, const uint8_t leaf[static ZC_AUDIT_HASH_SIZE])
{
    uint8_t node[ZC_AUDIT_HASH_SIZE];
    memcpy(node, leaf, sizeof node);
    size_t height = 0;
    /* Counting up in binary: each carry joins two subtrees of equal size. */
    for (uint64_t carry = log->next; (carry & 1) != 0; carry >>= 1) {
        zc_audit_node(log->edge[height], node, node);
        height++;
    }
    memcpy(log->edge[height], node, sizeof node);
    memcpy(log->head, leaf, sizeof log->head);
    log->next++;
}

void zc_audit_log_root(const zc_audit_log *log, uint8_t ret_root[static ZC_AUDIT_HASH_SIZE])
{
    if (log->next == 0) {
        zc_sha256(zc_slice_of(NULL, 0), ret_root);
        return;
    }
    size_t height = (size_t)__builtin_ctzll(log->next);
    uint8_t node[ZC_AUDIT_HASH_SIZE];
    memcpy(node, log->edge[height], sizeof node);
    /* The smallest subtree is the right edge; each larger one stands to its left. */
    for (height++; height < ZC_AUDIT_TREE_HEIGHT; height++) {
        if ((log->next >> height & 1) != 0) {
            zc_audit_node(log->edge[height], node, node);
        }
    }
    memcpy(ret_root, node, sizeof node);
}

/* The head of a log: as much of the chain and its Merkle tree as it takes to go on writing.
 *
 * The tree is that of RFC 6962 §2.1: node = SHA-256(0x01 ‖ left ‖ right), a lone right edge moves
 * up unchanged. Of a tree of n leaves only the roots of its complete subtrees are kept, one for
 * each bit set in n. */
#ifndef ZC_AUDIT_CHAIN_H
#define ZC_AUDIT_CHAIN_H

#include "audit/entry.h"

#define ZC_AUDIT_TREE_HEIGHT 64

typedef struct zc_audit_log {
    uint64_t next;                    /* sequence of the next entry, and the size of the tree */
    uint8_t head[ZC_AUDIT_HASH_SIZE]; /* leaf hash of the last entry; zeros in an empty log */
    /* edge[i] is the root of the complete subtree of 2^i leaves where bit i of `next` is set. */
    uint8_t edge[ZC_AUDIT_TREE_HEIGHT][ZC_AUDIT_HASH_SIZE];
} zc_audit_log;

/* An empty log. */
void zc_audit_log_init(zc_audit_log *log);
/* Takes the leaf hash of the next entry. One node is hashed in the mean, 64 at most. */
void zc_audit_log_append(zc_audit_log *log, const uint8_t leaf[static ZC_AUDIT_HASH_SIZE]);
/* The root of the tree over every entry so far; SHA-256 of nothing for an empty log. */
void zc_audit_log_root(const zc_audit_log *log, uint8_t ret_root[static ZC_AUDIT_HASH_SIZE]);

/* An inner node over two others. */
void zc_audit_node(const uint8_t left[static ZC_AUDIT_HASH_SIZE],
                   const uint8_t right[static ZC_AUDIT_HASH_SIZE],
                   uint8_t ret_node[static ZC_AUDIT_HASH_SIZE]);

#endif

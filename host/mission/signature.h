/* A Solidity signature with names, "pay(address to,(uint256 amount,bytes data)[] parts)", to the
 * type program and the paths that lead to its leaves. */
#ifndef ZC_MISSION_SIGNATURE_H
#define ZC_MISSION_SIGNATURE_H

#include "intent/descriptor.h"

#define ZC_SIGNATURE_NAME_SIZE 64
#define ZC_SIGNATURE_NOBODY 0xff

typedef struct zc_parameter {
    uint8_t at;                        /* of its type in the program */
    uint8_t parent;                    /* the tuple's parameter, or ZC_SIGNATURE_NOBODY */
    char name[ZC_SIGNATURE_NAME_SIZE]; /* "" where none is given */
} zc_parameter;

typedef struct zc_signature_types {
    char method[ZC_SIGNATURE_NAME_SIZE];
    char canonical[1024]; /* without names: what the selector is the hash of */
    uint8_t selector[ZC_SELECTOR_SIZE];
    uint8_t types[ZC_ABI_MAX_TYPES];
    uint8_t types_len;
    uint8_t count;
    zc_parameter parameters[ZC_ABI_MAX_TYPES];
} zc_signature_types;

/* False for what is no signature, or passes the limits of type programs. */
bool zc_signature_parse(const char *text, zc_signature_types *ret_signature);
/* The leaf that a path ("to", "#.parts.[].amount") leads to; false if it leads to none. */
bool zc_signature_find(const zc_signature_types *signature, const char *path, uint8_t *ret_leaf);

#endif

/* What a signature goes out in, for people and programs: a transaction, a PSBT, a message's proof,
 * a venue's request. */
#ifndef ZC_ZCP_ARTEFACT_H
#define ZC_ZCP_ARTEFACT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/slice.h"
#include "zcp.h"

typedef struct zc_artefact {
    zcp_chain chain;
    zcp_use use;
    zc_slice bytes; /* empty where the signature says it all */
} zc_artefact;

/* Adds "signed": the signed transaction in hex, a venue's request as an object {method, path,
 * headers, body}. Of a PSBT also "psbt" in base64 and, once it is complete, "transaction" for the
 * network; of a Bitcoin message "proof" in base64. */
bool zc_artefact_json(const zc_artefact *artefact, json_t *out);
void zc_artefact_print(const zc_artefact *artefact, FILE *stream);

#endif

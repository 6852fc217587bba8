/* The node behind the gateway: what is not ours to answer, and what a caller asked to be filled in.
 */
#ifndef ZC_API_ETHEREUM_NODE_H
#define ZC_API_ETHEREUM_NODE_H

#include <jansson.h>
#include <stdbool.h>

#define ZC_NODE_URL_SIZE 512

/* Sends one JSON-RPC request. The answer, an object with "result" or "error", or NULL when the node
 * does not answer with one in ten seconds. Takes neither reference. Thread-safe. */
json_t *zc_node_ask(const char *url, const char *method, json_t *parameters);

#endif

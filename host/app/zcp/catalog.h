/* What the deployment's mission names: assets and contracts for people, methods for decoders. */
#ifndef ZC_ZCP_CATALOG_H
#define ZC_ZCP_CATALOG_H

#include "intent/catalog.h"
#include "intent/descriptor.h"
#include "invocation.h"

typedef struct zc_mission_names {
    zc_catalog catalog;
    zc_descriptor_set descriptors;
} zc_mission_names;

/* Of the compiled mission in `file`, or, when NULL, of the folder's; empty when there is none,
 * since nothing needs names to be right. Valid until the next call. */
zc_mission_names zc_names_of_folder(const zc_invocation *invocation, const char *file);

#endif

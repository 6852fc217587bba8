/* Names of assets and contracts, from the deployment's mission. */
#ifndef ZC_ZCP_CATALOG_H
#define ZC_ZCP_CATALOG_H

#include "intent/catalog.h"
#include "invocation.h"

/* Of the compiled mission in `file`, or, when NULL, of the folder's; empty when there is none,
 * since nothing needs names to be right. Valid until the next call. */
zc_catalog zc_catalog_of_folder(const zc_invocation *invocation, const char *file);

#endif

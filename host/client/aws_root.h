/* The pinned root of real Nitro documents. */
#ifndef ZC_CLIENT_AWS_ROOT_H
#define ZC_CLIENT_AWS_ROOT_H

#include "base/slice.h"

/* DER; static. */
zc_slice zc_aws_root(void);

#endif

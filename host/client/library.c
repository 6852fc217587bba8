/* The shared library is the client module and what it needs; this unit only gives it a name. */
#include "zcp.h"

_Static_assert(ZCP_OK == 0, "success is zero");

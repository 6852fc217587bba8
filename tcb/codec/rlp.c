#include "codec/rlp.h"

#include "codec/cbor.h"

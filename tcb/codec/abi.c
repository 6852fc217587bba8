#include "codec/abi.h"

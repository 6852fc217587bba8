#include "codec/cose.h"

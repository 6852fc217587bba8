#include "wire/frontlink.h"

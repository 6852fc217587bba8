#include "wire/evidence.h"

#include "wire/hostlink.h"

#include "api/translators.h"

#include <string.h>

#define ROW_OF_TRANSLATOR(name) &zc_translator_##name,
static const zc_translator *const translators[] = {ZC_TRANSLATORS(ROW_OF_TRANSLATOR)};

const zc_translator *zc_translator_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof translators / sizeof translators[0]; i++) {
        if (strcmp(translators[i]->name, name) == 0) {
            return translators[i];
        }
    }
    return NULL;
}

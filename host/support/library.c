#include "support/library.h"

#include <string.h>

#include <dlfcn.h>

bool zc_library_load(const char *name, const zc_library_function *functions, size_t count)
{
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    bool found = library != NULL;
    for (size_t i = 0; found && i < count; i++) {
        /* POSIX: a pointer to a function fits where dlsym's fits. */
        void *function = dlsym(library, functions[i].name);
        memcpy(functions[i].place, &function, sizeof function);
        found = function != NULL;
    }
    return found;
}

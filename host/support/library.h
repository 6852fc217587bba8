/* Libraries that most runs never need are loaded when one does: linking them would cost every start
 * of every program milliseconds. Their headers give the types; __typeof__ keeps the pointers
 * honest. */
#ifndef ZC_SUPPORT_LIBRARY_H
#define ZC_SUPPORT_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct zc_library_function {
    const char *name;
    void *place; /* of a pointer to a function of this type */
} zc_library_function;

/* Loads the library of this name, such as "libcurl.so.4", for good, and fills every place. False
 * when the machine does not have it, or it lacks one of the functions. */
bool zc_library_load(const char *name, const zc_library_function *functions, size_t count);

#endif

#include "cryptoki.h"

#include <stddef.h>
#include <string.h>

#include <dlfcn.h>

/* CK_FUNCTION_LIST: the version, and the functions in the standard's order. */
typedef struct ck_function_list {
    unsigned char version[2];
    void (*function[68])(void);
} ck_function_list;

enum {
    C_INITIALIZE = 0,
    C_GET_SLOT_LIST = 4,
    C_INIT_TOKEN = 9,
    C_INIT_PIN = 10,
    C_OPEN_SESSION = 12,
    C_LOGIN = 18,
    C_LOGOUT = 19,
    C_FIND_OBJECTS_INIT = 26,
    C_FIND_OBJECTS = 27,
    C_FIND_OBJECTS_FINAL = 28,
    C_SIGN_INIT = 42,
    C_SIGN = 43,
    C_GENERATE_KEY_PAIR = 59,
};

static void take_functions(const ck_function_list *list, zc_cryptoki *functions)
{
    const struct {
        size_t at;
        void *to;
    } wanted[] = {{C_INITIALIZE, &functions->initialize},
                  {C_GET_SLOT_LIST, &functions->get_slots},
                  {C_INIT_TOKEN, &functions->init_token},
                  {C_INIT_PIN, &functions->init_pin},
                  {C_OPEN_SESSION, &functions->open_session},
                  {C_LOGIN, &functions->login},
                  {C_LOGOUT, &functions->logout},
                  {C_FIND_OBJECTS_INIT, &functions->find_init},
                  {C_FIND_OBJECTS, &functions->find},
                  {C_FIND_OBJECTS_FINAL, &functions->find_final},
                  {C_SIGN_INIT, &functions->sign_init},
                  {C_SIGN, &functions->sign},
                  {C_GENERATE_KEY_PAIR, &functions->generate}};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        memcpy(wanted[i].to, &list->function[wanted[i].at], sizeof(void *));
    }
}

bool zc_cryptoki_load(const char *path, zc_cryptoki *ret_functions)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    ck_ulong (*get_list)(ck_function_list * *ret_list);
    ck_function_list *list = NULL;
    /* dlsym() gives a data pointer; POSIX lets it be copied to a function's. */
    void *found = library != NULL ? dlsym(library, "C_GetFunctionList") : NULL;
    memcpy(&get_list, &found, sizeof found);
    if (found == NULL || get_list(&list) != 0 || list == NULL) {
        return false;
    }
    take_functions(list, ret_functions);
    return true;
}

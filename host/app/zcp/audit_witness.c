/* `zcp witness`: the witness is a program of its own, which a firm runs far from the log. */
#include <errno.h>
#include <unistd.h>

#include "commands.h"

const zc_option zc_witness_options[] = {
    {"name", "NAME", "the witness's name, such as witness.example.org/w1"},
    {"listen", "ADDRESS", "where it answers (default: 127.0.0.1:8490)"},
    {"log", "KEY", "a log's verifier key, origin+id+base64; once for each log"},
    {NULL, NULL, NULL},
};

int zc_run_witness(zc_invocation *invocation)
{
    static char names[ZC_OPTIONS_MAX][32];
    char *argv[4 + 2 * ZC_OPTIONS_MAX] = {(char[]){"zcp-witness"}, (char[]){"--dir"},
                                          (char *)(uintptr_t)invocation->dir};
    char program[ZC_PATH_SIZE];
    size_t count = 3;
    for (size_t i = 0; i < invocation->options; i++) {
        (void)snprintf(names[i], sizeof names[i], "--%s", invocation->name[i]);
        argv[count++] = names[i];
        argv[count++] = (char *)(uintptr_t)invocation->value[i];
    }
    argv[count] = NULL;
    if (zc_beside("zcp-witness", program)) {
        (void)execv(program, argv);
    }
    zc_error error = {0};
    (void)zc_ok(zc_error_errno(&error, errno, "cannot start zcp-witness", NULL));
    return zc_fail_with(invocation, &error);
}

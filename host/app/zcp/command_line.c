/* From the words on the command line to a command's exit code. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "invocation.h"

static void print_usage(FILE *out, const zc_command *commands, size_t count)
{
    (void)fputs("ZeroCopy: signing infrastructure that anyone can verify.\n\nusage: zcp COMMAND "
                "[options]\n\n",
                out);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "  %-16s %s\n", commands[i].name, commands[i].summary);
    }
    (void)fputs("\n`zcp COMMAND --help` tells more. Exit codes: 0 done, 1 failed, 2 usage, 3 "
                "denied by policy,\n"
                "4 verification failed, 5 enclave unreachable, 6 approval needed.\n",
                out);
}

/* The command whose words stand first; how many words it has. */
static const zc_command *find(const zc_command *commands, size_t count, int argc, char **argv,
                              int *ret_words)
{
    for (size_t i = 0; i < count; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%s", commands[i].name);
        int words = 0;
        bool same = true;
        for (char *word = strtok(name, " "); word != NULL && same; word = strtok(NULL, " ")) {
            same = words + 1 < argc && strcmp(argv[words + 1], word) == 0;
            words++;
        }
        if (same) {
            *ret_words = words;
            return &commands[i];
        }
    }
    return NULL;
}

/* What a program of its own does is not linked into every start of this one. */
static int start(const zc_invocation *invocation, char **argv)
{
    char name[32];
    char path[ZC_PATH_SIZE];
    (void)snprintf(name, sizeof name, "zcp-%.24s", invocation->command->name);
    if (zc_beside(name, path)) {
        (void)execv(path, argv);
    }
    zc_error error = {0};
    (void)zc_ok(zc_error_errno(&error, errno, "cannot start", name));
    return zc_fail_with(invocation, &error);
}

int zc_command_line(const zc_command *commands, size_t count, int argc, char **argv)
{
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        print_usage(stdout, commands, count);
        return zc_output_end(&(zc_invocation){0}, ZC_EXIT_DONE);
    }
    if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
        (void)puts("zcp 0.1.0");
        return ZC_EXIT_DONE;
    }
    int words = 0;
    zc_invocation invocation = {.command = find(commands, count, argc, argv, &words)};
    if (invocation.command == NULL) {
        if (argc >= 2) {
            (void)fprintf(stderr, "zcp: there is no command '%.64s'.\n\n", argv[1]);
        }
        print_usage(stderr, commands, count);
        return ZC_EXIT_USAGE;
    }
    if (invocation.command->run == NULL) {
        return start(&invocation, argv);
    }
    zc_error error = {0};
    int read = zc_invocation_read(&invocation, argc - 1 - words, argv + 1 + words, &error);
    if (read != ZC_EXIT_DONE) {
        return zc_fail_with(&invocation, &error);
    }
    if (invocation.help) {
        zc_command_help(invocation.command);
        return zc_output_end(&invocation, ZC_EXIT_DONE);
    }
    return zc_output_end(&invocation, invocation.command->run(&invocation));
}

#include "invocation.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/reasons.h"

/* Every command takes these. */
static const zc_option common[] = {
    {"dir", "DIR", "the deployment's folder (default: $ZCP_DIR, else ./var)"},
    {"as", "PRINCIPAL", "whose credential to use (default: admin)"},
    {"json", NULL, "one JSON object; one a line for streams"},
    {"help", NULL, "this text"},
    {NULL, NULL, NULL},
};

static const zc_option *find(const zc_option *options, const char *name)
{
    for (; options != NULL && options->name != NULL; options++) {
        if (strcmp(options->name, name) == 0) {
            return options;
        }
    }
    return NULL;
}

static int usage(zc_error *error, const zc_command *command, const char *format, const char *word)
{
    char why[200];
    (void)snprintf(why, sizeof why, format, word); /* formats are this file's own */
    zc_result set =
        zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot read the command line", why, "");
    (void)set;
    zc_error_next(error, "see `zcp %s --help`", command->name);
    error->exit_code = ZC_EXIT_USAGE;
    return ZC_EXIT_USAGE;
}

static void keep(zc_invocation *invocation, const zc_option *option, const char *value)
{
    if (strcmp(option->name, "dir") == 0) {
        invocation->dir = value;
    } else if (strcmp(option->name, "as") == 0) {
        invocation->as = value;
    } else if (strcmp(option->name, "json") == 0) {
        invocation->json = true;
    } else if (strcmp(option->name, "help") == 0) {
        invocation->help = true;
    } else if (invocation->options < ZC_OPTIONS_MAX) {
        invocation->name[invocation->options] = option->name;
        invocation->value[invocation->options++] = value;
    }
}

static const zc_option *option_of(const zc_command *command, const char *word, size_t len)
{
    char name[32];
    if (len == 0 || len >= sizeof name) {
        return NULL;
    }
    memcpy(name, word, len);
    name[len] = '\0';
    const zc_option *own = find(command->options, name);
    return own != NULL ? own : find(common, name);
}

/* One option at argv[*at]: "--name value", "--name=value", "-n value". */
static int read_option(zc_invocation *invocation, int argc, char **argv, int *at, zc_error *error)
{
    const zc_command *command = invocation->command;
    const char *word = argv[*at] + (argv[*at][1] == '-' ? 2 : 1);
    size_t len = strcspn(word, "=");
    const zc_option *option = option_of(command, word, len);
    if (option == NULL) {
        return usage(error, command, "there is no option %.100s", argv[*at]);
    }
    const char *value = word[len] == '=' ? word + len + 1 : NULL;
    if (option->argument == NULL) {
        if (value != NULL) {
            return usage(error, command, "--%s takes no value", option->name);
        }
        value = "";
    } else if (value == NULL) {
        if (*at + 1 >= argc) {
            return usage(error, command, "--%s wants a value", option->name);
        }
        value = argv[++*at];
    }
    if (invocation->options == ZC_OPTIONS_MAX) { /* one that is not heard would be worse */
        return usage(error, command, "one option too many: %.100s", argv[*at]);
    }
    keep(invocation, option, value);
    return ZC_EXIT_DONE;
}

/* Looked for first: a command line that can't be read is reported as it asks to be. */
static bool wants_json(int argc, char **argv)
{
    for (int at = 0; at < argc && strcmp(argv[at], "--") != 0; at++) {
        if (strcmp(argv[at], "--json") == 0) {
            return true;
        }
    }
    return false;
}

int zc_invocation_read(zc_invocation *invocation, int argc, char **argv, zc_error *error)
{
    const zc_command *command = invocation->command;
    const char *from_environment = getenv("ZCP_DIR");
    invocation->dir =
        from_environment != NULL && from_environment[0] != '\0' ? from_environment : "var";
    invocation->as = "admin";
    invocation->rest = argv;
    invocation->json = wants_json(argc, argv);
    bool only_arguments = false;
    for (int at = 0; at < argc; at++) {
        if (!only_arguments && strcmp(argv[at], "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && argv[at][0] == '-' && argv[at][1] != '\0') {
            int read = read_option(invocation, argc, argv, &at, error);
            if (read != ZC_EXIT_DONE) {
                return read;
            }
        } else if (invocation->arguments == command->most ||
                   invocation->arguments == ZC_ARGUMENTS_MAX) {
            return usage(error, command, "one argument too many: %.100s", argv[at]);
        } else {
            invocation->argument[invocation->arguments++] = argv[at];
        }
    }
    if (!invocation->help && invocation->arguments < command->least) {
        return usage(error, command, "%s is missing", command->arguments);
    }
    return ZC_EXIT_DONE;
}

const char *zc_option_value(const zc_invocation *invocation, const char *name)
{
    for (size_t i = invocation->options; i-- > 0;) {
        if (strcmp(invocation->name[i], name) == 0) {
            return invocation->value[i];
        }
    }
    return NULL;
}

bool zc_option_given(const zc_invocation *invocation, const char *name)
{
    return zc_option_value(invocation, name) != NULL;
}

static void print_options(const zc_option *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        char left[40];
        (void)snprintf(left, sizeof left, "%s%s %s", options->name[1] == '\0' ? "-" : "--",
                       options->name, options->argument != NULL ? options->argument : "");
        (void)printf("  %-24s %s\n", left, options->help);
    }
}

void zc_command_help(const zc_command *command)
{
    (void)printf("usage: zcp %s [options]%s%s\n\n%s\n\noptions:\n", command->name,
                 command->arguments[0] == '\0' ? "" : " ", command->arguments, command->summary);
    print_options(command->options);
    print_options(common);
}

/* One run of `zcp`: its command, options and arguments. */
#ifndef ZC_ZCP_INVOCATION_H
#define ZC_ZCP_INVOCATION_H

#include <stdbool.h>
#include <stddef.h>

#include "support/error.h"
#include "support/file.h"
#include "zcp.h"

#define ZC_OPTIONS_MAX 64
#define ZC_ARGUMENTS_MAX 8

typedef struct zc_option {
    const char *name;     /* without dashes: "curve"; one letter: "o" */
    const char *argument; /* "CURVE"; NULL for a flag */
    const char *help;
} zc_option;

typedef struct zc_invocation zc_invocation;

typedef struct zc_command {
    const char *name;      /* "key create" */
    const char *arguments; /* "NAME"; "" */
    const char *summary;
    const zc_option *options; /* ends with a NULL name; NULL: none of its own */
    size_t least;             /* arguments */
    size_t most;
    /* Returns the exit code. NULL: the program zcp-<name> beside this one does all of it. */
    int (*run)(zc_invocation *invocation);
} zc_command;

struct zc_invocation {
    const zc_command *command;
    const char *dir;  /* --dir, else $ZCP_DIR, else var */
    const char *as;   /* --as: the principal; "admin" */
    const char *root; /* --root */
    bool json;
    bool help;
    const char *name[ZC_OPTIONS_MAX]; /* options given */
    const char *value[ZC_OPTIONS_MAX];
    size_t options;
    const char *argument[ZC_ARGUMENTS_MAX];
    size_t arguments;
    char **rest; /* everything behind the command's words, as given */
};

/* command_line.c: finds the command, reads its options and runs it. Returns the exit code. */
int zc_command_line(const zc_command *commands, size_t count, int argc, char **argv);

/* Reads what stands behind the command's words. Errors: exit 2. */
int zc_invocation_read(zc_invocation *invocation, int argc, char **argv, zc_error *error);
/* The value of an option; NULL when it was not given, "" for a flag that was. */
const char *zc_option_value(const zc_invocation *invocation, const char *name);
bool zc_option_given(const zc_invocation *invocation, const char *name);
void zc_command_help(const zc_command *command);

/* output.c. What a command printed must have arrived: returns its exit code, or that of a failure.
 */
int zc_output_end(const zc_invocation *invocation, int code);
/* Prints an error as the invocation wants it and returns its exit code. */
int zc_fail_with(const zc_invocation *invocation, const zc_error *error);
/* The same under the name of a reason that another program gave; empty or NULL: it gave none. */
int zc_fail_named(const zc_invocation *invocation, const zc_error *error, const char *reason);
int zc_fail_client(const zc_invocation *invocation, const zcp_error *error);
/* A usage error: exit 2. */
int zc_fail_usage(const zc_invocation *invocation, const char *what, const char *why);

/* place.c: paths of the deployment's folder. */
bool zc_in_dir(const zc_invocation *invocation, const char *name,
               char ret_path[static ZC_PATH_SIZE]);
/* A program that stands beside this one. */
bool zc_beside(const char *name, char ret_path[static ZC_PATH_SIZE]);
/* A session of the principal that --as names. Returns the exit code. */
int zc_session_open(const zc_invocation *invocation, zcp_session **ret_session);

#endif

/* `zcp gateway`: the options of a run. */
#include <stdio.h>
#include <stdlib.h>

#include "api/run.h"
#include "commands.h"
#include "support/reasons.h"

const zc_option zc_gateway_command_options[] = {
    {"listen", "ADDR", "HOST:PORT or unix:PATH; the n-th belongs to the n-th interface"},
    {"ipc", "PATH", "clef: also on this Unix socket, as geth's IPC"},
    {"credential", "FILE",
     "for local callers that show nothing: a .key file, a principal, "
     "keyring:NAME or pkcs11:URI"},
    {"identities", "FILE", "who may ask, and as whom (docs/gateway.md)"},
    {"tls-cert", "FILE", "PEM chain; read again on SIGHUP, as identities are"},
    {"tls-key", "FILE", "its PEM key"},
    {"tls-client-ca", "FILE", "PEM: clients may show certificates of it"},
    {"connections", "NUMBER", "of each interface (default: 8192)"},
    {"threads", "NUMBER", "of each interface (default: 8)"},
    {"request-seconds", "NUMBER", "for a whole request (default: 10)"},
    {"idle-seconds", "NUMBER", "between requests (default: 60)"},
    {"drain-seconds", "NUMBER", "for requests under way at the end (default: 10)"},
    {"spin-us", "NUMBER",
     "look that long for the enclave's answer before sleeping, through shared memory (default: 0)"},
    {"log", "WHAT", "requests to log: all, refused or none (default: all)"},
    {"node", "URL", "jsonrpc, web3signer: the node that everything else is asked of"},
    {"chain-id", "NUMBER", "jsonrpc, web3signer, clef: the chain that transactions are for"},
    {NULL, NULL, NULL},
};

static bool number(const zc_invocation *invocation, const char *name, unsigned least, unsigned most,
                   unsigned *number)
{
    char *end = NULL;
    const char *text = zc_option_value(invocation, name);
    if (text == NULL) {
        return true;
    }
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < least || value > most) {
        return false;
    }
    *number = (unsigned)value;
    return true;
}

static int read_numbers(const zc_invocation *invocation, zc_gateway_options *options)
{
    zc_http_limits *limits = &options->limits;
    bool read = number(invocation, "connections", 8, 1000000, &limits->connections) &&
                number(invocation, "threads", 1, 64, &limits->threads) &&
                number(invocation, "request-seconds", 1, 3600, &limits->request_seconds) &&
                number(invocation, "idle-seconds", 1, 3600, &limits->idle_seconds) &&
                number(invocation, "drain-seconds", 0, 3600, &options->drain_seconds) &&
                number(invocation, "spin-us", 0, 100000, &options->spin_us);
    return read ? ZC_EXIT_DONE
                : zc_fail_usage(invocation, "cannot start the gateway",
                                "an option's number can't be read, or is out of range");
}

static int read_log(const zc_invocation *invocation, zc_gateway_options *options)
{
    static const char *const names[] = {
        [ZC_LOG_ALL] = "all", [ZC_LOG_REFUSED] = "refused", [ZC_LOG_NONE] = "none"};
    const char *text = zc_option_value(invocation, "log");
    for (int i = ZC_LOG_ALL; i <= ZC_LOG_NONE; i++) {
        if (text == NULL || strcmp(text, names[i]) == 0) {
            options->log = (zc_log_what)i;
            return ZC_EXIT_DONE;
        }
    }
    return zc_fail_usage(invocation, "cannot start the gateway", "--log is all, refused or none");
}

static int read_interfaces(const zc_invocation *invocation, zc_gateway_options *options)
{
    for (size_t i = 0; i < invocation->arguments; i++) {
        const zc_translator *translator = zc_translator_by_name(invocation->argument[i]);
        for (size_t j = 0; j < i && translator != NULL; j++) {
            translator = options->listen[j].translator == translator ? NULL : translator;
        }
        if (translator == NULL) {
            char why[200] = "an interface is named once, and is one of";
#define ADD_NAME(row)                                                                              \
    (void)snprintf(why + strlen(why), sizeof why - strlen(why), " %s", zc_translator_##row.name);
            ZC_TRANSLATORS(ADD_NAME)
#undef ADD_NAME
            return zc_fail_usage(invocation, "cannot start the gateway", why);
        }
        options->listen[options->listens++].translator = translator;
    }
    size_t given = 0;
    for (size_t i = 0; i < invocation->options; i++) {
        if (strcmp(invocation->name[i], "listen") != 0) {
            continue;
        }
        if (given == options->listens) {
            return zc_fail_usage(invocation, "cannot start the gateway",
                                 "there are more --listen than interfaces");
        }
        options->listen[given++].address = invocation->value[i];
    }
    return ZC_EXIT_DONE;
}

static int read_tls(const zc_invocation *invocation, zc_gateway_options *options)
{
    options->tls = (zc_tls_files){.certificate = zc_option_value(invocation, "tls-cert"),
                                  .key = zc_option_value(invocation, "tls-key"),
                                  .client_ca = zc_option_value(invocation, "tls-client-ca")};
    bool whole = (options->tls.certificate == NULL) == (options->tls.key == NULL) &&
                 (options->tls.client_ca == NULL || options->tls.certificate != NULL);
    return whole ? ZC_EXIT_DONE
                 : zc_fail_usage(invocation, "cannot start the gateway",
                                 "--tls-cert and --tls-key go together, and --tls-client-ca with "
                                 "them");
}

static void read_extras(const zc_invocation *invocation, zc_gateway_options *options)
{
    static const char *const names[] = {"node", "chain-id"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = zc_option_value(invocation, names[i]);
        if (value != NULL) {
            options->extra[options->extras].name = names[i];
            options->extra[options->extras++].value = value;
        }
    }
}

static bool as_json;

static void ready(const char *interface, const char *address)
{
    (void)printf(as_json ? "{\"interface\": \"%s\", \"address\": \"%s\"}\n" : "%-11s %s\n",
                 interface, address);
    (void)fflush(stdout);
}

int zc_run_gateway(zc_invocation *invocation)
{
    static zc_gateway_options options;
    zc_error error = {0};
    options = (zc_gateway_options){
        .dir = invocation->dir,
        .credential = zc_option_value(invocation, "credential"),
        .identities = zc_option_value(invocation, "identities"),
        .ipc = zc_option_value(invocation, "ipc"),
        .limits = zc_http_default_limits,
        .drain_seconds = 10,
    };
    int code = read_interfaces(invocation, &options);
    code = code == ZC_EXIT_DONE ? read_numbers(invocation, &options) : code;
    code = code == ZC_EXIT_DONE ? read_log(invocation, &options) : code;
    code = code == ZC_EXIT_DONE ? read_tls(invocation, &options) : code;
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    read_extras(invocation, &options);
    as_json = invocation->json;
    return zc_ok(zc_gateway_run(&options, ready, &error)) ? ZC_EXIT_DONE
                                                          : zc_fail_with(invocation, &error);
}

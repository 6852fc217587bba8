/* Signs an EIP-1559 transaction with a ZeroCopy enclave:
 *
 *     sign_transaction DIR PRINCIPAL KEY TRANSACTION
 *
 * DIR is the deployment's folder, PRINCIPAL has its credential there, KEY is the name of a
 * secp256k1 key, and TRANSACTION is the unsigned transaction in hexadecimal. On standard output:
 * the signed transaction, ready for eth_sendRawTransaction. The exit codes are those of zcp: 3
 * means that policy refused, 5 that nobody answers.
 *
 *     cc -o sign_transaction sign_transaction.c $(pkg-config --cflags --libs zcp) */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <zcp.h>

/* What zcp_sign() takes at most, and what a signature adds to a transaction. */
#define TRANSACTION_MAX ((size_t)60 << 10)
#define SIGNATURE_MAX ((size_t)80)

typedef struct transaction {
    uint8_t byte[TRANSACTION_MAX];
    size_t len;
} transaction;

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    return c == '\0' || at == NULL ? -1 : (int)(at - digits);
}

/* Reads hexadecimal digits, with or without 0x in front. False: it is none, or too long. */
static bool read_hex(const char *text, transaction *ret_tx)
{
    text += strncmp(text, "0x", 2) == 0 ? 2 : 0;
    size_t len = strlen(text) / 2;
    if (len == 0 || len > TRANSACTION_MAX || strlen(text) % 2 != 0) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        int high = digit(text[2 * i]);
        int low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        ret_tx->byte[i] = (uint8_t)(high << 4 | low);
    }
    ret_tx->len = len;
    return true;
}

static void print_hex(FILE *out, const char *before, const uint8_t *bytes, size_t len)
{
    (void)fputs(before, out);
    for (size_t i = 0; i < len; i++) {
        (void)fprintf(out, "%02x", bytes[i]);
    }
    (void)fputs("\n", out);
}

/* Every error of the library says what failed, why, and what to do next. */
static int fail(const zcp_error *error)
{
    (void)fprintf(stderr, "%s: %s. %s\n", error->what, error->why, error->next);
    if (error->has_offset) {
        (void)fprintf(stderr, "the fault is at byte %llu of the transaction\n",
                      (unsigned long long)error->offset);
    }
    return (int)error->result;
}

/* A refusal is an answer, not a fault: it names the rule and the numbers that were compared. */
static int tell_refusal(const zcp_decision *decision, const zcp_error *error)
{
    bool review = error->result == ZCP_APPROVAL_NEEDED;
    (void)fprintf(stderr, "%s: %s\n", review ? "people have to agree first" : "refused by policy",
                  decision->why);
    if (decision->rule[0] == '\0') {
        (void)fputs("no rule of the mission allows this\n", stderr);
    } else {
        (void)fprintf(stderr, "rule %s: %s %s, the limit is %s\n", decision->rule,
                      decision->measured, decision->asset, decision->limit);
    }
    if (decision->has_entry) {
        (void)fprintf(stderr, "log entry %llu\n", (unsigned long long)decision->entry);
    }
    return (int)error->result;
}

static int show_status(zcp_session *session, zcp_error *error)
{
    zcp_status status;
    if (zcp_get_status(session, &status, error) != ZCP_OK) {
        return fail(error);
    }
    (void)fprintf(stderr, "mission %s on platform %s, %s; you are %s; the log has %llu entries\n",
                  status.mission, status.platform,
                  status.hardware ? "attested by hardware" : "not hardware", status.principal,
                  (unsigned long long)status.log_next);
    print_hex(stderr, "deployment ", status.deployment_id, sizeof status.deployment_id);
    if (status.phase == ZCP_HALTED) {
        (void)fputs("it is halted: what is asked now will be refused\n", stderr);
    }
    return ZCP_OK;
}

static int sign(zcp_session *session, const char *key, const transaction *tx, zcp_error *error)
{
    static uint8_t complete[TRANSACTION_MAX + SIGNATURE_MAX];
    zcp_sign_request request = {.key = key,
                                .use = ZCP_TX,
                                .chain = ZCP_CHAIN_EVM,
                                .payload = tx->byte,
                                .payload_len = tx->len};
    zcp_signature signature;
    zcp_decision refusal = {0};
    zcp_result result = zcp_sign(session, &request, &signature, &refusal, error);
    if (result == ZCP_DENIED || result == ZCP_APPROVAL_NEEDED) {
        return tell_refusal(&refusal, error);
    }
    if (result != ZCP_OK) {
        return fail(error);
    }
    (void)fprintf(stderr, "allowed by %s; log entry %llu\n", signature.decision.rule,
                  (unsigned long long)signature.entry);
    print_hex(stderr, "digest    0x", signature.digest, sizeof signature.digest);
    print_hex(stderr, "signature 0x", signature.signature, sizeof signature.signature);
    size_t len;
    if (zcp_evm_signed(tx->byte, tx->len, &signature, complete, sizeof complete, &len, error) !=
        ZCP_OK) {
        return fail(error);
    }
    print_hex(stdout, "0x", complete, len);
    if (fflush(stdout) != 0) {
        perror("it is signed and logged, but could not be printed");
        return ZCP_FAILED;
    }
    return ZCP_OK;
}

int main(int argc, char **argv)
{
    static transaction tx;
    if (argc != 5) {
        (void)fputs("usage: sign_transaction DIR PRINCIPAL KEY TRANSACTION\n", stderr);
        return ZCP_USAGE;
    }
    /* The first byte of an EIP-1559 transaction is its type, 2. */
    if (!read_hex(argv[4], &tx) || tx.byte[0] != 2) {
        (void)fputs("sign_transaction: that is no EIP-1559 transaction in hexadecimal, at most "
                    "60 KiB\n",
                    stderr);
        return ZCP_USAGE;
    }
    /* What is not set here is taken from DIR, as `zcp up` left it: which deployment, which code,
     * which root. A program on another machine pins them in the options instead. */
    zcp_options options = {.dir = argv[1], .credential = argv[2]};
    zcp_error error = {0};
    zcp_session *session;
    if (zcp_open(&options, &session, &error) != ZCP_OK) {
        return fail(&error);
    }
    int code = show_status(session, &error);
    code = code == ZCP_OK ? sign(session, argv[3], &tx, &error) : code;
    zcp_close(session);
    return code;
}

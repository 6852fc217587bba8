#include "log/credentials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "support/bytes.h"
#include "support/file.h"

#define FILE_MAX ((size_t)65536)

typedef struct zc_credential_names {
    const char *user;
    const char *password;
    const char *token;
} zc_credential_names;

static const zc_credential_names aws_environment = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                                                    "AWS_SESSION_TOKEN"};
static const zc_credential_names aws_file = {"aws_access_key_id", "aws_secret_access_key",
                                             "aws_session_token"};
static const zc_credential_names nats_environment = {"NATS_USER", "NATS_PASSWORD", "NATS_TOKEN"};
static const zc_credential_names nats_file = {"user", "password", "token"};

void zc_credentials_clear(zc_credentials *credentials)
{
    zc_wipe(credentials, sizeof *credentials);
}

/* What would break a header or a line of a protocol is no credential. */
static bool take(const char *text, size_t len, char ret_value[static ZC_CREDENTIAL_SIZE])
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == '"' || text[i] == '\\') {
            return false;
        }
    }
    if (len >= ZC_CREDENTIAL_SIZE) {
        return false;
    }
    memcpy(ret_value, text, len);
    ret_value[len] = '\0';
    return true;
}

static bool from_environment(const zc_credential_names *names, zc_credentials *credentials)
{
    const char *user = getenv(names->user);
    const char *password = getenv(names->password);
    const char *token = getenv(names->token);
    return (user == NULL || take(user, strlen(user), credentials->user)) &&
           (password == NULL || take(password, strlen(password), credentials->password)) &&
           (token == NULL || take(token, strlen(token), credentials->token));
}

static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r", text[len - 1]) != NULL) {
        text[--len] = '\0';
    }
    return text;
}

/* One line `name = value`; other names are passed over. */
static bool take_line(char *line, const zc_credential_names *names, zc_credentials *credentials)
{
    char *value = strchr(line, '=');
    if (value == NULL) {
        return true;
    }
    *value++ = '\0';
    const char *name = trim(line);
    value = trim(value);
    char *to = strcmp(name, names->user) == 0       ? credentials->user
               : strcmp(name, names->password) == 0 ? credentials->password
               : strcmp(name, names->token) == 0    ? credentials->token
                                                    : NULL;
    return to == NULL || take(value, strlen(value), to);
}

/* Lines in front of any section, and those of [default]. */
static zc_result from_file(const char *path, const zc_credential_names *names,
                           zc_credentials *credentials, zc_error *error)
{
    ZC_BYTES zc_bytes text = {0};
    bool ours = true;
    bool good = true;
    ZC_TRY(zc_file_read_secret(path, FILE_MAX, &text, error));
    char *rest = NULL;
    char *line = text.len == 0 ? NULL : strtok_r((char *)text.data, "\n", &rest);
    for (; good && line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char *trimmed = trim(line);
        if (trimmed[0] == '[') {
            ours = strcmp(trimmed, "[default]") == 0;
        } else if (ours && trimmed[0] != '#') {
            good = take_line(trimmed, names, credentials);
        }
    }
    return good ? ZC_OK
                : zc_error_from(error, zc_fail(ZC_LOG_NO_CREDENTIALS),
                                "cannot take the credentials", "write one name = value a line");
}

zc_result zc_credentials_aws(const char *file, zc_credentials *ret_credentials, zc_error *error)
{
    zc_credentials found = {0};
    zc_result read = file != NULL ? from_file(file, &aws_file, &found, error)
                     : from_environment(&aws_environment, &found) ? ZC_OK
                                                                  : zc_fail(ZC_LOG_NO_CREDENTIALS);
    if (zc_ok(read) && (found.user[0] == '\0' || found.password[0] == '\0')) {
        read = zc_fail(ZC_LOG_NO_CREDENTIALS);
    }
    if (zc_ok(read)) {
        *ret_credentials = found;
    } else if (zc_is(read, ZC_LOG_NO_CREDENTIALS)) {
        read = zc_error_from(error, read, "cannot use the object store",
                             "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a file with "
                             "--credentials");
    }
    zc_credentials_clear(&found);
    return read;
}

zc_result zc_credentials_nats(const char *file, zc_credentials *ret_credentials, zc_error *error)
{
    zc_credentials found = {0};
    zc_result read =
        file != NULL ? from_file(file, &nats_file, &found, error)
        : from_environment(&nats_environment, &found)
            ? ZC_OK
            : zc_error_from(error, zc_fail(ZC_LOG_NO_CREDENTIALS), "cannot use the NATS server",
                            "set NATS_USER and NATS_PASSWORD, or NATS_TOKEN");
    if (zc_ok(read)) {
        *ret_credentials = found;
    }
    zc_credentials_clear(&found);
    return read;
}

#include "support/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "support/json.h"
#include "support/reason.h"
#include "support/reasons.h"

static void fill(char *part, size_t size, const char *format, va_list arguments)
{
    static const char dots[] = "…";
    int needed = vsnprintf(part, size, format, arguments);
    if (needed < 0) {
        part[0] = 0;
    } else if ((size_t)needed >= size) {
        size_t at = size - sizeof dots;
        while (at > 0 && ((unsigned char)part[at] & 0xc0) == 0x80) {
            at--; /* never in the middle of a character */
        }
        memcpy(part + at, dots, sizeof dots);
    }
}

#define ZC_FILL(part, format)                                                                      \
    do {                                                                                           \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        fill((part), sizeof(part), (format), arguments);                                           \
        va_end(arguments);                                                                         \
    } while (0)

void zc_error_what(zc_error *error, const char *format, ...)
{
    if (error != NULL) {
        ZC_FILL(error->what, format);
    }
}

void zc_error_why(zc_error *error, const char *format, ...)
{
    if (error != NULL) {
        ZC_FILL(error->why, format);
    }
}

void zc_error_next(zc_error *error, const char *format, ...)
{
    if (error != NULL) {
        ZC_FILL(error->next, format);
    }
}

zc_result zc_error_set(zc_error *error, int code, const char *what, const char *why,
                       const char *next)
{
    zc_result result = zc_fail(code);
    if (error != NULL) {
        error->result = result;
        error->exit_code = ZC_EXIT_FAILED;
        zc_error_what(error, "%s", what);
        zc_error_why(error, "%s", why);
        zc_error_next(error, "%s", next);
    }
    return result;
}

zc_result zc_error_from(zc_error *error, zc_result result, const char *what, const char *next)
{
    return zc_error_set(error, result.code, what, zc_reason_text(result), next);
}

typedef struct known_errno {
    int number;
    int code;
    const char *why;
    const char *next;
} known_errno;

static const known_errno known[] = {
    {ENOENT, ZC_SUPPORT_NOT_FOUND, "there is no such file", "check the path"},
    {ENOTDIR, ZC_SUPPORT_NOT_FOUND, "a part of the path is not a folder", "check the path"},
    {EISDIR, ZC_SUPPORT_IO, "it is a folder", "name a file"},
    {EACCES, ZC_SUPPORT_NO_PERMISSION, "permission denied",
     "run as the user who owns it, or change its mode"},
    {EPERM, ZC_SUPPORT_NO_PERMISSION, "operation not permitted",
     "run as the user who owns it, or change its mode"},
    {EROFS, ZC_SUPPORT_NO_PERMISSION, "the file system is read-only",
     "choose a folder that can be written with --dir"},
    {EEXIST, ZC_SUPPORT_EXISTS, "there is already a file of this name",
     "choose another name, or move that file away"},
    {ENOSPC, ZC_SUPPORT_DISK_FULL, "the disk is full", "free some space and try again"},
    {EDQUOT, ZC_SUPPORT_DISK_FULL, "the disk quota is used up", "free some space and try again"},
    {EFBIG, ZC_SUPPORT_DISK_FULL, "the file would pass the size limit of this process",
     "raise the limit (ulimit -f) and try again"},
    {ELOOP, ZC_SUPPORT_NO_PERMISSION,
     "it is a symbolic link, and a secret is never read through one", "name the file itself"},
    {EMFILE, ZC_SUPPORT_IO, "this process has too many open files", "raise the limit (ulimit -n)"},
    {ENAMETOOLONG, ZC_SUPPORT_IO, "the path is too long", "use a shorter path"},
    {EIO, ZC_SUPPORT_IO, "the disk reports an input/output error",
     "check the disk and the kernel's log before going on"},
};

zc_result zc_error_errno(zc_error *error, int number, const char *what, const char *path)
{
    char text[128];
    const known_errno *found = NULL;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].number == number) {
            found = &known[i];
        }
    }
    const char *why = found != NULL ? found->why : strerror_r(number, text, sizeof text);
    zc_result result = zc_error_set(error, found != NULL ? found->code : ZC_SUPPORT_IO, what, why,
                                    found != NULL ? found->next : "");
    if (path != NULL) {
        zc_error_what(error, "%s %s", what, path);
    }
    return result;
}

zc_result zc_error_exit(zc_error *error, zc_exit exit_code)
{
    if (error == NULL) {
        return zc_fail(ZC_SUPPORT_IO);
    }
    error->exit_code = (int)exit_code;
    return error->result;
}

/* Parts may quote file names and fields that an attacker chose. */
static void put_plain(FILE *out, const char *text)
{
    for (const char *at = text; *at != 0; at++) {
        unsigned char c = (unsigned char)*at;
        (void)fputc(c < 0x20 || c == 0x7f ? '?' : c, out);
    }
}

static void put_sentence(FILE *out, const char *text)
{
    put_plain(out, text);
    size_t len = strlen(text);
    if (len > 0 && strchr(".!?", text[len - 1]) == NULL) {
        (void)fputc('.', out);
    }
}

static void write_line(FILE *out, const char *program, const zc_error *error)
{
    (void)fprintf(out, "%s: ", program);
    put_plain(out, error->what);
    if (error->why[0] != 0) {
        (void)fputs(": ", out);
        put_sentence(out, error->why);
    } else {
        (void)fputc('.', out);
    }
    if (error->next[0] != 0) {
        char first[2] = {error->next[0], 0};
        if (first[0] >= 'a' && first[0] <= 'z') {
            first[0] = (char)(first[0] - 'a' + 'A');
        }
        (void)fputc(' ', out);
        put_plain(out, first);
        put_sentence(out, error->next + 1);
    }
    (void)fputc('\n', out);
}

void zc_error_print_json(FILE *out, const zc_error *error)
{
    json_t *parts = json_object();
    bool ok = zc_json_set_slice_text(parts, "what", zc_slice_of_text(error->what)) &&
              zc_json_set_slice_text(parts, "why", zc_slice_of_text(error->why)) &&
              zc_json_set_slice_text(parts, "next", zc_slice_of_text(error->next)) &&
              zc_json_set_text(parts, "reason", zc_reason_name(error->result)) &&
              zc_json_set(parts, "exit", json_integer(error->exit_code));
    json_t *object = json_object();
    ok = zc_json_set(object, "error", parts) && ok;
    if (!ok || !zc_json_print(out, object)) {
        (void)fputs("{\"error\":{\"what\":\"cannot describe an error\",\"exit\":1}}\n", out);
    }
    json_decref(object);
}

/* In one write, so that the lines of several processes never mix. */
void zc_error_print(FILE *out, const char *program, const zc_error *error)
{
    char *line = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&line, &len);
    if (memory == NULL) {
        write_line(out, program, error);
        return;
    }
    write_line(memory, program, error);
    if (fclose(memory) == 0) {
        (void)fwrite(line, 1, len, out);
    }
    free(line);
}

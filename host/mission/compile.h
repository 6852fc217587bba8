/* A mission file (YAML, docs/mission.md) → the compiled mission (canonical CBOR, policy/mission.h)
 * that the enclave measures and obeys. The same file and credentials give the same bytes on every
 * machine. */
#ifndef ZC_MISSION_COMPILE_H
#define ZC_MISSION_COMPILE_H

#include "mission/report.h"
#include "support/bytes.h"

/* The longest mission file that is read. */
#define ZC_MISSION_FILE_MAX ((size_t)16 << 20)

typedef struct zc_mission_source {
    const char *file; /* the name that findings show */
    zc_slice text;    /* YAML */
    const char
        *credentials; /* the folder for `key: local`, or NULL: then local keys are an error */
} zc_mission_source;

/* Compiles and reports everything that is wrong or odd; warnings do not stop it. The report is
 * sorted; the caller initialises it and clears the bytes. Errors: ZC_MISSION_NOT_YAML and
 * ZC_MISSION_FAULTY (the report says where), ZC_MISSION_NO_MEMORY. */
ZC_MUST_USE zc_result zc_mission_compile(const zc_mission_source *source, zc_bytes *ret_compiled,
                                         zc_report *report);

/* `zcp mission check`: the same without bytes; principals with `key: local` whose credential is not
 * there yet are a warning instead of an error, since `zcp up` makes it. */
ZC_MUST_USE zc_result zc_mission_check_file(const zc_mission_source *source, zc_report *report);

/* The names of the principals whose key is `local`, in the order of the file: `zcp up` makes their
 * credentials before it compiles. Same errors as zc_mission_check_file(). `each` may be called
 * before an error is found. */
typedef zc_result (*zc_mission_local_visit)(void *self, const char *name);
ZC_MUST_USE zc_result zc_mission_each_local(const zc_mission_source *source,
                                            zc_mission_local_visit each, void *self,
                                            zc_report *report);

#endif

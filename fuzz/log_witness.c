/* A request to a witness: nothing is cosigned without the log's signature, which nobody here has.
 */
#include "fuzz.h"
#include "log/witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_witness_server witness;
    static const char key[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    zc_witness_answer answer;
    if (witness.log_count == 0) {
        static const char folder[] = "/nonexistent/witness";
        static const char name[] = "w.test/1";
        FUZZ_CHECK(zc_ok(zc_witness_add_log(&witness, key)));
        memcpy(witness.folder, folder, sizeof folder);
        memcpy(witness.name, name, sizeof name);
    }
    zc_witness_answer_to(&witness, zc_slice_of(data, size), 1800000000, &answer);
    FUZZ_CHECK(answer.status >= 400 && answer.status <= 500 && answer.len < sizeof answer.body);
    return 0;
}

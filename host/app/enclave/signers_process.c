#include "nsm_soft/sandbox.h"
#include "process.h"

static const char who[] = "zcp-core";

static void fail(zc_result why)
{
    leave(who, "cannot start a signing thread", why);
}

void signers_take(size_t count, zc_signers **ret_signers)
{
    zc_result taken = zc_signer_threads_take(count, ret_signers);
    if (!zc_ok(taken)) {
        leave_without_vault(who, taken);
    }
}

void signers_start(void *self)
{
    static const zc_signer_guard guard = {.lock_in = zc_sandbox_enter_thread, .fail = fail};
    (void)self;
    zc_signer_threads_start(&guard);
}

#include "runtime/core.h"

static void step_enclave(void *state, const zc_event *event, zc_effects *effects)
{
    zc_enclave_step(state, event, effects);
}

static uint64_t enclave_acked(const void *state)
{
    return zc_enclave_acked(state);
}

static bool enclave_knows(void *state, uint64_t session)
{
    return zc_enclave_knows(state, session);
}

static zc_host_lag enclave_lag(const void *state)
{
    return zc_enclave_lag(state);
}

zc_machine zc_machine_of_enclave(zc_enclave *enclave)
{
    return (zc_machine){.state = enclave,
                        .step = step_enclave,
                        .acked = enclave_acked,
                        .knows = enclave_knows,
                        .lag = enclave_lag};
}

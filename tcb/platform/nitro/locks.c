#include "nitro/nitro.h"

#include "attest/nsm.h"

/* PCR0 to PCR15: the hypervisor's, locked before the first instruction. */
#define BOOT_PCRS 16

static zc_result round_trip(int nsm_fd, const zc_nsm_request *question, zc_buffer room,
                            zc_nsm_response *ret_response)
{
    uint8_t request[256];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    size_t len;
    ZC_TRY(zc_nsm_request_write(&writer, question));
    ZC_TRY(zc_nitro_request(nsm_fd, zc_writer_written(&writer), room, &len));
    return zc_nsm_response_parse(zc_slice_of(room.data, len), ret_response);
}

static zc_result check_said(int nsm_fd, uint16_t index)
{
    uint8_t room[256];
    zc_nsm_response response;
    const zc_nsm_request question = {.op = ZC_NSM_DESCRIBE_PCR, .index = index};
    ZC_TRY(round_trip(nsm_fd, &question, (zc_buffer){.data = room, .len = sizeof room}, &response));
    bool locked = response.error == ZC_NSM_ERROR_NONE && response.op == ZC_NSM_DESCRIBE_PCR &&
                  response.locked;
    return locked ? ZC_OK : zc_fail(ZC_PLATFORM_PCR_NOT_LOCKED);
}

/* A module that says "locked" and extends nevertheless would have changed the measurement now: then
 * nothing more is made here. */
static zc_result check_refused(int nsm_fd, uint16_t index)
{
    static const uint8_t foreign[] = {'l', 'o', 'c', 'k', 'e', 'd', '?'};
    uint8_t room[256];
    zc_nsm_response response;
    const zc_nsm_request question = {
        .op = ZC_NSM_EXTEND_PCR, .index = index, .data = ZC_SLICE_OF_ARRAY(foreign)};
    ZC_TRY(round_trip(nsm_fd, &question, (zc_buffer){.data = room, .len = sizeof room}, &response));
    return response.error == ZC_NSM_ERROR_READ_ONLY_INDEX ? ZC_OK
                                                          : zc_fail(ZC_PLATFORM_PCR_NOT_LOCKED);
}

zc_result zc_nitro_check_locks(int nsm_fd, uint16_t mission_pcr)
{
    for (uint16_t index = 0; index < BOOT_PCRS; index++) {
        ZC_TRY(check_said(nsm_fd, index));
    }
    ZC_TRY(check_said(nsm_fd, mission_pcr));
    ZC_TRY(check_refused(nsm_fd, 0));
    return check_refused(nsm_fd, mission_pcr);
}

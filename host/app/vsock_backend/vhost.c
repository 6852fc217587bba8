#include "vhost.h"

#include <errno.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    GET_FEATURES = 1,
    SET_FEATURES,
    SET_OWNER,
    RESET_OWNER,
    SET_MEM_TABLE,
    SET_VRING_NUM = 8,
    SET_VRING_ADDR,
    SET_VRING_BASE,
    GET_VRING_BASE,
    SET_VRING_KICK,
    SET_VRING_CALL,
    SET_VRING_ERR,
    GET_PROTOCOL_FEATURES,
    SET_PROTOCOL_FEATURES,
    GET_QUEUE_NUM,
    SET_VRING_ENABLE,
    GET_CONFIG = 24,
};

#define VERSION_1 1u
#define IS_REPLY 4u
#define F_VERSION_1 (UINT64_C(1) << 32)
#define F_PROTOCOL_FEATURES (UINT64_C(1) << 30)
#define P_MQ (UINT64_C(1) << 0)
#define P_CONFIG (UINT64_C(1) << 9)
#define NO_DESCRIPTOR 0x100u
#define PAYLOAD_MAX 512
#define CONFIG_HEAD 12

typedef struct vhost_message {
    uint32_t request;
    uint32_t flags;
    uint32_t size;
    union {
        uint64_t number;
        struct {
            uint32_t index;
            uint32_t value;
        } state;
        struct {
            uint32_t index;
            uint32_t flags;
            uint64_t descriptors;
            uint64_t used;
            uint64_t available;
            uint64_t log;
        } addresses;
        struct {
            uint32_t count;
            uint32_t padding;
            struct {
                uint64_t guest_address;
                uint64_t size;
                uint64_t user_address;
                uint64_t offset;
            } region[ZC_GUEST_REGIONS];
        } memory;
        struct {
            uint32_t offset;
            uint32_t size;
            uint32_t flags;
            uint8_t bytes[256];
        } config;
        uint8_t bytes[PAYLOAD_MAX];
    } payload;
} __attribute__((packed, aligned(8))) vhost_message;

#define HEAD_SIZE 12

typedef struct passed {
    int fd[ZC_GUEST_REGIONS];
    size_t count;
} passed;

static void close_rest(passed *fds)
{
    for (size_t i = 0; i < fds->count; i++) {
        if (fds->fd[i] >= 0) {
            close(fds->fd[i]);
        }
    }
}

/* The header with the descriptors that come with it. */
static bool receive_head(int fd, vhost_message *message, passed *ret_fds)
{
    char room[CMSG_SPACE(sizeof ret_fds->fd)];
    struct iovec part = {.iov_base = message, .iov_len = HEAD_SIZE};
    struct msghdr head = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    ssize_t got;
    do {
        got = recvmsg(fd, &head, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    } while (got < 0 && errno == EINTR);
    for (struct cmsghdr *item = got > 0 ? CMSG_FIRSTHDR(&head) : NULL; item != NULL;
         item = CMSG_NXTHDR(&head, item)) {
        if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_RIGHTS) {
            ret_fds->count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(ret_fds->fd, CMSG_DATA(item), ret_fds->count * sizeof(int));
        }
    }
    return got == HEAD_SIZE && (head.msg_flags & MSG_CTRUNC) == 0 &&
           message->size <= sizeof message->payload;
}

static bool receive(int fd, vhost_message *message, passed *ret_fds)
{
    if (!receive_head(fd, message, ret_fds)) {
        return false;
    }
    return message->size == 0 ||
           recv(fd, &message->payload, message->size, MSG_WAITALL) == (ssize_t)message->size;
}

static bool reply(int fd, vhost_message *message, uint32_t size)
{
    message->flags = VERSION_1 | IS_REPLY;
    message->size = size;
    return send(fd, message, HEAD_SIZE + size, MSG_NOSIGNAL) == (ssize_t)(HEAD_SIZE + size);
}

static bool reply_number(int fd, vhost_message *message, uint64_t number)
{
    message->payload.number = number;
    return reply(fd, message, sizeof number);
}

static bool map_region(zc_guest *guest, const vhost_message *message, size_t at, int fd)
{
    zc_guest_region region = {.guest_address = message->payload.memory.region[at].guest_address,
                              .user_address = message->payload.memory.region[at].user_address,
                              .size = message->payload.memory.region[at].size};
    uint64_t offset = message->payload.memory.region[at].offset;
    if (offset > UINT64_MAX / 4 || region.size > UINT64_MAX / 4) {
        return false;
    }
    region.mapping_len = (size_t)(region.size + offset);
    region.mapping =
        mmap(NULL, region.mapping_len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
    if (region.mapping == MAP_FAILED) {
        return false;
    }
    region.memory = (uint8_t *)region.mapping + offset;
    guest->region[guest->regions++] = region;
    return true;
}

static bool set_memory(zc_guest *guest, const vhost_message *message, const passed *fds)
{
    zc_guest_forget_memory(guest);
    uint32_t count = message->payload.memory.count;
    if (count > ZC_GUEST_REGIONS || count != fds->count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!map_region(guest, message, i, fds->fd[i])) {
            return false;
        }
    }
    return true;
}

/* Takes over the descriptor that came, if one did. */
static void keep(int *place, passed *fds)
{
    if (*place >= 0) {
        close(*place);
    }
    *place = -1;
    if (fds->count > 0) {
        *place = fds->fd[0];
        fds->fd[0] = -1;
    }
}

static bool set_ring(zc_guest *guest, const vhost_message *message, passed *fds)
{
    uint32_t index = message->request == SET_VRING_KICK || message->request == SET_VRING_CALL ||
                             message->request == SET_VRING_ERR
                         ? (uint32_t)(message->payload.number & 0xff)
                         : message->payload.state.index;
    if (index >= ZC_GUEST_RINGS) {
        return false;
    }
    zc_guest_ring *ring = &guest->ring[index];
    uint32_t value = message->payload.state.value;
    switch (message->request) {
    case SET_VRING_NUM:
        ring->size = value;
        return value > 0 && value <= ZC_GUEST_RING_MAX && (value & (value - 1)) == 0;
    case SET_VRING_BASE:
        ring->next = (uint16_t)value;
        return true;
    case SET_VRING_ENABLE:
        ring->enabled = value != 0;
        return true;
    case SET_VRING_KICK:
        keep(&ring->kick, fds);
        return true;
    case SET_VRING_CALL:
        keep(&ring->call, fds);
        return true;
    case SET_VRING_ADDR:
        ring->descriptors = message->payload.addresses.descriptors;
        ring->used = message->payload.addresses.used;
        ring->available = message->payload.addresses.available;
        return true;
    default:
        return true;
    }
}

static bool stop_ring(int fd, zc_guest *guest, vhost_message *message)
{
    uint32_t index = message->payload.state.index;
    if (index >= ZC_GUEST_RINGS) {
        return false;
    }
    guest->ring[index].enabled = false;
    message->payload.state.value = guest->ring[index].next;
    return reply(fd, message, sizeof message->payload.state);
}

static bool give_config(int fd, vhost_message *message, uint64_t guest_cid)
{
    uint32_t offset = message->payload.config.offset;
    uint32_t size = message->payload.config.size;
    if (message->size < CONFIG_HEAD || size > sizeof guest_cid ||
        offset > sizeof guest_cid - size) {
        return false;
    }
    memcpy(message->payload.config.bytes, (const uint8_t *)&guest_cid + offset, size);
    return reply(fd, message, CONFIG_HEAD + size);
}

static bool act(int fd, zc_guest *guest, uint64_t guest_cid, vhost_message *message, passed *fds)
{
    switch (message->request) {
    case GET_FEATURES:
        return reply_number(fd, message, F_VERSION_1 | F_PROTOCOL_FEATURES);
    case GET_PROTOCOL_FEATURES:
        return reply_number(fd, message, P_MQ | P_CONFIG);
    case GET_QUEUE_NUM:
        return reply_number(fd, message, ZC_GUEST_RINGS);
    case SET_FEATURES:
    case SET_PROTOCOL_FEATURES:
    case SET_OWNER:
    case RESET_OWNER:
        return true;
    case SET_MEM_TABLE:
        return set_memory(guest, message, fds);
    case GET_VRING_BASE:
        return stop_ring(fd, guest, message);
    case GET_CONFIG:
        return give_config(fd, message, guest_cid);
    case SET_VRING_NUM:
    case SET_VRING_ADDR:
    case SET_VRING_BASE:
    case SET_VRING_KICK:
    case SET_VRING_CALL:
    case SET_VRING_ERR:
    case SET_VRING_ENABLE:
        return set_ring(guest, message, fds);
    default:
        return false;
    }
}

bool zc_vhost_handle(int fd, zc_guest *guest, uint64_t guest_cid)
{
    static vhost_message message;
    passed fds = {.count = 0};
    memset(&message, 0, sizeof message);
    bool handled = receive(fd, &message, &fds) && act(fd, guest, guest_cid, &message, &fds);
    close_rest(&fds);
    return handled;
}

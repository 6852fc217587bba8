#include "runtime/signers.h"

#include <limits.h>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/reasons.h"

_Static_assert((ZC_SIGNERS_ITEMS & (ZC_SIGNERS_ITEMS - 1)) == 0, "places are masked numbers");

/* Looks for work before sleeping: some ten microseconds, about one signature. */
#define LOOKS 400

static zc_signers_item *item_of(zc_signers *signers, uint64_t place)
{
    return &signers->item[place & (ZC_SIGNERS_ITEMS - 1)];
}

static uint64_t waiting(const zc_signers *signers)
{
    uint64_t taken = atomic_load_explicit(&signers->taken, memory_order_relaxed);
    uint64_t put = atomic_load_explicit(&signers->put, memory_order_acquire);
    return put > taken ? put - taken : 0;
}

bool zc_signers_has_room(const zc_signers *signers)
{
    return atomic_load_explicit(&signers->put, memory_order_relaxed) - signers->collected <
           ZC_SIGNERS_ITEMS;
}

uint64_t zc_signers_next(const zc_signers *signers)
{
    return atomic_load_explicit(&signers->put, memory_order_relaxed) + 1;
}

void zc_signers_submit(zc_signers *signers, const zc_sign_work *work)
{
    uint64_t place = atomic_load_explicit(&signers->put, memory_order_relaxed);
    zc_signers_item *item = item_of(signers, place);
    item->work = *work;
    atomic_store_explicit(&item->done, 0, memory_order_relaxed);
    /* With it, what stands in the item. Ordered before the look at who sleeps. */
    atomic_store_explicit(&signers->put, place + 1, memory_order_seq_cst);
}

static void ring(zc_signers *signers, int count)
{
    atomic_fetch_add_explicit(&signers->bell, 1, memory_order_seq_cst);
    (void)syscall(SYS_futex, &signers->bell, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

void zc_signers_wake(zc_signers *signers)
{
    if (waiting(signers) > 1 &&
        atomic_load_explicit(&signers->sleeping, memory_order_seq_cst) != 0) {
        ring(signers, 1);
    }
}

bool zc_signers_busy(const zc_signers *signers)
{
    return atomic_load_explicit(&signers->finished, memory_order_acquire) !=
           atomic_load_explicit(&signers->put, memory_order_relaxed);
}

/* Takes up to ZC_SIGNERS_CHUNK of the oldest, and half of what there is at most, so that the last
 * ones are shared. 0: there is none. */
static size_t take(zc_signers *signers, uint64_t *ret_first)
{
    uint64_t first = atomic_load_explicit(&signers->taken, memory_order_relaxed);
    for (;;) {
        uint64_t put = atomic_load_explicit(&signers->put, memory_order_acquire);
        if (put <= first) {
            return 0;
        }
        uint64_t half = (put - first + 1) / 2;
        uint64_t count = half < ZC_SIGNERS_CHUNK ? half : ZC_SIGNERS_CHUNK;
        if (atomic_compare_exchange_weak_explicit(&signers->taken, &first, first + count,
                                                  memory_order_acq_rel, memory_order_relaxed)) {
            *ret_first = first;
            return (size_t)count;
        }
    }
}

static zc_sign_job job_of(const zc_signers_item *item)
{
    return (zc_sign_job){.signer = item->work.signer,
                         .mode = item->work.mode,
                         .fresh = item->work.fresh,
                         .digest = item->work.digest};
}

static void finish(zc_signers *signers, zc_signers_item *item, zc_result result)
{
    item->result = result;
    atomic_store_explicit(&item->done, 1, memory_order_release);
    atomic_fetch_add_explicit(&signers->finished, 1, memory_order_release);
}

static void sign_one(zc_signers *signers, zc_signers_item *item)
{
    finish(signers, item,
           zc_sign_digest(item->work.signer, item->work.mode, item->work.fresh, item->work.digest,
                          &item->signature));
}

bool zc_signers_help(zc_signers *signers)
{
    zc_sign_job job[ZC_SIGNERS_CHUNK];
    zc_signature signature[ZC_SIGNERS_CHUNK];
    uint64_t first;
    size_t count = take(signers, &first);
    for (size_t i = 0; i < count; i++) {
        job[i] = job_of(item_of(signers, first + i));
    }
    bool together = count > 1 && zc_ok(zc_sign_digest_batch(job, count, signature));
    for (size_t i = 0; i < count; i++) {
        zc_signers_item *item = item_of(signers, first + i);
        if (together) {
            item->signature = signature[i];
            finish(signers, item, ZC_OK);
        } else {
            sign_one(signers, item);
        }
    }
    return count > 0;
}

bool zc_signers_is_done(const zc_signers *signers, uint64_t number)
{
    const zc_signers_item *item = &signers->item[(number - 1) & (ZC_SIGNERS_ITEMS - 1)];
    return atomic_load_explicit(&item->done, memory_order_acquire) != 0;
}

zc_result zc_signers_collect(zc_signers *signers, uint64_t number, zc_signature *ret_signature)
{
    zc_signers_item *item = item_of(signers, number - 1);
    if (number != signers->collected + 1 || !zc_signers_is_done(signers, number)) {
        __builtin_trap(); /* the loop's queue is not what was submitted */
    }
    zc_result result = item->result;
    if (zc_ok(result)) {
        *ret_signature = item->signature;
    }
    zc_wipe(&item->work, sizeof item->work);
    zc_wipe(&item->signature, sizeof item->signature);
    signers->collected = number;
    return result;
}

static inline void breathe(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static bool look(const zc_signers *signers)
{
    for (size_t i = 0; i < LOOKS; i++) {
        if (waiting(signers) > 0) {
            return true;
        }
        breathe();
    }
    return false;
}

/* A bell that rings between the last look and the sleep has changed what is waited for. */
static void sleep_until_rung(zc_signers *signers)
{
    uint32_t heard = atomic_load_explicit(&signers->bell, memory_order_seq_cst);
    atomic_fetch_add_explicit(&signers->sleeping, 1, memory_order_seq_cst);
    if (waiting(signers) < 2 && !atomic_load_explicit(&signers->stopping, memory_order_seq_cst)) {
        (void)syscall(SYS_futex, &signers->bell, FUTEX_WAIT_PRIVATE, heard, NULL, NULL, 0);
    }
    atomic_fetch_sub_explicit(&signers->sleeping, 1, memory_order_seq_cst);
}

void zc_signers_work(zc_signers *signers)
{
    atomic_fetch_add(&signers->working, 1);
    while (!atomic_load(&signers->stopping)) {
        if (!zc_signers_help(signers) && !look(signers)) {
            sleep_until_rung(signers);
        }
    }
    atomic_fetch_sub(&signers->working, 1);
}

void zc_signers_stop(zc_signers *signers)
{
    atomic_store(&signers->stopping, true);
    while (atomic_load(&signers->working) != 0) {
        ring(signers, INT_MAX);
        breathe();
    }
}

/* A key that is no secret, over and over the same digest: only the memory counts. */
zc_result zc_signers_warm_up(void)
{
    const zc_secret32 scalar = {{[31] = 1}};
    const uint8_t fresh[32] = {1};
    const uint8_t digest[32] = {2};
    zc_sign_job job[ZC_SIGNERS_CHUNK];
    zc_signature signature[ZC_SIGNERS_CHUNK];
    zc_signer signer;
    bool warm = zc_ok(zc_signer_init(&signer, ZC_CURVE_P256, &scalar));
    for (size_t i = 0; i < ZC_SIGNERS_CHUNK; i++) {
        job[i] = (zc_sign_job){
            .signer = &signer, .mode = ZC_NONCE_DETERMINISTIC, .fresh = fresh, .digest = digest};
    }
    warm = warm &&
           zc_ok(zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, fresh, digest, &signature[0])) &&
           zc_ok(zc_sign_digest_batch(job, ZC_SIGNERS_CHUNK, signature));
    return warm ? ZC_OK : zc_fail(ZC_RUNTIME_WARM_UP);
}

#include "crypto/secp256k1_base.h"

#include <string.h>
#include <threads.h>

#include "base/ct.h"
#include "crypto/hash.h"
#include "crypto/library.h"
#include "crypto/modinv.h"
#include "crypto/secp256k1_field.h"

/* 43 digits of six bits: 258 bits, because a sum of ±2^i takes one more than the order has, and
 * digits are whole. Of each digit's 64 values half are the negatives of the others. */
enum { DIGIT_BITS = 6, DIGITS = 43, MULTIPLES = 32, STEPS = MULTIPLES + 2, CHECKS = 16 };

typedef struct affine {
    uint64_t x[4], y[4];
} affine;

typedef struct point {
    zc_fe x, y, z;
} point;

/* table[i][j] is (2j + 1) · 64^i · G. Public, and only written while it is made. */
static _Alignas(64) affine table[DIGITS][MULTIPLES];
static bool made;
static bool usable;
/* Who needs a multiple before there was a setup has one that is blinded by a number of zeros. */
static uint8_t first_seed[32];

/* b · G, and (2^258 − 1 − b) / 2: with u = (k + 2^258 − 1 − b) / 2 modulo the order, the sum of
 * +2^i for each bit of u that is one and −2^i for each that is zero is k − b. */
static affine blinding_point;
static zc_scalar blinding_offset;

/* 1/2 and (2^258 − 1) / 2 modulo the order; a test recomputes what follows from them. */
static const zc_scalar half = {
    {0xdfe92f46681b20a1, 0x5d576e7357a4501d, 0xffffffffffffffff, 0x7fffffffffffffff}};
static const zc_scalar half_of_all = {
    {0x6044722cc7ae9e1e, 0xe7f9b4a5f9130fa6, 0x0000000000000001, 0x8000000000000000}};

void zc_secp256k1_point_wipe(zc_secp256k1_point *at)
{
    zc_wipe(at, sizeof *at);
}

/* a + b for an a that is neither b nor −b nor the neutral point: for those z comes out as zero
 * (Jacobian and affine coordinates; 8 multiplications, 3 squares). */
ZC_FE_INLINE point add_affine(point a, zc_fe x, zc_fe y)
{
    const zc_fe zz = zc_fe_square(a.z);
    const zc_fe h = zc_fe_sub(zc_fe_mul(x, zz), a.x);
    const zc_fe r = zc_fe_sub(zc_fe_mul(y, zc_fe_mul(zz, a.z)), a.y);
    const zc_fe hh = zc_fe_square(h);
    const zc_fe hhh = zc_fe_mul(hh, h);
    const zc_fe v = zc_fe_mul(a.x, hh);
    point sum;
    sum.x = zc_fe_tighten(zc_fe_sub(zc_fe_square(r), zc_fe_add(hhh, zc_fe_add(v, v))));
    sum.y = zc_fe_tighten(zc_fe_sub(zc_fe_mul(r, zc_fe_sub(v, sum.x)), zc_fe_mul(a.y, hhh)));
    sum.z = zc_fe_mul(a.z, h);
    return sum;
}

/* 2 · a. A point is its own negative nowhere on this curve. */
static point twice(point a)
{
    const zc_fe yy = zc_fe_square(a.y);
    const zc_fe xyy = zc_fe_mul(a.x, yy);
    const zc_fe xyy2 = zc_fe_add(xyy, xyy);
    const zc_fe s = zc_fe_tighten(zc_fe_add(xyy2, xyy2));
    const zc_fe xx = zc_fe_square(a.x);
    const zc_fe m = zc_fe_add(zc_fe_add(xx, xx), xx);
    const zc_fe yyyy = zc_fe_square(yy);
    const zc_fe yyyy2 = zc_fe_add(yyyy, yyyy);
    const zc_fe yyyy4 = zc_fe_tighten(zc_fe_add(yyyy2, yyyy2));
    const zc_fe yz = zc_fe_mul(a.y, a.z);
    point sum;
    sum.x = zc_fe_tighten(zc_fe_sub(zc_fe_square(m), zc_fe_add(s, s)));
    sum.y = zc_fe_tighten(zc_fe_sub(zc_fe_mul(m, zc_fe_sub(s, sum.x)), zc_fe_add(yyyy4, yyyy4)));
    sum.z = zc_fe_add(yz, yz);
    return sum;
}

typedef uint64_t lanes __attribute__((vector_size(32)));

/* The entry number `index`, by reading them all. */
ZC_FE_INLINE void pick(const affine entries[static MULTIPLES], uint64_t index, affine *ret_entry)
{
    const lanes one = {1, 1, 1, 1}, wanted = {index, index, index, index};
    lanes at = {0}, x = {0}, y = {0};
    for (size_t i = 0; i < MULTIPLES; i++) {
        lanes entry_x, entry_y;
        const lanes mask = (lanes)(at == wanted);
        memcpy(&entry_x, entries[i].x, sizeof entry_x);
        memcpy(&entry_y, entries[i].y, sizeof entry_y);
        x |= entry_x & mask;
        y |= entry_y & mask;
        at += one;
    }
    memcpy(ret_entry->x, &x, sizeof x);
    memcpy(ret_entry->y, &y, sizeof y);
}

/* Bits 6i to 6i + 5 of a number below 2^256. */
ZC_FE_INLINE uint64_t digit_of(const zc_scalar *number, size_t i)
{
    const size_t bit = DIGIT_BITS * i, limb = bit / 64, shift = bit % 64;
    uint64_t digit = number->limb[limb] >> shift;
    if (shift > 64 - DIGIT_BITS && limb < 3) {
        digit |= number->limb[limb + 1] << (64 - shift);
    }
    return digit & (2 * MULTIPLES - 1);
}

/* The point that a digit stands for: of the digits d and 63 − d one is the negative of the other.
 */
ZC_FE_INLINE void point_of_digit(size_t i, uint64_t digit, zc_fe *ret_x, zc_fe *ret_y)
{
    static const zc_fe zero;
    affine entry;
    uint64_t negative = (digit >> (DIGIT_BITS - 1)) - 1;
    __asm__("" : "+r"(negative));
    pick(table[i], (digit ^ negative) & (MULTIPLES - 1), &entry);
    const zc_fe y = zc_fe_of(entry.y);
    *ret_x = zc_fe_of(entry.x);
    *ret_y = zc_fe_choose(negative, y, zc_fe_sub(zero, y));
}

ZC_FE_INLINE void multiply(const zc_scalar *u, point *ret_sum)
{
    point sum = {.z = {1, 0, 0, 0, 0}};
    zc_fe x, y;
    point_of_digit(0, digit_of(u, 0), &sum.x, &sum.y);
    for (size_t i = 1; i < DIGITS; i++) {
        point_of_digit(i, digit_of(u, i), &x, &y);
        sum = add_affine(sum, x, y);
    }
    *ret_sum = add_affine(sum, zc_fe_of(blinding_point.x), zc_fe_of(blinding_point.y));
}

static void multiply_plain(const zc_scalar *u, point *ret_sum)
{
    multiply(u, ret_sum);
}

#if defined(__x86_64__)
static __attribute__((target("avx2,bmi,bmi2"))) void multiply_avx2(const zc_scalar *u,
                                                                   point *ret_sum)
{
    multiply(u, ret_sum);
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}
#else
static void multiply_avx2(const zc_scalar *u, point *ret_sum)
{
    multiply(u, ret_sum);
}

static bool has_avx2(void)
{
    return false;
}
#endif

/* What the multiplication left behind where its frame was: table entries that it took. */
static __attribute__((noinline)) void wipe_frame(void)
{
    uint8_t frame[1536];
    zc_wipe(frame, sizeof frame);
}

static void multiply_blinded(const zc_scalar *scalar, zc_secp256k1_point *ret_point)
{
    ZC_SECRET_SCALAR zc_scalar u;
    point sum;
    zc_scalar_mul(&zc_secp256k1_order, scalar, &half, &u);
    zc_scalar_add(&zc_secp256k1_order, &u, &blinding_offset, &u);
    if (has_avx2()) {
        multiply_avx2(&u, &sum);
    } else {
        multiply_plain(&u, &sum);
    }
    zc_fe_to_scalar(sum.x, &ret_point->x);
    zc_fe_to_scalar(sum.y, &ret_point->y);
    zc_fe_to_scalar(sum.z, &ret_point->z);
    zc_wipe(&sum, sizeof sum);
    wipe_frame();
}

void zc_secp256k1_base_affine(const zc_secp256k1_point *at, const zc_scalar *inverse_z,
                              zc_scalar *ret_x, zc_scalar *ret_y)
{
    zc_fe inverse = zc_fe_of(inverse_z->limb);
    zc_fe square = zc_fe_square(inverse);
    zc_fe_to_scalar(zc_fe_mul(zc_fe_of(at->x.limb), square), ret_x);
    zc_fe_to_scalar(zc_fe_mul(zc_fe_of(at->y.limb), zc_fe_mul(square, inverse)), ret_y);
    zc_wipe(&inverse, sizeof inverse);
    zc_wipe(&square, sizeof square);
}

/* scalar · G by the library. Of public scalars, and of the blinding. */
static bool library_multiple(const zc_scalar *scalar, affine *ret_point)
{
    const secp256k1_context *ctx = zc_library_secp256k1();
    uint8_t bytes[65];
    size_t len = sizeof bytes;
    secp256k1_pubkey key;
    zc_scalar number;
    zc_scalar_to_be(scalar, bytes);
    int done = secp256k1_ec_pubkey_create(ctx, &key, bytes);
    zc_ct_public(&done, sizeof done); /* always 1 */
    if (done != 1) {
        return false;
    }
    zc_ct_public(&key, sizeof key); /* of a public scalar; of the blinding, which only hides k */
    secp256k1_ec_pubkey_serialize(ctx, bytes, &len, &key, SECP256K1_EC_UNCOMPRESSED);
    zc_scalar_from_be(bytes + 1, &number);
    memcpy(ret_point->x, number.limb, sizeof ret_point->x);
    zc_scalar_from_be(bytes + 33, &number);
    memcpy(ret_point->y, number.limb, sizeof ret_point->y);
    return true;
}

static void store(const point *from, const zc_fe *inverse_z, affine *ret_entry)
{
    const zc_fe square = zc_fe_square(*inverse_z);
    zc_scalar x, y;
    zc_fe_to_scalar(zc_fe_mul(from->x, square), &x);
    zc_fe_to_scalar(zc_fe_mul(from->y, zc_fe_mul(square, *inverse_z)), &y);
    memcpy(ret_entry->x, x.limb, sizeof ret_entry->x);
    memcpy(ret_entry->y, y.limb, sizeof ret_entry->y);
}

/* Points to affine coordinates with one inversion (Montgomery's trick). Public points, of which
 * none is the neutral one. */
static bool store_all(const point from[static STEPS], affine ret_entries[static STEPS])
{
    zc_fe product[STEPS], inverse;
    zc_scalar all, inverse_of_all;
    product[0] = from[0].z;
    for (size_t i = 1; i < STEPS; i++) {
        product[i] = zc_fe_mul(product[i - 1], from[i].z);
    }
    zc_fe_to_scalar(product[STEPS - 1], &all);
    if (!zc_modinv(&zc_secp256k1_field, &all, &inverse_of_all)) {
        return false;
    }
    inverse = zc_fe_of(inverse_of_all.limb);
    for (size_t i = STEPS - 1; i > 0; i--) {
        const zc_fe own = zc_fe_mul(inverse, product[i - 1]);
        store(&from[i], &own, &ret_entries[i]);
        inverse = zc_fe_mul(inverse, from[i].z);
    }
    store(&from[0], &inverse, &ret_entries[0]);
    return true;
}

/* Of a digit's place: 1, 3, 5 … 63 times, then 64 and 128 times, which the next place begins with.
 */
static bool make_digit(const affine *once, const affine *double_of_it,
                       affine ret_steps[static STEPS])
{
    const zc_fe x = zc_fe_of(once->x), y = zc_fe_of(once->y);
    const zc_fe x2 = zc_fe_of(double_of_it->x), y2 = zc_fe_of(double_of_it->y);
    point step[STEPS];
    step[0] = (point){x, y, {1, 0, 0, 0, 0}};
    for (size_t j = 1; j < MULTIPLES; j++) {
        step[j] = add_affine(step[j - 1], x2, y2);
    }
    step[MULTIPLES] = add_affine(step[MULTIPLES - 1], x, y);
    step[MULTIPLES + 1] = twice(step[MULTIPLES]);
    return store_all(step, ret_steps);
}

static bool make_table(void)
{
    static const zc_scalar one = {{1}}, two = {{2}};
    affine step[STEPS];
    if (!library_multiple(&one, &step[MULTIPLES]) ||
        !library_multiple(&two, &step[MULTIPLES + 1])) {
        return false;
    }
    for (size_t i = 0; i < DIGITS; i++) {
        const affine once = step[MULTIPLES], double_of_it = step[MULTIPLES + 1];
        if (!make_digit(&once, &double_of_it, step)) {
            return false;
        }
        memcpy(table[i], step, sizeof table[i]);
    }
    return true;
}

static bool set_blinding(const uint8_t seed[static 32])
{
    ZC_SECRET_SCALAR zc_scalar b;
    ZC_SECRET_SCALAR zc_scalar less;
    ZC_SECRET zc_secret32 hash;
    zc_sha256_ctx ctx;
    zc_sha256_init(&ctx);
    zc_sha256_update(&ctx, zc_slice_of_text("zerocopy: blinding of secp256k1"));
    zc_sha256_update(&ctx, zc_slice_of(seed, 32));
    zc_sha256_final(&ctx, hash.byte);
    zc_scalar_from_be(hash.byte, &b);
    zc_scalar_reduce(&zc_secp256k1_order, &b);
    if (!zc_scalar_is_unit(&zc_secp256k1_order, &b) || !library_multiple(&b, &blinding_point)) {
        return false;
    }
    zc_scalar_mul(&zc_secp256k1_order, &b, &half, &less);
    zc_scalar_negate(&zc_secp256k1_order, &less, &less);
    zc_scalar_add(&zc_secp256k1_order, &half_of_all, &less, &blinding_offset);
    return true;
}

/* Whether a scalar's multiple is the library's. */
static bool agrees(const zc_scalar *scalar)
{
    affine expected;
    zc_secp256k1_point at;
    zc_scalar inverse, x, y;
    if (!library_multiple(scalar, &expected)) {
        return false;
    }
    multiply_blinded(scalar, &at);
    zc_ct_public(&at, sizeof at); /* of a public scalar */
    if (!zc_modinv(&zc_secp256k1_field, &at.z, &inverse)) {
        return false;
    }
    zc_secp256k1_base_affine(&at, &inverse, &x, &y);
    return zc_ct_eq(x.limb, expected.x, sizeof expected.x) &&
           zc_ct_eq(y.limb, expected.y, sizeof expected.y);
}

/* Scalars whose bits are as good as random, so that they touch a third of the table; a test reads
 * all of it. */
static bool checks(void)
{
    for (unsigned i = 0; i < CHECKS; i++) {
        const uint8_t number = (uint8_t)i;
        uint8_t hash[32];
        zc_scalar scalar;
        zc_sha256(zc_slice_of(&number, 1), hash);
        zc_scalar_from_be(hash, &scalar);
        zc_scalar_reduce(&zc_secp256k1_order, &scalar);
        if (!agrees(&scalar)) {
            return false;
        }
    }
    return true;
}

static void blind(const uint8_t seed[static 32])
{
    usable = made && set_blinding(seed) && checks();
}

static void make(void)
{
    made = make_table();
    blind(first_seed);
}

static void make_once(void)
{
    static once_flag done = ONCE_FLAG_INIT;
    call_once(&done, make);
}

void zc_secp256k1_base_setup(const uint8_t seed[static 32])
{
    const bool was_made = made;
    memcpy(first_seed, seed, sizeof first_seed);
    make_once();
    zc_wipe(first_seed, sizeof first_seed);
    if (was_made) {
        blind(seed);
    }
}

bool zc_secp256k1_base_multiply(const zc_scalar *scalar, zc_secp256k1_point *ret_point)
{
    make_once();
    if (!usable) {
        return false;
    }
    multiply_blinded(scalar, ret_point);
    return true;
}

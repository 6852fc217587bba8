#include "crypto/modinv.h"

#include <string.h>

#include "base/ct.h"

typedef __int128 wide;

enum { LIMBS = 5, LIMB_BITS = 62, FIRST_STEPS = 30, SECOND_STEPS = 29, RUNS = 10 };
#define LIMB_MASK ((uint64_t)-1 >> 2)

/* A signed number Σ limb[i]·2^(62·i): the lower four limbs in 0 … 2^62 − 1, the sign in the top. */
typedef struct number {
    int64_t limb[LIMBS];
} number;

/* 2^62 times the effect of a run of steps on (f, g):  f' = (u·f + v·g) / 2^62, g' = (q·f + r·g) /
 * 2^62.
 */
typedef struct matrix {
    int64_t u, v, q, r;
} matrix;

/* The invariants, with x the value and n the modulus: d·x ≡ f and e·x ≡ g modulo n. At the end
 * g = 0 and f = ±1. */
typedef struct work {
    number n, f, g, d, e;
    uint64_t n_inverse; /* modulo 2^62 */
    int64_t zeta;       /* −(δ + 1/2) */
} work;

static number number_of(const zc_scalar *scalar)
{
    const uint64_t *from = scalar->limb;
    return (number){
        {(int64_t)(from[0] & LIMB_MASK), (int64_t)((from[0] >> 62 | from[1] << 2) & LIMB_MASK),
         (int64_t)((from[1] >> 60 | from[2] << 4) & LIMB_MASK),
         (int64_t)((from[2] >> 58 | from[3] << 6) & LIMB_MASK), (int64_t)(from[3] >> 56)}};
}

/* Of a number in 0 … 2^256 − 1. */
static zc_scalar scalar_of(const number *from)
{
    uint64_t limb[LIMBS];
    for (size_t i = 0; i < LIMBS; i++) {
        limb[i] = (uint64_t)from->limb[i];
    }
    return (zc_scalar){{limb[0] | limb[1] << 62, limb[1] >> 2 | limb[2] << 60,
                        limb[2] >> 4 | limb[3] << 58, limb[3] >> 6 | limb[4] << 56}};
}

/* The lowest bits of f and g in a run, and the matrix of the steps so far with a row in one word
 * each: u + 2^32·v and q + 2^32·r. A row is only ever added, negated and doubled, so both its
 * entries are worked on at once; they fit while there are at most 30 steps. */
typedef struct run {
    int64_t zeta;
    uint64_t f, g, uv, qr;
} run;

static inline __attribute__((always_inline)) void step(run *at)
{
    /* All ones when δ > 0, and when g is odd. */
    uint64_t swap = (uint64_t)(at->zeta >> 63);
    uint64_t odd = 0 - (at->g & 1);
    /* Hides from the compiler that these are masks, lest it make branches of them. */
    __asm__("" : "+r"(swap), "+r"(odd));
    /* g ± f, with minus when they will change places; computed beside the exchange rather than
     * after it, which keeps the chain from one step to the next short. */
    uint64_t signed_f = (at->f ^ swap) - swap;
    uint64_t signed_uv = (at->uv ^ swap) - swap;
    swap &= odd;
    at->zeta = (int64_t)((uint64_t)at->zeta ^ swap) - 1;
    at->f ^= (at->f ^ at->g) & swap;
    at->uv ^= (at->uv ^ at->qr) & swap;
    at->g += signed_f & odd;
    at->qr += signed_uv & odd;
    at->g >>= 1;
    at->uv <<= 1;
}

static inline void run_steps(run *at, int steps)
{
    run own = {at->zeta, at->f, at->g, 1, (uint64_t)1 << 32};
    for (int i = 0; i < steps; i++) {
        step(&own);
    }
    *at = own;
}

/* The same for two numbers at once, by AVX2: each operation of a step is done on f, uv, f and uv of
 * both, or g, qr, g and qr. The two take less time together than one does by itself. */
#if defined(__x86_64__)
typedef uint64_t lanes __attribute__((vector_size(32)));
typedef int64_t signed_lanes __attribute__((vector_size(32)));
typedef uint32_t half_lanes __attribute__((vector_size(32)));

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

/* The even lanes twice: in halves, because that is a shuffle inside each 16 bytes, which is faster.
 */
static inline __attribute__((target("avx2"), always_inline)) lanes even_twice(lanes from)
{
    const half_lanes halves = (half_lanes)from;
    return (lanes)__builtin_shufflevector(halves, halves, 0, 1, 0, 1, 4, 5, 4, 5);
}

static __attribute__((target("avx2"))) void run_steps_avx2(run at[static 2], int steps)
{
    const lanes right = {1, 0, 1, 0}, left = {0, 1, 0, 1};
    const uint64_t one = 1, high_one = one << 32;
    lanes zeta = {(uint64_t)at[0].zeta, (uint64_t)at[0].zeta, (uint64_t)at[1].zeta,
                  (uint64_t)at[1].zeta};
    lanes f = {at[0].f, one, at[1].f, one};
    lanes g = {at[0].g, high_one, at[1].g, high_one};
    for (int i = 0; i < steps; i++) {
        lanes swap = (lanes)((signed_lanes)zeta < 0);
        lanes odd = 0 - (even_twice(g) & 1);
        lanes signed_f = (f ^ swap) - swap;
        swap &= odd;
        zeta = (zeta ^ swap) - 1;
        f ^= (f ^ g) & swap;
        g = (g + (signed_f & odd)) >> right;
        f <<= left;
    }
    at[0] = (run){(int64_t)zeta[0], f[0], g[0], f[1], g[1]};
    at[1] = (run){(int64_t)zeta[2], f[2], g[2], f[3], g[3]};
}
#else
static bool has_avx2(void)
{
    return false;
}

static void run_steps_avx2(run at[static 2], int steps)
{
    (void)at;
    (void)steps;
}
#endif

static void run_steps_pair(run at[static 2], int steps)
{
    if (has_avx2()) {
        run_steps_avx2(at, steps);
    } else {
        run_steps(&at[0], steps);
        run_steps(&at[1], steps);
    }
}

static inline int64_t low_entry(uint64_t row)
{
    return (int32_t)(uint32_t)row;
}

static inline int64_t high_entry(uint64_t row)
{
    return (int64_t)(row - (uint64_t)low_entry(row)) >> 32;
}

static inline matrix matrix_of(const run *at)
{
    return (matrix){low_entry(at->uv), high_entry(at->uv), low_entry(at->qr), high_entry(at->qr)};
}

/* The product of two halves of 59 division steps. The factor 8 makes 59 doublings the multiple of
 * 2^62 that whole limbs want. */
static inline matrix join(const matrix *second, const matrix *first)
{
    const int64_t u = 8 * first->u, v = 8 * first->v, q = 8 * first->q, r = 8 * first->r;
    return (matrix){second->u * u + second->v * q, second->u * v + second->v * r,
                    second->q * u + second->r * q, second->q * v + second->r * r};
}

/* The lowest limb of a sum, which moves down by one. */
static inline int64_t take_limb(wide *sum)
{
    int64_t limb = (int64_t)((uint64_t)*sum & LIMB_MASK);
    *sum >>= LIMB_BITS;
    return limb;
}

/* Limb i of a·x + b·y. */
static inline wide limb_of(size_t i, int64_t a, const number *x, int64_t b, const number *y)
{
    return (wide)a * x->limb[i] + (wide)b * y->limb[i];
}

/* (a·x + b·y) / 2^62, where the division is known to be exact. Written out, here and below, because
 * at -O2 the loop costs twice the time. */
static inline number combine_exact(int64_t a, const number *x, int64_t b, const number *y)
{
    number result;
    wide sum = limb_of(0, a, x, b, y);
    (void)take_limb(&sum);
    sum += limb_of(1, a, x, b, y);
    result.limb[0] = take_limb(&sum);
    sum += limb_of(2, a, x, b, y);
    result.limb[1] = take_limb(&sum);
    sum += limb_of(3, a, x, b, y);
    result.limb[2] = take_limb(&sum);
    sum += limb_of(4, a, x, b, y);
    result.limb[3] = take_limb(&sum);
    result.limb[4] = (int64_t)sum;
    return result;
}

/* (a·x + b·y) / 2^62 modulo n, for x and y in −2n … n: a multiple of n is added that makes the
 * division exact and brings the result back into that range. */
static inline number combine_modulo(int64_t a, const number *x, int64_t b, const number *y,
                                    const number *n, uint64_t n_inverse)
{
    int64_t x_sign = x->limb[LIMBS - 1] >> 63;
    int64_t y_sign = y->limb[LIMBS - 1] >> 63;
    int64_t times = (a & x_sign) + (b & y_sign);
    number result;
    wide sum = limb_of(0, a, x, b, y);
    times -= (int64_t)((n_inverse * (uint64_t)sum + (uint64_t)times) & LIMB_MASK);
    sum += (wide)n->limb[0] * times;
    (void)take_limb(&sum);
    sum += limb_of(1, a, x, b, y) + (wide)n->limb[1] * times;
    result.limb[0] = take_limb(&sum);
    sum += limb_of(2, a, x, b, y) + (wide)n->limb[2] * times;
    result.limb[1] = take_limb(&sum);
    sum += limb_of(3, a, x, b, y) + (wide)n->limb[3] * times;
    result.limb[2] = take_limb(&sum);
    sum += limb_of(4, a, x, b, y) + (wide)n->limb[4] * times;
    result.limb[3] = take_limb(&sum);
    result.limb[4] = (int64_t)sum;
    return result;
}

static void carry(number *value)
{
    for (size_t i = 0; i + 1 < LIMBS; i++) {
        value->limb[i + 1] += value->limb[i] >> LIMB_BITS;
        value->limb[i] = (int64_t)((uint64_t)value->limb[i] & LIMB_MASK);
    }
}

static void add_if_negative(number *value, const number *n)
{
    int64_t negative = value->limb[LIMBS - 1] >> 63;
    for (size_t i = 0; i < LIMBS; i++) {
        value->limb[i] += n->limb[i] & negative;
    }
    carry(value);
}

/* value · sign(f) brought from −2n … n into 0 … n − 1. */
static void normalize(number *value, const number *f, const number *n)
{
    add_if_negative(value, n);
    int64_t negate = f->limb[LIMBS - 1] >> 63;
    for (size_t i = 0; i < LIMBS; i++) {
        value->limb[i] = (value->limb[i] ^ negate) - negate;
    }
    carry(value);
    add_if_negative(value, n);
}

static inline run run_of(const work *at)
{
    return (run){.zeta = at->zeta, .f = (uint64_t)at->f.limb[0], .g = (uint64_t)at->g.limb[0]};
}

/* Applies a run's matrix to the full numbers. */
static void apply(work *at, const matrix *by)
{
    number d = combine_modulo(by->u, &at->d, by->v, &at->e, &at->n, at->n_inverse);
    at->e = combine_modulo(by->q, &at->d, by->r, &at->e, &at->n, at->n_inverse);
    at->d = d;
    number f = combine_exact(by->u, &at->f, by->v, &at->g);
    at->g = combine_exact(by->q, &at->f, by->r, &at->g);
    at->f = f;
}

static void start(const zc_modulus *modulus, const zc_scalar *value, work *ret_work)
{
    const number n = number_of(&modulus->value);
    *ret_work = (work){.n = n,
                       .n_inverse = (0 - modulus->negated_inverse) & LIMB_MASK,
                       .f = n,
                       .g = number_of(value),
                       .e = {{1}},
                       .zeta = -1};
}

/* The result, once it is known to be right. */
static bool finish(const zc_modulus *modulus, const zc_scalar *value, work *at,
                   zc_scalar *ret_inverse)
{
    static const zc_scalar one = {{1, 0, 0, 0}};
    zc_scalar product;
    normalize(&at->d, &at->f, &at->n);
    zc_scalar inverse = scalar_of(&at->d);
    zc_scalar_mul(modulus, value, &inverse, &product);
    bool right = zc_ct_eq(&product, &one, sizeof one);
    if (right) {
        *ret_inverse = inverse;
    }
    zc_scalar_wipe(&inverse);
    zc_wipe(at, sizeof *at);
    return right;
}

bool zc_modinv(const zc_modulus *modulus, const zc_scalar *value, zc_scalar *ret_inverse)
{
    work at;
    matrix by = {0};
    start(modulus, value, &at);
    for (int i = 0; i < RUNS; i++) {
        run now = run_of(&at);
        run_steps(&now, FIRST_STEPS);
        const matrix half = matrix_of(&now);
        run_steps(&now, SECOND_STEPS);
        by = matrix_of(&now);
        by = join(&by, &half);
        at.zeta = now.zeta;
        apply(&at, &by);
    }
    zc_wipe(&by, sizeof by);
    return finish(modulus, value, &at, ret_inverse);
}

bool zc_modinv_pair(const zc_modulus *const modulus[static 2], const zc_scalar value[static 2],
                    zc_scalar ret_inverse[static 2])
{
    work at[2];
    zc_scalar made[2];
    matrix half[2], by = {0};
    start(modulus[0], &value[0], &at[0]);
    start(modulus[1], &value[1], &at[1]);
    for (int i = 0; i < RUNS; i++) {
        run now[2] = {run_of(&at[0]), run_of(&at[1])};
        run_steps_pair(now, FIRST_STEPS);
        half[0] = matrix_of(&now[0]);
        half[1] = matrix_of(&now[1]);
        run_steps_pair(now, SECOND_STEPS);
        for (int j = 0; j < 2; j++) {
            by = matrix_of(&now[j]);
            by = join(&by, &half[j]);
            at[j].zeta = now[j].zeta;
            apply(&at[j], &by);
        }
    }
    bool first = finish(modulus[0], &value[0], &at[0], &made[0]);
    bool second = finish(modulus[1], &value[1], &at[1], &made[1]);
    if (first && second) {
        memcpy(ret_inverse, made, sizeof made);
    }
    zc_wipe(made, sizeof made);
    zc_wipe(half, sizeof half);
    zc_wipe(&by, sizeof by);
    return first && second;
}

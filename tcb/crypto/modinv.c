#include "crypto/modinv.h"

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
    number f, g, d, e;
    int64_t zeta; /* −(δ + 1/2) */
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

static inline void run_steps(run *at, int steps)
{
    int64_t zeta = at->zeta;
    uint64_t f = at->f, g = at->g, uv = 1, qr = (uint64_t)1 << 32;
    for (int i = 0; i < steps; i++) {
        /* All ones when δ > 0, and when g is odd. */
        uint64_t swap = (uint64_t)(zeta >> 63);
        uint64_t odd = 0 - (g & 1);
        /* Hides from the compiler that these are masks, lest it make branches of them. */
        __asm__("" : "+r"(swap), "+r"(odd));
        /* g ± f, with minus when they will change places; computed beside the exchange rather than
         * after it, which keeps the chain from one step to the next short. */
        uint64_t signed_f = (f ^ swap) - swap;
        uint64_t signed_uv = (uv ^ swap) - swap;
        swap &= odd;
        zeta = (int64_t)((uint64_t)zeta ^ swap) - 1;
        f ^= (f ^ g) & swap;
        uv ^= (uv ^ qr) & swap;
        g += signed_f & odd;
        qr += signed_uv & odd;
        g >>= 1;
        uv <<= 1;
    }
    *at = (run){zeta, f, g, uv, qr};
}

static inline int64_t low_entry(uint64_t row)
{
    return (int32_t)(uint32_t)row;
}

static inline int64_t high_entry(uint64_t row)
{
    return (int64_t)(row - (uint64_t)low_entry(row)) >> 32;
}

/* 59 division steps on the lowest bits of f and g, in two halves whose matrices are multiplied. The
 * factor 8 makes 59 doublings the multiple of 2^62 that whole limbs want. */
static int64_t run_matrix(int64_t zeta, uint64_t f, uint64_t g, matrix *ret_matrix)
{
    run at = {.zeta = zeta, .f = f, .g = g};
    run_steps(&at, FIRST_STEPS);
    const int64_t u = 8 * low_entry(at.uv), v = 8 * high_entry(at.uv);
    const int64_t q = 8 * low_entry(at.qr), r = 8 * high_entry(at.qr);
    run_steps(&at, SECOND_STEPS);
    const int64_t u2 = low_entry(at.uv), v2 = high_entry(at.uv);
    const int64_t q2 = low_entry(at.qr), r2 = high_entry(at.qr);
    *ret_matrix = (matrix){u2 * u + v2 * q, u2 * v + v2 * r, q2 * u + r2 * q, q2 * v + r2 * r};
    return at.zeta;
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
static number combine_exact(int64_t a, const number *x, int64_t b, const number *y)
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
static number combine_modulo(int64_t a, const number *x, int64_t b, const number *y,
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

bool zc_modinv(const zc_modulus *modulus, const zc_scalar *value, zc_scalar *ret_inverse)
{
    static const zc_scalar one = {{1, 0, 0, 0}};
    const number n = number_of(&modulus->value);
    const uint64_t n_inverse = (0 - modulus->negated_inverse) & LIMB_MASK;
    work at = {.f = n, .g = number_of(value), .e = {{1}}, .zeta = -1};
    matrix by;
    for (int i = 0; i < RUNS; i++) {
        at.zeta = run_matrix(at.zeta, (uint64_t)at.f.limb[0], (uint64_t)at.g.limb[0], &by);
        number d = combine_modulo(by.u, &at.d, by.v, &at.e, &n, n_inverse);
        at.e = combine_modulo(by.q, &at.d, by.r, &at.e, &n, n_inverse);
        at.d = d;
        number f = combine_exact(by.u, &at.f, by.v, &at.g);
        at.g = combine_exact(by.q, &at.f, by.r, &at.g);
        at.f = f;
    }
    normalize(&at.d, &at.f, &n);
    zc_scalar inverse = scalar_of(&at.d);
    zc_scalar product;
    zc_scalar_mul(modulus, value, &inverse, &product);
    bool right = zc_ct_eq(&product, &one, sizeof one);
    if (right) {
        *ret_inverse = inverse;
    }
    zc_scalar_wipe(&inverse);
    zc_wipe(&at, sizeof at);
    zc_wipe(&by, sizeof by);
    return right;
}

#include "policy/risk_number.h"

typedef unsigned __int128 wide;

/* A binary interchange format (IEEE 754): how many bits behind the point, and the exponent's bias.
 */
typedef struct zc_format {
    unsigned fraction;
    int64_t bias;
    int64_t infinity; /* its bits */
    int64_t tiny;     /* of the binary32 number nearest to 1e-35 */
} zc_format;

static const zc_format formats[] = {
    [ZC_RISK_BINARY32] = {23, 127, INT64_C(0x7f800000), INT64_C(0x0554ad2e)},
    [ZC_RISK_BINARY64] = {52, 1023, INT64_C(0x7ff0000000000000), INT64_C(0x38aa95a5c0000000)},
};

int64_t zc_risk_key_of_bits(zc_risk_number number, uint64_t bits)
{
    unsigned sign = number == ZC_RISK_BINARY32 ? 31 : 63;
    int64_t magnitude = (int64_t)(bits & ((UINT64_C(1) << sign) - 1));
    if (magnitude > formats[number].infinity) {
        return ZC_RISK_KEY_MISSING;
    }
    return ((bits >> sign) & 1) != 0 ? -magnitude : magnitude;
}

/* `value` without its last `drop` bits, rounded to nearest, ties to even. */
static uint64_t round_off(uint64_t value, unsigned drop)
{
    uint64_t kept = value >> drop;
    uint64_t rest = value & ((UINT64_C(1) << drop) - 1);
    uint64_t half = UINT64_C(1) << (drop - 1);
    return kept + (rest > half || (rest == half && (kept & 1) != 0));
}

int64_t zc_risk_key_of_value(zc_risk_number number, int64_t value)
{
    const zc_format *format = &formats[number];
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (magnitude == 0) {
        return 0;
    }
    unsigned top = 63U - (unsigned)__builtin_clzll(magnitude);
    uint64_t significand = top > format->fraction ? round_off(magnitude, top - format->fraction)
                                                  : magnitude << (format->fraction - top);
    /* The leading one adds 1 to the exponent; so does what rounding carried beyond it. */
    uint64_t exponent = (uint64_t)((int64_t)top - 16 + format->bias - 1);
    int64_t key = (int64_t)((exponent << format->fraction) + significand);
    return value < 0 ? -key : key;
}

bool zc_risk_key_valid(zc_risk_number number, int64_t key)
{
    int64_t infinity = formats[number].infinity;
    return key >= -infinity && key <= infinity;
}

int64_t zc_risk_key_of_tiny(zc_risk_number number)
{
    return formats[number].tiny;
}

int32_t zc_risk_category(zc_risk_number number, int64_t key)
{
    const zc_format *format = &formats[number];
    uint64_t magnitude = key < 0 ? 0 - (uint64_t)key : (uint64_t)key;
    int64_t exponent = (int64_t)(magnitude >> format->fraction) - format->bias;
    /* XGBoost takes no negative number, LightGBM the whole part of any. */
    if (exponent >= 24 || (key < 0 && (number == ZC_RISK_BINARY32 || exponent >= 0))) {
        return -1;
    }
    if (exponent < 0) {
        return 0;
    }
    uint64_t one = UINT64_C(1) << format->fraction;
    return (int32_t)((one | (magnitude & (one - 1))) >> (format->fraction - (unsigned)exponent));
}

bool zc_risk_slope_of(int64_t m, int64_t e, zc_risk_slope *ret_slope)
{
    if (m <= 0 || m >= INT64_C(1) << 53 || e < -10 || e > 62) {
        return false;
    }
    int shift = __builtin_clzll((uint64_t)m) - 11;
    int64_t scaled = e + shift;
    if (scaled < 43 || scaled > 62) {
        return false;
    }
    *ret_slope = (zc_risk_slope){.m = (uint64_t)m << shift, .e = (int32_t)scaled};
    return true;
}

#define ONE_63 (UINT64_C(1) << 63)
#define LOG2_E_63 UINT64_C(0xb8aa3b295c17f0bc) /* log2(e) in units of 2^-63 */
#define LN_2_64 UINT64_C(0xb17217f7d1cf79ac)   /* ln(2) in units of 2^-64 */

static uint64_t high(uint64_t a, uint64_t b)
{
    return (uint64_t)(((wide)a * b) >> 64);
}

/* slope × |value| in units of 2^-57; UINT64_MAX from 64 on. */
static uint64_t scaled_magnitude(zc_risk_fixed value, const zc_risk_slope *slope)
{
    wide magnitude = value < 0 ? 0 - (wide)value : (wide)value;
    wide low = (wide)(uint64_t)magnitude * slope->m;
    wide product = (magnitude >> 64) * slope->m + (low >> 64);
    wide scaled = product >> (slope->e + ZC_RISK_FIXED_BITS - 57 - 64);
    return scaled < ONE_63 ? (uint64_t)scaled : UINT64_MAX;
}

/* 2^-fraction for a fraction in units of 2^-64; the result in units of 2^-63. The series of exp:
 * twenty terms leave less than 2^-70. */
static uint64_t power_of_half(uint64_t fraction)
{
    uint64_t y = high(fraction, LN_2_64);
    uint64_t sum = ONE_63;
    for (uint64_t n = 20; n > 0; n--) {
        sum = ONE_63 - high(y, sum) / n;
    }
    return sum;
}

/* exp(−x) in units of 2^-63. */
static uint64_t exp_of_negative(uint64_t x)
{
    if (x == UINT64_MAX) {
        return 0;
    }
    wide exponent = (wide)x * LOG2_E_63; /* units of 2^-120 */
    unsigned whole = (unsigned)(exponent >> 120);
    return whole > 63 ? 0 : power_of_half((uint64_t)(exponent >> 56)) >> whole;
}

zc_risk_fixed zc_risk_logistic(zc_risk_fixed value, const zc_risk_slope *slope)
{
    uint64_t e = exp_of_negative(scaled_magnitude(value, slope));
    wide numerator = (wide)(value < 0 ? e : ONE_63) << 64;
    return (zc_risk_fixed)((numerator / ((wide)ONE_63 + e)) << (ZC_RISK_FIXED_BITS - 64));
}

zc_risk_fixed zc_risk_exponential(zc_risk_fixed value, const zc_risk_slope *slope)
{
    uint64_t x = scaled_magnitude(value, slope);
    if (value < 0) {
        return (zc_risk_fixed)exp_of_negative(x) << (ZC_RISK_FIXED_BITS - 63);
    }
    wide exponent = (wide)x * LOG2_E_63;
    unsigned whole = (unsigned)(exponent >> 120);
    uint64_t fraction = (uint64_t)(exponent >> 56);
    if (x == UINT64_MAX || whole >= 32) {
        return ZC_RISK_FIXED_ONE << 32;
    }
    if (fraction == 0) {
        return ZC_RISK_FIXED_ONE << whole;
    }
    /* 2^f = 2 × 2^-(1 − f) */
    return (zc_risk_fixed)power_of_half(0 - fraction) << (ZC_RISK_FIXED_BITS - 62 + whole);
}

int64_t zc_risk_millionths(zc_risk_fixed value)
{
    int64_t whole = (int64_t)(value >> ZC_RISK_FIXED_BITS);
    uint64_t fraction = (uint64_t)(value >> (ZC_RISK_FIXED_BITS - 64));
    return whole * 1000000 + (int64_t)high(fraction, 1000000);
}

// A seeded generator (xorshift128+), so that a failing run can be had again.
export function makeRandom(seed) {
    const mask = (1n << 64n) - 1n;
    let a = BigInt(seed) * 0x9e3779b97f4a7c15n & mask | 1n;
    let b = (a ^ 0xbf58476d1ce4e5b9n) & mask;
    const next = () => {
        let x = a;
        const y = b;
        a = y;
        x ^= x << 23n & mask;
        b = x ^ y ^ x >> 17n ^ y >> 26n;
        return (b + y) & mask;
    };
    const below = (n) => Number(next() % BigInt(n));
    const bits = (n) => {
        let value = 0n;
        for (let have = 0; have < n; have += 64) {
            value = value << 64n | next();
        }
        return value & (1n << BigInt(n)) - 1n;
    };
    // Small, middling and extreme numbers alike.
    const number = (n) => [() => 0n, () => 1n, () => bits(n), () => (1n << BigInt(n)) - 1n, () => bits(1 + below(n))][below(5)]();
    const bytes = (len) => '0x' + Array.from({ length: len }, () => below(256).toString(16).padStart(2, '0')).join('');
    return { below, bits, number, bytes, pick: (list) => list[below(list.length)], chance: (n) => below(n) === 0 };
}

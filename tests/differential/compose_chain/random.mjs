// mulberry32, seeded: the same cases each time.
export function generator(seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(random() * n);
  const pick = (list) => list[below(list.length)];
  const text = (n, set) => Array.from({ length: n }, () => pick([...set])).join('');
  const hex = (n) => text(n, '0123456789abcdef');
  // Never zero, at most `places` behind the point; `padded` may end in zeros, which mean nothing.
  const decimal = (places, padded = false) => {
    const whole = `${1 + below(90000)}`;
    const fraction = text(below(places + 1), '0123456789');
    const shortest = fraction.replace(/0+$/, '');
    const zeros = padded ? '0'.repeat(below(3)) : '';
    const tail = (padded ? fraction : shortest) + zeros;
    return tail === '' ? whole : `${whole}.${tail}`;
  };
  return { random, below, pick, text, hex, decimal, maybe: (p = 0.5) => random() < p };
}

export const shortest = (text) => (text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text);

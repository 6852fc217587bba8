// The same order to ccxt and to ours; the same signed request must come out: method, path, headers and
// body, byte for byte. ccxt runs offline: its markets are given, its clock stands still, and the request
// is taken where it would go to the network.
//
// What ccxt adds on its own account is taken out before it signs, so that its signature is still its own:
//   - newOrderRespType (Binance): how much the answer says
//   - its broker ids: as headers they are dropped, in bodies they are the client ids that each case brings
//   - retried options of ccxt itself that it passes on to the venue
// Usage: compare.mjs DRIVER [cases a venue] [seed]
import { spawnSync } from 'node:child_process';
import { venues } from './venues.mjs';

const [driver, count = '600', seed = '20261121'] = process.argv.slice(2);

// mulberry32
let state = Number(seed) >>> 0;
export function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const pick = (list) => list[Math.floor(random() * list.length)];
const digits = (n, set = '0123456789') => Array.from({ length: n }, () => pick([...set])).join('');

// ccxt carries numbers as floating point and drops zeros at the end: cases stay within what it keeps.
function decimal(places) {
  const whole = 1 + Math.floor(random() * 90000);
  const n = Math.floor(random() * (places + 1));
  const fraction = digits(n).replace(/0+$/, '');
  return fraction === '' ? `${whole}` : `${whole}.${fraction}`;
}

const NOW = 1700000000000;

function ccxtOf(venue) {
  const ex = venue.make({ now: () => ex.clock });
  let taken = null;
  const sign = ex.sign.bind(ex);
  ex.sign = (path, api, method, params, headers, body) => {
    const kept = Array.isArray(params) ? params : { ...params };
    for (const name of venue.masked ?? []) delete kept[name];
    return sign(path, api, method, kept, headers, body);
  };
  ex.fetch = async (url, method, headers, body) => {
    taken = { url, method, headers, body };
    throw new Error('taken');
  };
  ex.milliseconds = () => ex.clock;
  ex.seconds = () => Math.floor(ex.clock / 1000);
  ex.nonce = () => ex.clock;
  ex.loadMarkets = async () => ex.markets;
  ex.take = async (call) => {
    taken = null;
    try {
      await call(ex);
    } catch (error) {
      if (taken === null) throw error;
    }
    return taken;
  };
  return ex;
}

function requestOf(venue, taken) {
  const url = new URL(taken.url);
  // "path?" with nothing behind it is the same request as "path"; the venue signs neither '?'.
  const path = taken.url.slice(url.origin.length).replace(/\?$/, '');
  const headers = Object.entries(taken.headers ?? {})
    .filter(([name]) => !(venue.maskedHeaders ?? []).includes(name))
    .map(([name, value]) => [name, `${value}`])
    .sort();
  return { method: taken.method, path, headers, body: taken.body ?? '' };
}

const cases = [];
for (const venue of venues) {
  const ex = ccxtOf(venue);
  for (let i = 0; i < Number(count); i++) {
    ex.clock = NOW + Math.floor(random() * 1e10);
    const made = venue.generate({ pick, decimal, digits, random, i });
    const taken = await ex.take(made.ccxt);
    if (taken === null) throw new Error(`${venue.name}: ccxt sent nothing for ${JSON.stringify(made.order)}`);
    cases.push({
      venue,
      wanted: requestOf(venue, taken),
      input: {
        order: { venue: venue.name, ...made.order },
        api_key: ex.apiKey,
        key: venue.key ?? 'hmac',
        secret: venue.secretHex,
        passphrase: venue.passphrase ?? '',
        now: ex.clock,
        nonce: ex.clock,
      },
    });
  }
}

const ran = spawnSync(driver, [], {
  input: cases.map((c) => JSON.stringify(c.input)).join('\n') + '\n',
  maxBuffer: 1 << 28,
  encoding: 'utf8',
});
if (ran.status !== 0) {
  console.error(`driver failed: ${ran.stderr}`);
  process.exit(1);
}
const answers = ran.stdout.trim().split('\n');
const tally = new Map();
cases.forEach((test, i) => {
  const got = JSON.parse(answers[i]);
  const ours = got.error ? got : { method: got.method, path: got.path, headers: got.headers.sort(), body: got.body };
  const same = JSON.stringify(ours) === JSON.stringify(test.wanted);
  const row = tally.get(test.venue.title) ?? [0, 0];
  row[same ? 0 : 1]++;
  tally.set(test.venue.title, row);
  if (!same && row[1] <= 2) {
    console.error(`${test.venue.title}: ${JSON.stringify(test.input.order)}`);
    console.error(`  ccxt ${JSON.stringify(test.wanted)}`);
    console.error(`  ours ${JSON.stringify(ours)}`);
  }
});
let failed = 0;
for (const [title, [same, other]] of tally) {
  console.log(`${title}: ${same} the same, ${other} not`);
  failed += other;
}
if (answers.length !== cases.length || tally.size < 8) failed++;
console.log(`${cases.length} cases, ${failed} differ`);
process.exit(failed === 0 ? 0 : 1);

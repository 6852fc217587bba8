// The same orders through the venues' own libraries and through ours: Hyperliquid, dYdX, Coinbase.
// Each must give the same request and, where signatures are deterministic, the same signature.
// Usage: compare.mjs DRIVER [cases a venue] [seed]
import { spawnSync } from 'node:child_process';
import { generator } from './random.mjs';
import * as hyperliquid from './hyperliquid.mjs';
import * as dydx from './dydx.mjs';
import * as coinbase from './coinbase.mjs';

const [driver, count = '1500', seed = '20261121'] = process.argv.slice(2);

// Enough CBOR for a finished request.
function readRequest(hex) {
  const bytes = Buffer.from(hex, 'hex');
  let at = 0;
  const head = () => {
    const first = bytes[at++];
    const kind = first >> 5;
    let n = first & 31;
    if (n >= 24) {
      const size = 1 << (n - 24);
      n = Number(bytes.readUIntBE(at, size));
      at += size;
    }
    return [kind, n];
  };
  const item = () => {
    const [kind, n] = head();
    if (kind === 0) return n;
    if (kind === 2 || kind === 3) {
      const part = bytes.subarray(at, (at += n));
      return kind === 2 ? part : part.toString('utf8');
    }
    if (kind === 4) return Array.from({ length: n }, item);
    return Object.fromEntries(Array.from({ length: n }, () => [item(), item()]));
  };
  const map = item();
  if (at !== bytes.length) throw new Error('bytes are left over');
  return { method: map[1], path: map[2], headers: Object.fromEntries(map[3]), body: map[4] };
}

let failed = 0;
for (const [name, venue] of Object.entries({ hyperliquid, dydx, coinbase })) {
  const cases = Array.from({ length: Number(count) }, (_, i) => venue.makeCase(generator(Number(seed) * 7919 + i)));
  const lines = cases.map((c) => JSON.stringify(c.input)).join('\n') + '\n';
  const run = spawnSync(driver, { input: lines, maxBuffer: 1 << 30 });
  if (run.status !== 0) throw new Error(`the driver failed: ${run.stderr}`);
  const answers = run.stdout.toString().trim().split('\n').map((line) => JSON.parse(line));
  if (answers.length !== cases.length) throw new Error('the driver did not answer each case');
  const kinds = {};
  let bad = 0;
  for (let i = 0; i < cases.length; i++) {
    const kind = cases[i].kind;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    try {
      if (answers[i].error) throw new Error(`refused: ${answers[i].error}`);
      await venue.check(cases[i], { ...answers[i], ...readRequest(answers[i].request) });
    } catch (error) {
      if (bad++ < 5) console.log(`${name} ${i} ${kind}: ${error.message}\n  ${JSON.stringify(cases[i].input)}`);
    }
  }
  failed += bad;
  console.log(`${name}: ${cases.length - bad} agree, ${bad} differ ${JSON.stringify(kinds)}`);
}
process.exit(failed === 0 ? 0 : 1);

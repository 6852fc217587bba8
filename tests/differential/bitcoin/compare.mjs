// PSBTs of all script types, made, signed and completed by bitcoinjs-lib and by ours: digests, signatures,
// movements, fees and network transactions are the same. usage: compare.mjs DRIVER [COUNT] [SEED]
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createHash } from 'node:crypto';
import * as bitcoin from 'bitcoinjs-lib';
import * as ecc from '@bitcoinerlab/secp256k1';
import { ECPairFactory } from 'ecpair';

bitcoin.initEccLib(ecc);
const ECPair = ECPairFactory(ecc);
const [driver, count = '1500', seed = '1'] = process.argv.slice(2);
const network = bitcoin.networks.bitcoin;

// SHA-256 in counter mode: the same cases on every machine.
let counter = 0;
const bytes = (len) => {
  const parts = [];
  for (let left = len; left > 0; left -= 32) {
    parts.push(createHash('sha256').update(`${seed}/${counter++}`).digest());
  }
  return Buffer.concat(parts).subarray(0, len);
};
const below = (n) => bytes(6).readUIntBE(0, 6) % n;
const pick = (list) => list[below(list.length)];
const chance = (percent) => below(100) < percent;
const newKey = () => ECPair.fromPrivateKey(bytes(32), { network });
const x = (key) => key.publicKey.subarray(1, 33);

const FLAG = { sighash: 1 << 13, odd: 1 << 14, fee: 1 << 17 };
const ALL = 1, ANYONE = 0x80;

// A lock: its script, what the PSBT says of it, and who else must sign.
const pay = bitcoin.payments;
const multisig = (own, others) => {
  const keys = [own, ...others].map((k) => Buffer.from(k.publicKey)).sort(Buffer.compare);
  return pay.p2ms({ m: 2, pubkeys: keys, network });
};
const locks = {
  p2pkh: (own) => ({ lock: pay.p2pkh({ pubkey: own.publicKey, network }) }),
  p2wpkh: (own) => ({ lock: pay.p2wpkh({ pubkey: own.publicKey, network }), segwit: true }),
  p2shp2wpkh: (own) => {
    const redeem = pay.p2wpkh({ pubkey: own.publicKey, network });
    return { lock: pay.p2sh({ redeem, network }), redeemScript: redeem.output, segwit: true };
  },
  p2tr: (own) => ({
    lock: pay.p2tr({ internalPubkey: x(own), network }), tapInternalKey: x(own), segwit: true, taproot: true,
  }),
  p2ms: (own, others) => ({ lock: multisig(own, others), others }),
  p2sh: (own, others) => {
    const redeem = multisig(own, others);
    return { lock: pay.p2sh({ redeem, network }), redeemScript: redeem.output, others };
  },
  p2wsh: (own, others) => {
    const redeem = multisig(own, others);
    return { lock: pay.p2wsh({ redeem, network }), witnessScript: redeem.output, others, segwit: true };
  },
  p2shp2wsh: (own, others) => {
    const script = multisig(own, others);
    const redeem = pay.p2wsh({ redeem: script, network });
    return {
      lock: pay.p2sh({ redeem, network }), redeemScript: redeem.output, witnessScript: script.output, others,
      segwit: true,
    };
  },
};
const single = ['p2pkh', 'p2wpkh', 'p2shp2wpkh', 'p2tr'];

function previous(script, amount) {
  const tx = new bitcoin.Transaction();
  tx.version = 1 + below(2);
  tx.addInput(bytes(32), below(5), below(0xffffffff), chance(50) ? bytes(below(80)) : undefined);
  const index = below(3);
  for (let i = 0; i < index; i++) tx.addOutput(Buffer.concat([Buffer.from([0, 20]), bytes(20)]), below(1e8));
  tx.addOutput(script, amount);
  if (chance(30)) tx.setWitness(0, [bytes(71), bytes(33)]);
  return { tx, index };
}

// Of a lock with a prevTx, so that every amount is proven; a claim alone now and then.
function addInput(psbt, kind, made, amount, claimOnly, type) {
  const { tx, index } = previous(made.lock.output, amount);
  const input = { hash: tx.getId(), index, sequence: chance(50) ? 0xfffffffd : 0xffffffff };
  const utxo = { script: made.lock.output, value: amount };
  if (!made.segwit || !claimOnly) input.nonWitnessUtxo = tx.toBuffer();
  if (made.segwit && (claimOnly || made.taproot || chance(50))) input.witnessUtxo = utxo;
  for (const name of ['redeemScript', 'witnessScript', 'tapInternalKey']) if (made[name]) input[name] = made[name];
  if (type !== undefined) input.sighashType = type;
  psbt.addInput(input);
}

function makeCase() {
  const own = newKey();
  const psbt = new bitcoin.Psbt({ network, maximumFeeRate: 1e9 });
  psbt.setVersion(1 + below(2));
  psbt.setLocktime(chance(30) ? below(800000) : 0);
  const inputs = [];
  const oneKind = chance(40) ? pick(Object.keys(locks)) : undefined;
  const outputs = 1 + below(6);
  const total = 1 + below(6);
  for (let i = 0; i < total; i++) {
    const kind = oneKind ?? pick(Object.keys(locks));
    const foreign = i > 0 && chance(20);
    const holder = foreign ? newKey() : own;
    const made = locks[kind](holder, [newKey(), newKey()]);
    const amount = 100000 + below(5e8);
    const unusual = chance(8) && i < outputs;
    const type = unusual ? pick([2, 3, 1 | ANYONE, 2 | ANYONE, 3 | ANYONE]) : chance(20) ? ALL : undefined;
    const claimed = made.segwit && chance(30);
    addInput(psbt, kind, made, amount, claimed, type);
    inputs.push({ kind, foreign, holder, made, amount, claimed, type: type ?? (made.taproot ? 0 : ALL) });
  }
  const sum = inputs.reduce((a, b) => a + b.amount, 0);
  let left = sum - 1000 - below(20000);
  const scripts = [];
  for (let i = 0; i < outputs; i++) {
    const value = i === outputs - 1 ? left : below(Math.floor(left / 2));
    left -= value;
    const choice = below(10);
    const script =
      choice < 3 ? locks[pick(single)](own).lock.output
        : choice < 4 ? inputs[0].made.lock.output
          : choice < 5 ? pay.embed({ data: [bytes(1 + below(75))] }).output
            : locks[pick(Object.keys(locks))](newKey(), [newKey(), newKey()]).lock.output;
    scripts.push({ script, value });
    psbt.addOutput({ script, value });
  }
  return { own, psbt, inputs, outputs: scripts };
}

const isSame = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;

// What ours must say, from the rules in intent/bitcoin.h.
function expect(test) {
  const signed = test.inputs.filter((i) => !i.foreign);
  const ours = signed.reduce((a, b) => a + b.amount, 0);
  const partial = signed.some((i) => i.type > ALL);
  const one = signed.every((i) => isSame(i.made.lock.output, signed[0].made.lock.output));
  const kinds = new Set(signed.map((i) => i.kind).filter((k) => single.includes(k)));
  const movements = [];
  let flags = partial ? FLAG.sighash : 0;
  for (const { script, value } of test.outputs) {
    const own = [...kinds].some((k) => isSame(locks[k](test.own).lock.output, script));
    const to = Buffer.from(script);
    const odd = to[0] === 0x6a || (to[0] === 0x52 && to[to.length - 1] === 0xae);
    if (!partial && (own || (one && isSame(script, signed[0].made.lock.output)))) {
      movements.push(['receive', odd ? undefined : to.toString('hex'), value]);
      continue;
    }
    if (odd) flags |= FLAG.odd;
    if (to[0] === 0x6a && value === 0) continue;
    movements.push(['out', to.length > 64 ? createHash('sha256').update(to).digest('hex') : to.toString('hex'),
      Math.min(value, ours)]);
  }
  const fee = test.inputs.reduce((a, b) => a + b.amount, 0) - test.outputs.reduce((a, b) => a + b.value, 0);
  movements.push(['fee', '', Math.min(fee, ours)]);
  const claims = test.inputs.filter((i) => i.claimed);
  const known = !partial && (claims.length === 0 || signed.some((i) => i.kind === 'p2tr') ||
    (claims.length === 1 && !claims[0].foreign));
  if (!known) flags |= FLAG.fee;
  return { movements, flags };
}

function digestOf(test, at) {
  const input = test.inputs[at];
  const tx = test.psbt.__CACHE.__TX;
  if (input.made.taproot) {
    return tx.hashForWitnessV1(at, test.inputs.map((i) => i.made.lock.output), test.inputs.map((i) => i.amount),
      input.type);
  }
  if (!input.made.segwit) {
    return tx.hashForSignature(at, input.made.redeemScript ?? input.made.lock.output, input.type);
  }
  const code = input.made.witnessScript ?? pay.p2pkh({ pubkey: input.holder.publicKey, network }).output;
  return tx.hashForWitnessV0(at, code, input.amount, input.type);
}

const child = spawn(driver, { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const ask = async (...fields) => {
  child.stdin.write(`${fields.join(' ')}\n`);
  const { value, done } = await lines.next();
  if (done) throw new Error('the driver ended');
  return JSON.parse(value);
};

const varint = (n) => n < 0xfd ? Buffer.from([n]) : Buffer.from([0xfd, n & 0xff, n >> 8]);
const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(n >>> 0); return b; };
const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(n)); return b; };
const record = (type, value) => Buffer.concat([Buffer.from([1, type]), varint(value.length), value]);

// The same PSBT as version 2 (BIP-370), which bitcoinjs-lib does not write.
function toVersion2(raw, tx) {
  let at = 5;
  const length = () => {
    const first = raw[at++];
    if (first < 0xfd) return first;
    const size = 2 << (first - 0xfd);
    at += size;
    return raw.readUIntLE(at - size, size);
  };
  const map = () => {
    const start = at;
    while (raw[at] !== 0) for (let i = 0; i < 2; i++) { const n = length(); at += n; }
    return raw.subarray(start, at++);
  };
  map();
  const parts = [raw.subarray(0, 5), record(2, u32(tx.version)), record(3, u32(tx.locktime)),
    record(4, varint(tx.ins.length)), record(5, varint(tx.outs.length)), record(6, Buffer.from([3])),
    record(0xfb, u32(2)), Buffer.from([0])];
  for (const input of tx.ins) {
    parts.push(map(), record(0x0e, input.hash), record(0x0f, u32(input.index)), record(0x10, u32(input.sequence)),
      Buffer.from([0]));
  }
  for (const output of tx.outs) {
    parts.push(map(), record(3, u64(output.value)), record(4, output.script), Buffer.from([0]));
  }
  return Buffer.concat(parts);
}

const same = (what, got, wanted) => {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}\n  ours   ${a}\n  theirs ${b}`);
};

// Without randomness, so that signatures compare.
const tweaked = (key) => {
  const output = key.tweak(bitcoin.crypto.taggedHash('TapTweak', x(key)));
  return {
    publicKey: output.publicKey,
    signSchnorr: (hash) => Buffer.from(ecc.signSchnorr(hash, output.privateKey, Buffer.alloc(32))),
  };
};
const signAs = (psbt, at, made, key, type) => psbt.signInput(at, made.taproot ? tweaked(key) : key, [type]);

function checkIntent(answer, wanted) {
  // Movements to scripts that are no addresses are compared by amount: long ones stand as a hash.
  same('movements', answer.movements.map(([kind, to, amount], i) =>
    [kind, wanted.movements[i]?.[1] === undefined ? undefined : to, amount]), wanted.movements);
  same('flags', answer.flags & (FLAG.sighash | FLAG.odd | FLAG.fee), wanted.flags);
}

async function check(test) {
  const { psbt, own, inputs } = test;
  const raw = psbt.toBuffer();
  const secret = own.privateKey.toString('hex');
  const answer = await ask(raw.toString('hex'), secret, '-', '-');
  same('code', answer.code, 0);
  const mine = inputs.map((i, at) => [i, at]).filter(([i]) => !i.foreign);
  const signings = mine.map(([i, at]) => [at, digestOf(test, at).toString('hex'), i.type]);
  same('signings', answer.signings, signings);
  checkIntent(answer, expect(test));
  const second = await ask(toVersion2(raw, psbt.__CACHE.__TX).toString('hex'), secret, '-', '-');
  same('version 2: code', second.code, 0);
  same('version 2: signings', second.signings, signings);
  same('version 2: movements', second.movements, answer.movements);

  const theirs = psbt.clone();
  const ours = bitcoin.Psbt.fromBuffer(Buffer.from(answer.psbt, 'hex'), { network, maximumFeeRate: 1e9 });
  for (const [input, at] of mine) signAs(theirs, at, input.made, own, input.type);
  for (const [, at] of mine) {
    same('signature', ours.data.inputs[at].partialSig, theirs.data.inputs[at].partialSig);
    same('taproot signature', ours.data.inputs[at].tapKeySig, theirs.data.inputs[at].tapKeySig);
  }
  for (const both of [theirs, ours]) {
    inputs.forEach((input, at) => {
      if (input.foreign) signAs(both, at, input.made, input.holder, input.type);
      if (input.made.others) signAs(both, at, input.made, input.made.others[0], input.type);
    });
  }
  const complete = ours.toBuffer().toString('hex');
  theirs.finalizeAllInputs();
  const transaction = theirs.extractTransaction(true).toHex();
  same('transaction', (await ask(complete, '-', '-', '-')).tx, transaction);
  same('transaction of the final PSBT', (await ask(theirs.toBuffer().toString('hex'), '-', '-', '-')).tx, transaction);
}

let done = 0;
for (; done < Number(count); done++) {
  const test = makeCase();
  try {
    await check(test);
  } catch (error) {
    console.error(`case ${done} of seed ${seed}: ${test.inputs.map((i) => `${i.kind}${i.foreign ? '(other)' : ''}` +
      `:${i.type}`).join(' ')}\n${test.psbt.toBase64()}\n${error.stack}`);
    process.exit(1);
  }
}
child.stdin.end();
console.log(`${done} PSBTs: signed and completed as bitcoinjs-lib does`);

// Thousands of transactions made by @solana/web3.js and @solana/spl-token, decoded by the product:
// what was put in must come out. Usage: node differential.mjs DRIVER [CASES] [SEED]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import * as web3 from '@solana/web3.js';
import * as token from '@solana/spl-token';

const [driver, cases = '4000', seed = '1'] = process.argv.slice(2);

// Mulberry32: small, and the same everywhere.
let state = Number(seed) >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const bytes = (n) => Uint8Array.from({ length: n }, () => below(256));
const key = () => new web3.PublicKey(bytes(32));
// Amounts of every length; web3.js takes some as numbers, so those stay exact.
const small = () => BigInt(Math.floor(random() * 2 ** below(53)));
const big = () => BigInt.asUintN(64, BigInt('0x' + Buffer.from(bytes(8)).toString('hex'))) >> BigInt(below(64));
const hex = (value) => Buffer.from(value.toBytes ? value.toBytes() : value).toString('hex');
const out = (from, to, amount, asset = '', kind = 'out') => ({
  kind, asset: asset && hex(asset), from: from && hex(from), to: to && hex(to), amount: String(amount),
});

const { SystemProgram, StakeProgram, ComputeBudgetProgram } = web3;
const programs = [token.TOKEN_PROGRAM_ID, token.TOKEN_2022_PROGRAM_ID];

// Each gives its instructions, the movements that they mean, and the flags that they must raise.
const makers = [
  (me) => {
    const to = key(), n = small();
    return { it: SystemProgram.transfer({ fromPubkey: me, toPubkey: to, lamports: n }), moves: [out(me, to, n)], operation: 'transfer' };
  },
  (me) => {
    const to = key(), n = small();
    return {
      it: SystemProgram.createAccount({ fromPubkey: me, newAccountPubkey: to, lamports: Number(n), space: below(9999), programId: key() }),
      moves: [out(me, to, n)], operation: 'transfer',
    };
  },
  (me) => {
    const to = key(), n = small();
    return {
      it: SystemProgram.createAccountWithSeed({ fromPubkey: me, newAccountPubkey: to, basePubkey: me, seed: 's'.repeat(below(32)), lamports: Number(n), space: 7, programId: key() }),
      moves: [out(me, to, n)], operation: 'transfer',
    };
  },
  (me) => {
    const from = key(), to = key(), n = small();
    return {
      it: SystemProgram.transfer({ fromPubkey: from, basePubkey: me, toPubkey: to, lamports: n, seed: 'abc', programId: key() }),
      moves: [out(from, to, n)], operation: 'transfer',
    };
  },
  (me) => {
    const owner = key();
    return { it: SystemProgram.assign({ accountPubkey: me, programId: owner }), moves: [out(me, owner, 0, '', 'control')], flags: ['control-change'], operation: 'control' };
  },
  (me) => {
    const nonce = key(), to = key(), n = small();
    return { it: SystemProgram.nonceWithdraw({ noncePubkey: nonce, authorizedPubkey: me, toPubkey: to, lamports: Number(n) }), moves: [out(nonce, to, n)], operation: 'transfer' };
  },
  (me) => {
    const nonce = key(), next = key();
    return { it: SystemProgram.nonceAuthorize({ noncePubkey: nonce, authorizedPubkey: me, newAuthorizedPubkey: next }), moves: [out(nonce, next, 0, '', 'control')], flags: ['control-change'], operation: 'control' };
  },
  (me, p) => {
    const source = key(), mint = key(), to = key(), n = big();
    return { it: token.createTransferCheckedInstruction(source, mint, to, me, n, below(20), [], p), moves: [out(source, to, n, mint)], operation: 'token-transfer' };
  },
  (me, p) => {
    const source = key(), mint = key(), to = key(), n = big(), other = key();
    return { it: token.createTransferCheckedInstruction(source, mint, to, other, n, 6, [me, key()], p), moves: [out(source, to, n, mint)], operation: 'token-transfer' };
  },
  (me, p) => {
    const source = key(), to = key(), n = big();
    return { it: token.createTransferInstruction(source, to, me, n, [], p), moves: [out(source, to, n, source)], flags: ['partial-decode'], operation: 'token-transfer' };
  },
  (me, p) => {
    const source = key(), to = key(), n = big(), other = key();
    return { it: token.createTransferInstruction(source, to, other, n, [], p), moves: [out(source, to, n, source, 'pull')], flags: ['partial-decode'], operation: 'token-transfer' };
  },
  (me, p) => {
    const source = key(), mint = key(), spender = key(), all = below(2) === 0;
    const n = all ? 2n ** 64n - 1n : big();
    return {
      it: token.createApproveCheckedInstruction(source, mint, spender, me, n, 2, [], p),
      moves: [out(source, spender, n, mint, 'allowance')], flags: n === 2n ** 64n - 1n ? ['unlimited-approval'] : [], operation: 'approve',
    };
  },
  (me, p) => {
    const account = key(), next = below(2) ? key() : null;
    return {
      it: token.createSetAuthorityInstruction(account, me, below(4), next, [], p),
      moves: [out(account, next ?? '', 0, '', 'control')], flags: ['control-change'], operation: 'control',
    };
  },
  (me, p) => {
    const account = key(), mint = key(), n = big();
    return { it: token.createBurnCheckedInstruction(account, mint, me, n, 3, [], p), moves: [out(account, '', n, mint)], operation: 'token-transfer' };
  },
  (me, p) => {
    const account = key(), mint = key(), n = big();
    return { it: token.createMintToCheckedInstruction(mint, account, me, n, 3, [], p), moves: [out(mint, account, n, mint)], operation: 'token-transfer' };
  },
  (me, p) => {
    const account = key(), to = key();
    return { it: token.createCloseAccountInstruction(account, to, me, [], p), moves: [out(account, to, 0)], flags: ['partial-decode'], operation: 'transfer' };
  },
  (me, p) => {
    const account = key();
    return { it: token.createCloseAccountInstruction(account, me, me, [], p), moves: [out(account, me, 0, '', 'receive')], operation: 'transfer' };
  },
  (me) => {
    const source = key(), mint = key(), to = key(), n = big();
    return {
      it: token.createTransferCheckedWithFeeInstruction(source, mint, to, me, n, 6, big(), [], token.TOKEN_2022_PROGRAM_ID),
      moves: [out(source, to, n, mint)], operation: 'token-transfer',
    };
  },
  (me) => {
    const account = key(), wallet = key(), mint = key();
    return { it: token.createAssociatedTokenAccountIdempotentInstruction(me, account, wallet, mint), moves: [out(me, account, 2039280)], operation: null };
  },
  (me) => {
    const stake = key(), vote = key();
    return { it: StakeProgram.delegate({ stakePubkey: stake, authorizedPubkey: me, votePubkey: vote }).instructions[0], moves: [out(stake, vote, 0, '', 'lock')], flags: ['partial-decode'], operation: 'stake' };
  },
  (me) => {
    const stake = key(), to = key(), n = small();
    return { it: StakeProgram.withdraw({ stakePubkey: stake, authorizedPubkey: me, toPubkey: to, lamports: Number(n) }).instructions[0], moves: [out(stake, to, n)], operation: 'unstake' };
  },
  (me) => {
    const stake = key(), next = key();
    return {
      it: StakeProgram.authorize({ stakePubkey: stake, authorizedPubkey: me, newAuthorizedPubkey: next, stakeAuthorizationType: web3.StakeAuthorizationLayout.Withdrawer }).instructions[0],
      moves: [out(stake, next, 0, '', 'control')], flags: ['control-change'], operation: 'control',
    };
  },
  (me) => ({ it: StakeProgram.deactivate({ stakePubkey: key(), authorizedPubkey: me }).instructions[0], moves: [], operation: 'unstake' }),
  (me) => ({
    it: new web3.TransactionInstruction({ programId: key(), keys: [{ pubkey: me, isSigner: true, isWritable: true }, { pubkey: key(), isSigner: false, isWritable: true }], data: Buffer.from(bytes(below(60))) }),
    moves: [], flags: ['unknown-calldata'], operation: 'contract-call', unread: true,
  }),
];

function make() {
  const me = key();
  const payer = below(5) === 0 ? key() : me;
  const parts = Array.from({ length: 1 + below(3) }, () => makers[below(makers.length)](me, programs[below(2)]));
  const instructions = parts.map((part) => part.it);
  const moves = parts.flatMap((part) => part.moves);
  const flags = new Set(parts.flatMap((part) => part.flags ?? []));
  const unread = parts.map((part) => Boolean(part.unread));
  let limit = null, price = 0n, memo = '';
  if (below(2)) {
    limit = below(1_600_000);
    instructions.push(ComputeBudgetProgram.setComputeUnitLimit({ units: limit }));
    unread.push(false);
    price = BigInt(below(2 ** 31)) >> BigInt(below(31));
    instructions.push(ComputeBudgetProgram.setComputeUnitPrice({ microLamports: price }));
    unread.push(false);
  }
  if (below(3) === 0) {
    memo = 'memo ' + below(1e9);
    instructions.push(new web3.TransactionInstruction({
      programId: new web3.PublicKey('MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr'), keys: [], data: Buffer.from(memo),
    }));
    unread.push(false);
  }
  // Whoever calls himself a signer: the key itself, so that it always is one.
  if (!instructions.some((it) => it.keys.some((k) => k.isSigner && k.pubkey.equals(me))) && payer !== me) return make();
  const weighty = parts.filter((part) => part.operation !== null);
  const operation = weighty.length === 0 ? 'contract-call' : weighty.length === 1 ? weighty[0].operation : 'batch';
  return { me, payer, instructions, moves, flags, unread, limit, price, memo, operation };
}

function compile(made, versioned) {
  const recentBlockhash = key().toBase58();
  if (!versioned) {
    const tx = new web3.Transaction({ feePayer: made.payer, recentBlockhash });
    tx.add(...made.instructions);
    const message = tx.compileMessage();
    return { message: message.serialize(), wire: tx.serialize({ requireAllSignatures: false, verifySignatures: false }), signers: message.header.numRequiredSignatures };
  }
  const message = new web3.TransactionMessage({ payerKey: made.payer, recentBlockhash, instructions: made.instructions }).compileToV0Message(made.tables ?? []);
  return { message: message.serialize(), wire: new web3.VersionedTransaction(message).serialize(), signers: message.header.numRequiredSignatures };
}

// A table that holds some of the accounts: those are nobody to the decoder.
function withTable(made) {
  // Programs and signers stay in the message itself.
  const kept = new Set([...made.instructions.map((it) => it.programId), ...programs, made.me, made.payer].map((k) => k.toBase58()));
  const candidates = made.instructions.flatMap((it) => it.keys).filter((k) => !k.isSigner && !kept.has(k.pubkey.toBase58())).map((k) => k.pubkey);
  const chosen = candidates.filter(() => below(2) === 0);
  if (chosen.length === 0) return made;
  const tableKey = key();
  const addresses = [...new Set(chosen.map((k) => k.toBase58()))].map((k) => new web3.PublicKey(k));
  made.tables = [new web3.AddressLookupTableAccount({ key: tableKey, state: { addresses, authority: undefined, deactivationSlot: 2n ** 64n - 1n, lastExtendedSlot: 0, lastExtendedSlotStartIndex: 0 } })];
  const hidden = new Map(addresses.map((k, i) => [hex(k), i]));
  for (const move of made.moves) {
    // A new authority stands in the data, where no table reaches.
    if (hidden.has(move.from)) move.from = '';
    if (hidden.has(move.to) && move.kind !== 'control') move.to = '';
    if (hidden.has(move.asset)) move.asset = hex(tableKey) + hidden.get(move.asset).toString(16).padStart(2, '0');
  }
  made.flags.add('unresolved-address');
  return made;
}

function check(made, sent, got) {
  const problems = [];
  const same = (what, a, b) => { if (JSON.stringify(a) !== JSON.stringify(b)) problems.push(`${what}: ${JSON.stringify(a)} is not ${JSON.stringify(b)}`); };
  if (!got.ok) return ['refused: ' + JSON.stringify(got)];
  const fee = got.movements.at(-1);
  same('digest', got.digest, createHash('sha256').update(sent.message).digest('hex'));
  same('movements', got.movements.slice(0, -1), made.moves);
  same('fee payer', [fee.kind, fee.from], ['fee', hex(made.payer)]);
  same('operation', got.operation, made.operation);
  same('memo', Buffer.from(got.message, 'hex').toString(), made.memo);
  same('read', got.calls.map((c) => !c.read), made.unread);
  same('targets', got.calls.map((c) => c.target), made.instructions.map((it) => hex(it.programId)));
  if (made.limit !== null) {
    const units = BigInt(Math.min(made.limit, 1_400_000));
    same('fee', got.maxFee, String(5000n * BigInt(sent.signers) + (units * made.price + 999_999n) / 1_000_000n));
  } else {
    same('fee', got.maxFee, String(5000 * sent.signers));
  }
  const flags = new Set(got.flags);
  flags.delete('excessive-fee');
  same('flags', [...flags].sort(), [...made.flags].sort());
  // The signature stands where web3.js would put it.
  const wire = Buffer.from(sent.wire);
  const at = Buffer.from(got.signed, 'hex').indexOf(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0]));
  const unsigned = Buffer.from(got.signed, 'hex');
  if (at > 0) unsigned.fill(0, at, at + 8);
  same('wire', unsigned.toString('hex'), wire.toString('hex'));
  return problems;
}

const child = spawn(driver, { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
let failed = 0, done = 0, tooLong = 0;
while (done < Number(cases)) {
  let made = make();
  const versioned = below(2) === 0;
  if (versioned && below(2) === 0) made = withTable(made);
  let sent;
  try {
    sent = compile(made, versioned);
  } catch (error) {
    if (!/too large|overruns|out of range/i.test(String(error))) throw error;
    tooLong++;
    continue;
  }
  child.stdin.write(`wire ${hex(made.me)} ${hex(sent.wire)}\n`);
  const got = JSON.parse((await lines.next()).value);
  const problems = check(made, sent, got);
  if (problems.length !== 0) {
    failed++;
    if (failed < 6) console.log(`FAILED case ${done}: ${problems.join('\n  ')}`);
  }
  done++;
}
child.stdin.end();
console.log(`${done - failed} of ${done} equal (${tooLong} did not fit a packet)`);
process.exit(failed === 0 && done > 0 ? 0 : 1);

// Thousands of sign documents made by cosmjs, decoded by the product: what was put in must come
// out. Usage: node differential.mjs DRIVER [CASES] [SEED]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { toBech32 } from '@cosmjs/encoding';
import { makeSignBytes, makeSignDoc } from '@cosmjs/proto-signing';
import { AuthInfo, TxBody, TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import { SignMode } from 'cosmjs-types/cosmos/tx/signing/v1beta1/signing';
import { Any } from 'cosmjs-types/google/protobuf/any';
import { PubKey } from 'cosmjs-types/cosmos/crypto/secp256k1/keys';
import { MsgMultiSend, MsgSend } from 'cosmjs-types/cosmos/bank/v1beta1/tx';
import { SendAuthorization } from 'cosmjs-types/cosmos/bank/v1beta1/authz';
import * as staking from 'cosmjs-types/cosmos/staking/v1beta1/tx';
import * as distribution from 'cosmjs-types/cosmos/distribution/v1beta1/tx';
import { MsgVote, MsgDeposit } from 'cosmjs-types/cosmos/gov/v1beta1/tx';
import * as authz from 'cosmjs-types/cosmos/authz/v1beta1/tx';
import { GenericAuthorization } from 'cosmjs-types/cosmos/authz/v1beta1/authz';
import { MsgGrantAllowance } from 'cosmjs-types/cosmos/feegrant/v1beta1/tx';
import { BasicAllowance } from 'cosmjs-types/cosmos/feegrant/v1beta1/feegrant';
import { MsgTransfer } from 'cosmjs-types/ibc/applications/transfer/v1/tx';
import { MsgExecuteContract, MsgMigrateContract } from 'cosmjs-types/cosmwasm/wasm/v1/tx';
import { MsgCreateVestingAccount } from 'cosmjs-types/cosmos/vesting/v1beta1/tx';

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
const hex = (value) => Buffer.from(value).toString('hex');
const text = (value) => hex(Buffer.from(value));
// cosmjs-types 0.11 writes numbers from 2^31 to 2^32 as bytes that are no number: none of those.
const number = (bits) => {
  const n = below(2 ** bits);
  return n >= 2 ** 31 && n < 2 ** 32 ? n - 2 ** 31 : n;
};
const prefixes = ['cosmos', 'osmo', 'dydx', 'celestia'];
let prefix = 'cosmos';
function address(kind = '') {
  const raw = bytes(below(8) ? 20 : 32);
  return { raw: hex(raw), text: toBech32(prefix + kind, raw) };
}
const denoms = ['uatom', 'uosmo', 'ibc/' + 'A1'.repeat(32), 'factory/cosmos1abc/token', 'adydx'];
const coin = () => ({ denom: denoms[below(denoms.length)], amount: String(BigInt('0x' + hex(bytes(1 + below(16))))) });
const coins = () => Array.from({ length: 1 + below(3) }, coin);
const move = (kind, from, to, c) => ({ kind, asset: c ? text(c.denom) : '', from, to, amount: c ? c.amount : '0' });

// Each gives its message, the movements that it means, and the flags that it must raise.
const makers = [
  (me) => {
    const to = address(), amount = coins();
    return { url: '/cosmos.bank.v1beta1.MsgSend', type: MsgSend, value: { fromAddress: me.text, toAddress: to.text, amount }, moves: amount.map((c) => move('out', me.raw, to.raw, c)), operation: 'transfer' };
  },
  (me) => {
    const outputs = Array.from({ length: 1 + below(4) }, () => ({ to: address(), coins: coins() }));
    return {
      url: '/cosmos.bank.v1beta1.MsgMultiSend', type: MsgMultiSend,
      value: { inputs: [{ address: me.text, coins: outputs.flatMap((o) => o.coins) }], outputs: outputs.map((o) => ({ address: o.to.text, coins: o.coins })) },
      moves: outputs.flatMap((o) => o.coins.map((c) => move('out', me.raw, o.to.raw, c))), operation: 'transfer',
    };
  },
  (me) => {
    const v = address('valoper'), c = coin();
    return { url: '/cosmos.staking.v1beta1.MsgDelegate', type: staking.MsgDelegate, value: { delegatorAddress: me.text, validatorAddress: v.text, amount: c }, moves: [move('lock', me.raw, v.raw, c)], operation: 'stake' };
  },
  (me) => {
    const v = address('valoper'), c = coin();
    return { url: '/cosmos.staking.v1beta1.MsgUndelegate', type: staking.MsgUndelegate, value: { delegatorAddress: me.text, validatorAddress: v.text, amount: c }, moves: [move('receive', v.raw, me.raw, c)], operation: 'unstake' };
  },
  (me) => {
    const a = address('valoper'), b = address('valoper'), c = coin();
    return { url: '/cosmos.staking.v1beta1.MsgBeginRedelegate', type: staking.MsgBeginRedelegate, value: { delegatorAddress: me.text, validatorSrcAddress: a.text, validatorDstAddress: b.text, amount: c }, moves: [move('lock', me.raw, b.raw, c)], operation: 'stake' };
  },
  (me) => {
    const v = address('valoper'), c = coin();
    return { url: '/cosmos.staking.v1beta1.MsgCancelUnbondingDelegation', type: staking.MsgCancelUnbondingDelegation, value: { delegatorAddress: me.text, validatorAddress: v.text, amount: c, creationHeight: BigInt(below(1e9)) }, moves: [move('lock', me.raw, v.raw, c)], operation: 'stake' };
  },
  (me) => ({ url: '/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward', type: distribution.MsgWithdrawDelegatorReward, value: { delegatorAddress: me.text, validatorAddress: address('valoper').text }, moves: [], operation: 'unstake' }),
  (me) => {
    const to = address();
    return { url: '/cosmos.distribution.v1beta1.MsgSetWithdrawAddress', type: distribution.MsgSetWithdrawAddress, value: { delegatorAddress: me.text, withdrawAddress: to.text }, moves: [move('control', me.raw, to.raw)], flags: ['control-change'], operation: 'control' };
  },
  (me) => ({ url: '/cosmos.gov.v1beta1.MsgVote', type: MsgVote, value: { proposalId: BigInt(below(1e6)), voter: me.text, option: below(5) }, moves: [], operation: 'contract-call' }),
  (me) => {
    const amount = coins();
    return { url: '/cosmos.gov.v1beta1.MsgDeposit', type: MsgDeposit, value: { proposalId: BigInt(below(1e6)), depositor: me.text, amount }, moves: amount.map((c) => move('out', me.raw, '', c)), operation: 'transfer' };
  },
  (me) => {
    const c = coin(), json = below(2) === 0;
    return {
      url: '/ibc.applications.transfer.v1.MsgTransfer', type: MsgTransfer,
      value: { sourcePort: 'transfer', sourceChannel: 'channel-' + below(999), token: c, sender: me.text, receiver: 'osmo1anything', timeoutHeight: { revisionNumber: BigInt(below(5)), revisionHeight: BigInt(below(1e9)) }, timeoutTimestamp: BigInt(number(50)), memo: json ? '{"forward":{}}' : '' },
      moves: [move('out', me.raw, '', c)], flags: json ? ['partial-decode'] : [], operation: 'bridge', unread: json,
    };
  },
  (me) => {
    const to = address(), limit = coins();
    return {
      url: '/cosmos.authz.v1beta1.MsgGrant', type: authz.MsgGrant,
      value: { granter: me.text, grantee: to.text, grant: { authorization: { typeUrl: '/cosmos.bank.v1beta1.SendAuthorization', value: SendAuthorization.encode(SendAuthorization.fromPartial({ spendLimit: limit, allowList: [address().text] })).finish() }, expiration: { seconds: BigInt(below(2e9)), nanos: 0 } } },
      moves: [...limit.map((c) => move('allowance', me.raw, to.raw, c)), move('control', me.raw, to.raw)], flags: ['grant'], operation: 'grant',
    };
  },
  (me) => {
    const to = address();
    return {
      url: '/cosmos.authz.v1beta1.MsgGrant', type: authz.MsgGrant,
      value: { granter: me.text, grantee: to.text, grant: { authorization: { typeUrl: '/cosmos.authz.v1beta1.GenericAuthorization', value: GenericAuthorization.encode({ msg: '/cosmos.bank.v1beta1.MsgSend' }).finish() } } },
      moves: [move('control', me.raw, to.raw)], flags: ['grant', 'unlimited-approval', 'no-expiry'], operation: 'grant',
    };
  },
  (me) => {
    const to = address();
    return {
      url: '/cosmos.feegrant.v1beta1.MsgGrantAllowance', type: MsgGrantAllowance,
      value: { granter: me.text, grantee: to.text, allowance: { typeUrl: '/cosmos.feegrant.v1beta1.BasicAllowance', value: BasicAllowance.encode(BasicAllowance.fromPartial({})).finish() } },
      moves: [move('control', me.raw, to.raw)], flags: ['grant', 'unlimited-approval', 'no-expiry'], operation: 'grant',
    };
  },
  (me) => {
    const contract = address(), funds = coins();
    return { url: '/cosmwasm.wasm.v1.MsgExecuteContract', type: MsgExecuteContract, value: { sender: me.text, contract: contract.text, msg: Buffer.from('{"transfer":{}}'), funds }, moves: funds.map((c) => move('out', me.raw, contract.raw, c)), flags: ['unknown-calldata'], operation: 'contract-call', unread: true };
  },
  (me) => {
    const contract = address();
    return { url: '/cosmwasm.wasm.v1.MsgMigrateContract', type: MsgMigrateContract, value: { sender: me.text, contract: contract.text, codeId: BigInt(1 + below(999)), msg: Buffer.from('{}') }, moves: [move('control', me.raw, contract.raw)], flags: ['unknown-calldata', 'proxy-upgrade'], operation: 'control', unread: true };
  },
  (me) => {
    const to = address(), amount = coins();
    return { url: '/cosmos.vesting.v1beta1.MsgCreateVestingAccount', type: MsgCreateVestingAccount, value: { fromAddress: me.text, toAddress: to.text, amount, endTime: BigInt(below(2e9)), delayed: below(2) === 1 }, moves: amount.map((c) => move('out', me.raw, to.raw, c)), operation: 'transfer' };
  },
  (me) => ({ url: '/some.other.v1.MsgThing', type: { fromPartial: (v) => v, encode: () => ({ finish: () => bytes(below(40)) }) }, value: {}, moves: [], flags: ['unknown-calldata'], operation: 'contract-call', unread: true }),
];
const pack = (part) => ({ typeUrl: part.url, value: part.type.encode(part.type.fromPartial(part.value)).finish() });

// What an authz granter lets the account do: the same messages, at the granter's cost.
function exec(me) {
  const granter = address();
  const inner = Array.from({ length: 1 + below(3) }, () => makers[below(makers.length)](granter));
  return {
    url: '/cosmos.authz.v1beta1.MsgExec', type: authz.MsgExec, value: { grantee: me.text, msgs: inner.map(pack) },
    moves: [], later: inner.flatMap((part) => part.moves.map((m) => ({ ...m, kind: m.kind === 'out' ? 'pull' : m.kind }))),
    flags: inner.flatMap((part) => part.flags ?? []), operation: null, inner,
  };
}

function make() {
  prefix = prefixes[below(prefixes.length)];
  let me = address();
  while (me.raw.length !== 40) me = address();
  const parts = Array.from({ length: 1 + below(3) }, () => (below(6) === 0 ? exec(me) : makers[below(makers.length)](me)));
  const fee = Array.from({ length: below(3) }, coin);
  const made = {
    me, parts, fee, gas: BigInt(number(40)), sequence: BigInt(number(48)), account: number(40),
    memo: below(2) ? 'memo ' + below(1e9) : '', chain: prefix + '-' + below(9) + '.test', timeout: below(3) ? 0n : BigInt(below(1e9)),
  };
  const body = TxBody.encode(TxBody.fromPartial({ messages: parts.map(pack), memo: made.memo, timeoutHeight: made.timeout })).finish();
  const auth = AuthInfo.encode(AuthInfo.fromPartial({
    signerInfos: [{
      publicKey: Any.fromPartial({ typeUrl: '/cosmos.crypto.secp256k1.PubKey', value: PubKey.encode({ key: bytes(33) }).finish() }),
      modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } }, sequence: made.sequence,
    }],
    fee: { amount: fee, gasLimit: made.gas },
  })).finish();
  made.bytes = makeSignBytes(makeSignDoc(body, auth, made.chain, made.account));
  const signature = new Uint8Array(64);
  signature.set([1, 2, 3, 4, 5, 6, 7, 8]);
  made.raw = TxRaw.encode({ bodyBytes: body, authInfoBytes: auth, signatures: [signature] }).finish();
  return made;
}

function check(made, got) {
  const problems = [];
  const same = (what, a, b) => { if (JSON.stringify(a) !== JSON.stringify(b)) problems.push(`${what}: ${JSON.stringify(a)} is not ${JSON.stringify(b)}`); };
  if (!got.ok) return ['refused: ' + JSON.stringify(got)];
  const leaves = made.parts.flatMap((part) => part.inner ?? [part]);
  same('digest', got.digest, createHash('sha256').update(made.bytes).digest('hex'));
  same('signed', got.signed, hex(made.raw));
  same('fee', got.movements.slice(0, made.fee.length), made.fee.map((c) => move('fee', made.me.raw, '', c)));
  same('movements', got.movements.slice(made.fee.length), [...made.parts.flatMap((p) => p.moves), ...made.parts.flatMap((p) => p.later ?? [])]);
  same('calls', got.calls.map((c) => [Buffer.from(c.method, 'hex').toString(), !c.read]),
    [...made.parts, ...made.parts.flatMap((p) => p.inner ?? [])].map((p) => [p.url.slice(0, 64), Boolean(p.unread)]));
  same('operation', got.operation, leaves.length === 1 ? leaves[0].operation : 'batch');
  same('flags', [...got.flags].sort(), [...new Set(made.parts.flatMap((p) => p.flags ?? []))].sort());
  same('chain', got.chain, made.chain);
  same('nonce', got.nonce, String(made.sequence));
  same('gas', got.gas, String(made.gas));
  same('memo', Buffer.from(got.message, 'hex').toString(), made.memo);
  const argument = (label) => got.arguments.find((a) => a.label === label && a.call === -1)?.value ?? '0';
  same('account number', argument('account_number'), String(made.account));
  same('timeout', argument('timeout_height'), String(made.timeout));
  return problems;
}

const child = spawn(driver, { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
let failed = 0;
const total = Number(cases);
for (let i = 0; i < total; i++) {
  const made = make();
  child.stdin.write(`cosmos ${made.me.raw} ${hex(made.bytes)}\n`);
  const problems = check(made, JSON.parse((await lines.next()).value));
  if (problems.length !== 0 && ++failed < 6) console.log(`FAILED case ${i}: ${problems.join('\n  ')}`);
}
child.stdin.end();
console.log(`${total - failed} of ${total} equal`);
process.exit(failed === 0 && total > 0 ? 0 : 1);

// Oracle: ccxt's order builder and its copy of dYdX's generated protobuf code; signatures by ethers.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import ccxt from 'ccxt';
import { SigningKey, ripemd160, sha256, getBytes } from 'ethers';
const root = new URL('./node_modules/ccxt/js/src/static_dependencies/dydx-v4-client/', import.meta.url);
const { encodeAsAny } = await import(new URL('registry.js', root));
const { TxBody, AuthInfo, SignDoc, TxRaw } = await import(new URL('cosmos/tx/v1beta1/tx.js', root));
const { Long } = await import(new URL('helpers.js', root));

const NOW = 1770000000000;
const USDC = 'ibc/8E27BA2D5493AF5636760E354E46004562C46AB7EC0CC4C1CA14E9E20E2545B5';

function bech32(prefix, bytes) {
  const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
  const words = [];
  let bits = 0, value = 0;
  for (const b of bytes) {
    value = (value << 8) | b;
    for (bits += 8; bits >= 5; bits -= 5) words.push((value >> (bits - 5)) & 31);
    value &= (1 << bits) - 1;
  }
  if (bits) words.push((value << (5 - bits)) & 31);
  const polymod = (values) => values.reduce((c, v) => {
    const top = c >>> 25;
    c = ((c & 0x1ffffff) << 5) ^ v;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((g, i) => { if ((top >>> i) & 1) c ^= g; });
    return c;
  }, 1);
  const p = [...prefix].map((c) => c.charCodeAt(0));
  const sum = polymod([...p.map((c) => c >> 5), 0, ...p.map((c) => c & 31), ...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  return `${prefix}1${[...words, ...[0, 1, 2, 3, 4, 5].map((i) => (sum >> (5 * (5 - i))) & 31)].map((w) => alphabet[w]).join('')}`;
}
const addressOf = (secret) => {
  const key = new SigningKey(`0x${secret}`).compressedPublicKey;
  return bech32('dydx', getBytes(ripemd160(sha256(key))));
};

// name, book, atomic resolution, quantum conversion exponent, decimals of price and size
const markets = [['BTC-USD', 0, -10, -9, 5, 4], ['ETH-USD', 1, -9, -9, 6, 3], ['LINK-USD', 2, -6, -9, 9, 0], ['SHIB-USD', 31, -2, -9, 13, 2], ['X-USD', 4000000000, -8, -9, 7, 8]];

function exchange(g, market, owner) {
  const ex = new ccxt.dydx({});
  ex.milliseconds = () => NOW;
  ex.seconds = () => NOW / 1000;
  ex.getWalletAddress = () => owner;
  ex.market = () => ({ info: { clobPairId: market[1], atomicResolution: `${market[2]}`, quantumConversionExponent: `${market[3]}` } });
  ex.amountToPrecision = (_, a) => `${a}`;
  ex.priceToPrecision = (_, p) => `${p}`;
  ex.toDydxLong = (text) => Long.fromString(text, true);
  return ex;
}

function place(g, o, ctx) {
  const type = g.pick(['limit', 'limit', 'market', 'stop-limit', 'stop-market']);
  const short = type === 'market' || (type === 'limit' && g.maybe());
  const stop = type.startsWith('stop');
  const market = g.pick(markets);
  const id = g.pick([0, 1, 77, 4294967295, g.below(2 ** 31)]);
  const seconds = 1 + g.below(5000000);
  const block = 1 + g.below(2 ** 31);
  const postOnly = !short && (type === 'limit' || type === 'stop-limit') && g.maybe(0.3);
  const params = { clientOrderId: id, subAccountId: ctx.subaccount, goodTillBlockTimeInSeconds: seconds, goodTillBlock: short ? block : undefined };
  Object.assign(o, {
    action: 'order-place', type, side: g.pick(['buy', 'sell']),
    market: `${market[0]}@${market[1]},${market[2]},${market[3]}`,
    client_id: short ? `${id}@${block}` : `${id}`,
    price: g.decimal(Math.max(0, Math.min(8, market[4]))), quantity: g.decimal(Math.min(8, -market[2])),
  });
  if (g.maybe(0.3)) params.reduceOnly = o.reduce_only = true;
  if (!short) o.expiry_ms = NOW + seconds * 1000;
  if (!short && g.maybe()) o.time_in_force = 'gtd';
  if (postOnly) params.postOnly = o.post_only = true;
  if (short && type === 'limit') {
    // ccxt knows of short-term limit orders only the immediate ones
    o.time_in_force = 'ioc';
    params.timeInForce = 'IOC';
  }
  if (stop) params.stopLossPrice = o.trigger_price = g.decimal(Math.max(0, Math.min(8, market[4])));
  const [, message] = exchange(g, market, ctx.owner).createOrderRequest('X', type.endsWith('market') ? 'market' : 'limit', o.side, o.quantity, o.price, params);
  delete message.value.order.orderRouterAddress; // ccxt's own
  return { typeUrl: message.typeUrl, value: message.value };
}

function cancel(g, o, ctx) {
  const market = g.pick(markets);
  const short = g.maybe();
  const many = short && g.maybe();
  const stop = !short && g.maybe();
  const ids = Array.from({ length: many ? 2 + g.below(3) : 1 }, () => g.below(2 ** 31));
  const block = 1 + g.below(2 ** 31);
  const time = NOW / 1000 + 1 + g.below(5000000);
  Object.assign(o, { action: 'order-cancel', market: `${market[0]}@${market[1]},${market[2]},${market[3]}`, client_id: ids.join(',') + (short ? `@${block}` : '') });
  if (!short) Object.assign(o, { expiry_ms: time * 1000, type: stop ? g.pick(['stop-limit', 'stop-market']) : 'limit' });
  const subaccountId = { owner: ctx.owner, number: ctx.subaccount };
  if (many) {
    return { typeUrl: '/dydxprotocol.clob.MsgBatchCancel', value: { subaccountId, shortTermCancels: [{ clobPairId: market[1], clientIds: ids }], goodTilBlock: block } };
  }
  return { typeUrl: '/dydxprotocol.clob.MsgCancelOrder', value: {
    orderId: { subaccountId, clientId: ids[0], orderFlags: short ? 0 : stop ? 32 : 64, clobPairId: market[1] },
    goodTilBlock: short ? block : undefined, goodTilBlockTime: short ? undefined : time } };
}

function move(g, o, ctx) {
  const micros = 1 + g.below(2 ** 31);
  const quantums = Long.fromString(`${micros}`, true);
  const other = addressOf(`2${g.hex(63)}`);
  const number = g.below(1000);
  const kind = g.pick(['withdraw', 'deposit', 'transfer']);
  const sub = { owner: ctx.owner, number: ctx.subaccount };
  Object.assign(o, { action: kind === 'withdraw' ? 'venue-withdraw' : 'venue-transfer', asset: 'USDC',
    amount: `${Math.floor(micros / 1e6)}.${`${micros % 1e6}`.padStart(6, '0')}`, to: kind === 'withdraw' ? other : `${other}/${number}` });
  ctx.fee = { amount: [{ denom: USDC, amount: '12500' }], gasLimit: Long.fromNumber(500000, true) };
  if (kind === 'withdraw') {
    if (g.maybe()) o.tag = ctx.memo = g.text(1 + g.below(40), 'abc 0123"\\&=<>%');
    return { typeUrl: '/dydxprotocol.sending.MsgWithdrawFromSubaccount', value: { sender: sub, recipient: other, assetId: 0, quantums } };
  }
  if (kind === 'deposit') {
    ctx.wallet = true;
    return { typeUrl: '/dydxprotocol.sending.MsgDepositToSubaccount', value: { sender: ctx.owner, recipient: { owner: other, number }, assetId: 0, quantums } };
  }
  return { typeUrl: '/dydxprotocol.sending.MsgCreateTransfer', value: { transfer: { sender: sub, recipient: { owner: other, number }, assetId: 0, amount: quantums } } };
}

export function makeCase(g) {
  const secret = `1${g.hex(63)}`;
  const order = { venue: 'dydx' };
  const ctx = { owner: addressOf(secret), subaccount: g.pick([0, 0, 1, 127, 128, 128000]), memo: '', fee: { amount: [], gasLimit: Long.fromNumber(1000000, true) } };
  const number = g.pick([0, 1, 12345, 2 ** 32, g.below(2 ** 31)]);
  const kind = g.pick(['place', 'place', 'place', 'cancel', 'move']);
  const message = { place, cancel, move }[kind](g, order, ctx);
  order.account = `${ctx.wallet ? 'wallet' : ctx.subaccount}@${number}`;
  if (g.maybe(0.3)) order.test_network = true;
  const nonce = NOW + g.below(1000);
  return { kind, message, ctx, number, nonce, input: { order, key: 'secp256k1', secret, now: NOW, nonce } };
}

// Fields in ascending order, which the generated code does not keep for a withdrawal.
function encode(message) {
  if (!message.typeUrl.endsWith('MsgWithdrawFromSubaccount')) return encodeAsAny(message);
  const { sender, ...rest } = message.value;
  const parts = [{ recipient: rest.recipient }, { sender }, { quantums: rest.quantums }].map((value) => encodeAsAny({ typeUrl: message.typeUrl, value }).value);
  return { typeUrl: message.typeUrl, value: Buffer.concat(parts) };
}

export async function check(c, answer) {
  const key = new SigningKey(`0x${c.input.secret}`);
  const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages: [encode(c.message)], memo: c.ctx.memo })).finish();
  const authInfoBytes = AuthInfo.encode(AuthInfo.fromPartial({
    fee: c.ctx.fee,
    signerInfos: [{ publicKey: encodeAsAny({ typeUrl: '/cosmos.crypto.secp256k1.PubKey', value: { key: getBytes(key.compressedPublicKey) } }),
      sequence: Long.fromNumber(c.nonce, true), modeInfo: { single: { mode: 1 } } }],
  })).finish();
  const doc = SignDoc.encode(SignDoc.fromPartial({ bodyBytes, authInfoBytes, accountNumber: Long.fromNumber(c.number, true),
    chainId: c.input.order.test_network ? 'dydx-testnet-4' : 'dydx-mainnet-1' })).finish();
  assert.equal(answer.preimage, Buffer.from(doc).toString('hex'));
  const digest = createHash('sha256').update(doc).digest('hex');
  assert.equal(answer.digest, digest);
  const signature = key.sign(`0x${digest}`);
  const raw = TxRaw.encode(TxRaw.fromPartial({ bodyBytes, authInfoBytes, signatures: [getBytes(signature.r + signature.s.slice(2))] })).finish();
  assert.equal(answer.body.toString('hex'), Buffer.from(raw).toString('hex'));
}

// Oracle: @nktkas/hyperliquid, whose client builds and signs each request for a transport of ours.
import assert from 'node:assert/strict';
import { ExchangeClient } from '@nktkas/hyperliquid';
import { Wallet } from 'ethers';
import { shortest } from './random.mjs';

const NOW = 1770000000000;

function orderFields(g, input) {
  const type = g.pick(['limit', 'limit', 'limit', 'market', 'stop-limit', 'stop-market']);
  const stop = type.startsWith('stop');
  const tif = type === 'limit' ? g.pick([undefined, 'gtc', 'ioc', 'alo']) : undefined;
  const fields = {
    market: `${g.pick(['BTC', 'ETH', 'PURR/USDC', 'xyz:TSLA', '@107'])}@${g.pick([0, 5, 127, 128, 255, 256, 10107, 65535, 65536, 110003, g.below(2 ** 31)])}`,
    side: g.pick(['buy', 'sell']),
    type,
    price: g.decimal(8, true),
    quantity: g.decimal(8, true),
  };
  if (g.maybe(0.3)) fields.reduce_only = true;
  if (tif === 'alo') fields.post_only = true;
  else if (tif) fields.time_in_force = tif;
  if (stop) fields.trigger_price = g.decimal(6, true);
  Object.assign(input, fields);
  const names = { gtc: 'Gtc', ioc: 'Ioc', alo: 'Alo' };
  return {
    a: Number(fields.market.split('@').pop()),
    b: fields.side === 'buy',
    p: shortest(fields.price),
    s: shortest(fields.quantity),
    r: fields.reduce_only === true,
    t: stop
      ? { trigger: { isMarket: type === 'stop-market', triggerPx: shortest(fields.trigger_price), tpsl: 'sl' } }
      : { limit: { tif: type === 'market' ? 'Ioc' : names[tif ?? 'gtc'] } },
  };
}

const oid = (g) => g.pick([1, 127, 255, 65536, 2 ** 32 - 1, 2 ** 32, 91490942, g.below(2 ** 31) * 1000]);
const cloid = (g) => `0x${g.hex(32)}`;
const address = (g) => `0x${g.hex(40)}`;

// kind → [fields of our order, call on their client]
const kinds = {
  place(g, o) {
    o.action = 'order-place';
    const order = orderFields(g, o);
    if (g.maybe()) order.c = o.client_id = cloid(g);
    return (c, opts) => c.order({ orders: [order], grouping: 'na' }, opts);
  },
  amend(g, o) {
    o.action = 'order-amend';
    const order = orderFields(g, o);
    const byId = g.maybe();
    if (!byId || g.maybe()) order.c = o.client_id = cloid(g);
    const id = byId ? oid(g) : order.c;
    if (byId) o.order_id = `${id}`;
    return (c, opts) => c.batchModify({ modifies: [{ oid: id, order }] }, opts);
  },
  cancel(g, o) {
    const a = g.below(200000);
    const id = oid(g);
    Object.assign(o, { action: 'order-cancel', market: `X@${a}`, order_id: `${id}` });
    return (c, opts) => c.cancel({ cancels: [{ a, o: id }] }, opts);
  },
  cancelByCloid(g, o) {
    const asset = g.below(200000);
    Object.assign(o, { action: 'order-cancel', market: `X@${asset}`, client_id: cloid(g) });
    return (c, opts) => c.cancelByCloid({ cancels: [{ asset, cloid: o.client_id }] }, opts);
  },
  cancelAll(g, o, nonce) {
    o.action = 'order-cancel-all';
    return (c, opts) => c.scheduleCancel({ time: nonce + 10000 }, opts);
  },
  scheduleCancel(g, o) {
    Object.assign(o, { action: 'venue-admin', call: 'scheduleCancel' });
    if (g.maybe()) o.expiry_ms = NOW + 5000 + g.below(1e9);
    return (c, opts) => (o.expiry_ms ? c.scheduleCancel({ time: o.expiry_ms }, opts) : c.scheduleCancel({ time: undefined }, opts));
  },
  leverage(g, o) {
    const asset = g.below(300);
    const leverage = 1 + g.below(50);
    const isCross = g.maybe();
    Object.assign(o, { action: 'venue-admin', call: `updateLeverage.${isCross ? 'cross' : 'isolated'}`, market: `X@${asset}`, amount: `${leverage}` });
    return (c, opts) => c.updateLeverage({ asset, isCross, leverage }, opts);
  },
  margin(g, o) {
    const asset = g.below(300);
    const added = g.maybe();
    const usd = 1 + g.pick([g.below(100), g.below(40000), g.below(2 ** 31), g.below(2 ** 31) * 5000]);
    Object.assign(o, { action: 'venue-admin', call: `updateIsolatedMargin.${added ? 'add' : 'remove'}`, market: `X@${asset}`,
      amount: `${Math.floor(usd / 1e6)}.${`${usd % 1e6}`.padStart(6, '0')}` });
    return (c, opts) => c.updateIsolatedMargin({ asset, isBuy: true, ntli: added ? usd : -usd }, opts);
  },
  agent(g, o) {
    Object.assign(o, { action: 'venue-admin', call: 'approveAgent', to: address(g), tag: g.text(1 + g.below(14), 'abcXYZ 09"\\{}:,') });
    o.tag = `a${o.tag.trim()}`;
    return (c) => c.approveAgent({ agentAddress: o.to, agentName: o.tag });
  },
  withdraw(g, o) {
    Object.assign(o, { action: 'venue-withdraw', asset: 'USDC', amount: g.decimal(6, true), to: address(g) });
    return (c) => c.withdraw3({ destination: o.to, amount: shortest(o.amount) });
  },
  usdSend(g, o) {
    Object.assign(o, { action: 'venue-transfer', asset: 'USDC', amount: g.decimal(6, true), to: address(g) });
    return (c) => c.usdSend({ destination: o.to, amount: shortest(o.amount) });
  },
  spotSend(g, o) {
    Object.assign(o, { action: 'venue-transfer', asset: `PURR:0x${g.hex(32)}`, amount: g.decimal(8, true), to: address(g) });
    return (c) => c.spotSend({ destination: o.to, token: o.asset, amount: shortest(o.amount) });
  },
  classTransfer(g, o) {
    const toPerp = g.maybe();
    Object.assign(o, { action: 'venue-transfer', asset: 'USDC', amount: g.decimal(6, true), to: toPerp ? 'perp' : 'spot' });
    return (c) => c.usdClassTransfer({ amount: shortest(o.amount), toPerp });
  },
  otherTransfer(g, o) {
    const vault = g.maybe();
    const isDeposit = g.maybe();
    const usd = 1 + g.below(2 ** 31) * g.pick([1, 1000]);
    const other = address(g);
    const text = `${vault ? 'vault' : 'sub'}:${other}`;
    Object.assign(o, { action: 'venue-transfer', asset: 'USDC', to: isDeposit ? text : 'self',
      amount: `${Math.floor(usd / 1e6)}.${`${usd % 1e6}`.padStart(6, '0')}` });
    if (!isDeposit) o.account = text;
    return vault
      ? (c, opts) => c.vaultTransfer({ vaultAddress: other, isDeposit, usd }, { expiresAfter: opts.expiresAfter })
      : (c, opts) => c.subAccountTransfer({ subAccountUser: other, isDeposit, usd }, { expiresAfter: opts.expiresAfter });
  },
};
const userSigned = ['agent', 'withdraw', 'usdSend', 'spotSend', 'classTransfer'];

export function makeCase(g) {
  const kind = g.maybe(0.4) ? 'place' : g.pick(Object.keys(kinds));
  const nonce = NOW + g.below(1000);
  const order = { venue: 'hyperliquid' };
  const call = kinds[kind](g, order, nonce);
  const opts = {};
  if (!userSigned.includes(kind)) {
    if (g.maybe(0.3)) {
      order.window_ms = 1000 + g.below(60000);
      opts.expiresAfter = NOW + order.window_ms;
    }
    if (kind !== 'otherTransfer' && g.maybe(0.3)) opts.vaultAddress = order.account = `0x${g.hex(40)}`;
  }
  if (g.maybe(0.3)) order.test_network = true;
  const secret = `1${g.hex(63)}`;
  return { kind, nonce, call, opts, isTestnet: order.test_network === true,
    input: { order, key: 'secp256k1', secret, now: NOW, nonce } };
}

export async function check(c, answer) {
  let sent;
  const transport = {
    isTestnet: c.isTestnet,
    request: async (endpoint, payload) => {
      sent = { endpoint, payload };
      return { status: 'ok', response: { type: 'default' } };
    },
  };
  const client = new ExchangeClient({ transport, wallet: new Wallet(`0x${c.input.secret}`), nonceManager: () => c.nonce, signatureChainId: '0x66eee' });
  try {
    await c.call(client, c.opts);
  } catch (error) {
    if (!sent) throw error; // the answer of nobody is no answer, but the request was made
  }
  const ours = JSON.parse(answer.body.toString('utf8'));
  assert.equal(`${answer.method} ${answer.path}`, 'POST /exchange');
  assert.deepEqual(ours, JSON.parse(JSON.stringify(sent.payload)));
  if (!userSigned.includes(c.kind)) assert.equal(JSON.stringify(ours.action), JSON.stringify(sent.payload.action));
}

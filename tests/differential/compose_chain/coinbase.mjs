// Oracles: ccxt for paths and bodies, jose for the tokens.
import assert from 'node:assert/strict';
import { createPublicKey, createPrivateKey } from 'node:crypto';
import ccxt from 'ccxt';
import { SignJWT, decodeProtectedHeader, jwtVerify } from 'jose';

const NOW = 1770000000000;
const uuid = (g) => [8, 4, 4, 4, 12].map((n) => g.hex(n)).join('-');

async function take(call) {
  const ex = new ccxt.coinbase({ apiKey: 'organizations/x/apiKeys/y', secret: '-----BEGIN EC PRIVATE KEY-----' });
  const market = { id: 'BTC-USD', symbol: 'BTC/USD', base: 'BTC', quote: 'USD', spot: true, type: 'spot', precision: { amount: 1e-8, price: 1e-8 }, limits: {}, active: true };
  let taken = null;
  ex.createAuthToken = () => 'token';
  ex.loadMarkets = async () => ex.markets;
  ex.markets = { 'BTC/USD': market };
  ex.market = () => market;
  ex.amountToPrecision = (_, a) => `${a}`;
  ex.priceToPrecision = (_, p) => `${p}`;
  ex.costToPrecision = (_, p) => `${p}`;
  ex.currency = (code) => ({ id: code, code });
  ex.fetch = async (url, method, headers, body) => {
    taken = { url, method, body };
    throw new Error('taken');
  };
  try {
    await call(ex);
  } catch (error) {
    if (taken === null) throw error;
  }
  return taken;
}

const kinds = {
  place(g, o) {
    const type = g.pick(['limit', 'limit', 'market', 'stop-limit']);
    const tif = type === 'limit' ? g.pick([undefined, 'gtc', 'ioc', 'fok', 'gtd']) : type === 'market' ? undefined : g.pick([undefined, 'gtd']);
    const buysByValue = type === 'market' && g.maybe();
    Object.assign(o, { action: 'order-place', market: 'BTC-USD', client_id: uuid(g), side: buysByValue ? 'buy' : type === 'market' ? 'sell' : g.pick(['buy', 'sell']), type });
    const params = { client_order_id: o.client_id };
    if (tif) o.time_in_force = tif;
    if (tif) params.timeInForce = tif.toUpperCase();
    if (buysByValue) params.cost = Number((o.quote_quantity = g.decimal(2)));
    else o.quantity = g.decimal(8);
    if (type !== 'market') o.price = g.decimal(2);
    if (tif === 'gtd') {
      o.expiry_ms = NOW + 1000 + g.below(1e9);
      params.end_time = new Date(o.expiry_ms).toISOString();
    }
    if (type === 'limit' && [undefined, 'gtc', 'gtd'].includes(tif) && g.maybe()) params.postOnly = o.post_only = true;
    if (type === 'stop-limit') {
      o.trigger_price = g.decimal(2);
      // ccxt's stop loss has no GTD: there its plain trigger with our direction
      if (tif === 'gtd') Object.assign(params, { triggerPrice: o.trigger_price, stop_direction: o.side === 'buy' ? 'STOP_DIRECTION_STOP_UP' : 'STOP_DIRECTION_STOP_DOWN' });
      else params.stopLossPrice = o.trigger_price;
    }
    return (ex) => {
      ex.safeNumber = (d, k, v) => (d && d[k] !== undefined ? d[k] : v);
      ex.safeNumberN = (d, ks, v) => ks.map((k) => d?.[k]).find((x) => x !== undefined) ?? v;
      return ex.createOrder('BTC/USD', type.endsWith('market') ? 'market' : 'limit', o.side, o.quantity, o.price, params);
    };
  },
  edit(g, o) {
    Object.assign(o, { action: 'order-amend', order_id: uuid(g), price: g.decimal(2), quantity: g.decimal(8) });
    return (ex) => ex.editOrder(o.order_id, 'BTC/USD', 'limit', 'buy', o.quantity, o.price);
  },
  cancel(g, o) {
    Object.assign(o, { action: 'order-cancel', order_id: uuid(g) });
    return (ex) => ex.cancelOrders([o.order_id], 'BTC/USD');
  },
  read(g, o) {
    o.action = 'venue-read';
    const call = g.pick(['accounts', 'order', 'portfolios', 'key_permissions', 'transaction_summary']);
    o.call = call;
    if (call === 'order') {
      o.order_id = uuid(g);
      return (ex) => ex.v3PrivateGetBrokerageOrdersHistoricalOrderId({ order_id: o.order_id });
    }
    const name = { accounts: 'Accounts', portfolios: 'Portfolios', key_permissions: 'KeyPermissions', transaction_summary: 'TransactionSummary' }[call];
    return (ex) => ex[`v3PrivateGetBrokerage${name}`]({});
  },
  withdraw(g, o) {
    Object.assign(o, { action: 'venue-withdraw', account: uuid(g), asset: 'XRP', amount: g.decimal(6), to: `r${g.text(33, 'abcdefgh123')}`, tag: `${g.below(1e9)}`, network: 'ripple' });
    return (ex) => ex.v2PrivatePostAccountsAccountIdTransactions({ account_id: o.account, type: 'send', to: o.to, amount: o.amount, currency: 'XRP', destination_tag: o.tag, network: o.network });
  },
  move(g, o) {
    Object.assign(o, { action: 'venue-transfer', account: uuid(g), asset: 'USD', amount: g.decimal(2), to: uuid(g) });
    return (ex) => ex.v3PrivatePostBrokeragePortfoliosMoveFunds({ funds: { value: o.amount, currency: 'USD' }, source_portfolio_uuid: o.account, target_portfolio_uuid: o.to });
  },
};

export function makeCase(g) {
  const kind = g.maybe(0.5) ? 'place' : g.pick(Object.keys(kinds));
  const order = { venue: 'coinbase' };
  const call = kinds[kind](g, order);
  const key = g.pick(['p256', 'ed25519']);
  return { kind, call, input: { order, key, secret: `1${g.hex(63)}`, api_key: `organizations/${uuid(g)}/apiKeys/${uuid(g)}`, now: NOW, nonce: NOW + g.below(1000) } };
}

function publicKey(c, answer) {
  const bytes = Buffer.from(answer.pubkey, 'hex');
  const url = (b) => b.toString('base64url');
  const jwk = c.input.key === 'ed25519'
    ? { kty: 'OKP', crv: 'Ed25519', x: url(bytes) }
    : { kty: 'EC', crv: 'P-256', x: url(bytes.subarray(1, 33)), y: url(bytes.subarray(33)) };
  return { jwk, key: createPublicKey({ key: jwk, format: 'jwk' }) };
}

export async function check(c, answer) {
  const theirs = await take(c.call);
  const url = new URL(theirs.url);
  assert.equal(`${answer.method} ${answer.path}`, `${theirs.method} ${url.pathname}${url.search}`);
  if (theirs.body) assert.deepEqual(JSON.parse(answer.body.toString('utf8')), JSON.parse(theirs.body));
  else assert.equal(answer.body.length, 0);
  const token = answer.headers.Authorization.slice('Bearer '.length);
  const { jwk, key } = publicKey(c, answer);
  const { payload } = await jwtVerify(token, key, { currentDate: new Date(NOW + 1000), issuer: 'cdp', subject: c.input.api_key });
  const header = decodeProtectedHeader(token);
  assert.deepEqual(payload, { sub: c.input.api_key, iss: 'cdp', nbf: NOW / 1000, exp: NOW / 1000 + 120, uri: `${theirs.method} api.coinbase.com${url.pathname}` });
  assert.match(header.nonce, /^[0-9a-f]{64}$/);
  assert.deepEqual(header, { alg: c.input.key === 'ed25519' ? 'EdDSA' : 'ES256', kid: c.input.api_key, nonce: header.nonce, typ: 'JWT' });
  if (c.input.key === 'ed25519') {
    const secret = createPrivateKey({ key: { ...jwk, d: Buffer.from(c.input.secret, 'hex').toString('base64url') }, format: 'jwk' });
    assert.equal(await new SignJWT(payload).setProtectedHeader(header).sign(secret), token);
  }
}

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import ccxt from "ccxt";
import { type Exchange, signInside } from "../src/ccxt.js";
import { ZcpDenied, ZcpError } from "../src/index.js";
import { clientOf, given } from "./support.js";

interface Taken {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
}

function market(id: string, symbol: string, swap: boolean) {
  return {
    id, symbol, base: "BTC", quote: "USDT", baseId: "BTC", quoteId: "USDT", settle: swap ? "USDT" : undefined, settleId: swap ? "USDT" : undefined,
    type: swap ? "swap" : "spot", spot: !swap, swap, future: false, option: false, margin: !swap, contract: swap, linear: swap ? true : undefined,
    inverse: swap ? false : undefined, active: true, contractSize: swap ? 1 : undefined, precision: { amount: 1e-8, price: 1e-8, cost: 1e-8 },
    limits: { amount: {}, price: {}, cost: {}, leverage: {} }, info: { orderTypes: ["LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "STOP", "STOP_MARKET"] },
  };
}

/** An exchange of ccxt with markets of its own that keeps what it would send. */
function offline(id: keyof typeof ccxt, markets: object[], credentials: object = {}): Exchange & { taken: Taken | null } {
  const Kind = ccxt[id] as unknown as new (options: object) => Exchange & { setMarkets(m: object[]): void; fetch: unknown; taken: Taken | null };
  const exchange = new Kind({ enableRateLimit: false, ...credentials });
  exchange.setMarkets(markets);
  exchange.taken = null;
  exchange.options["warnOnFetchOpenOrdersWithoutSymbol"] = false;
  exchange.fetch = async (url: string, method: string, headers: Record<string, string>, body: string) => {
    exchange.taken = { url, method, headers, body };
    return {};
  };
  return exchange;
}

const SPOT = "BTC/USDT";
const SWAP = "BTC/USDT:USDT";
const rows = [
  { id: "binance", key: "binance", symbol: SPOT, market: market("BTCUSDT", SPOT, false), own: ["newClientOrderId", "newOrderRespType", "recvWindow"] },
  { id: "binanceusdm", key: "binance", symbol: SWAP, market: market("BTCUSDT", SWAP, true), own: ["newClientOrderId", "newOrderRespType", "recvWindow"] },
  { id: "bybit", key: "bybit", symbol: SPOT, market: market("BTCUSDT", SPOT, false), own: [] },
  { id: "bybit", key: "bybit", symbol: SWAP, market: market("BTCUSDT", SWAP, true), own: [] },
  { id: "okx", key: "okx", symbol: SPOT, market: market("BTC-USDT", SPOT, false), own: ["tag", "clOrdId"] },
  { id: "kraken", key: "kraken", symbol: SPOT, market: market("XBTUSDT", SPOT, false), own: [] },
] as const;

/** The parameters of a request but for times, signatures and what ccxt adds for itself. */
function parameters({ url, body }: Taken, own: readonly string[]): Record<string, unknown> {
  const at = new URL(url);
  const sent: Record<string, unknown> = Object.fromEntries(at.searchParams);
  Object.assign(sent, body?.startsWith("{") ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body ?? "")));
  for (const name of ["timestamp", "signature", "nonce", ...own]) {
    delete sent[name];
  }
  return sent;
}

const credentials = { apiKey: "an-api-key", secret: "c2VjcmV0MDEyMzQ1Njc4OXNlY3JldDAxMjM0NTY3ODk=", password: "a-passphrase" };
const calls: [string, (exchange: Exchange, symbol: string) => Promise<unknown>][] = [
  ["a limit order", (exchange, symbol) => exchange.createOrder(symbol, "limit", "buy", 0.5, 30000.1, { clientOrderId: "maker1" })],
  ["a market order", (exchange, symbol) => exchange.createOrder(symbol, "market", "sell", 0.25, undefined, { clientOrderId: "maker2" })],
  ["an immediate order", (exchange, symbol) => exchange.createOrder(symbol, "limit", "sell", 1, 31000, { clientOrderId: "maker3", timeInForce: "IOC" })],
  ["a cancellation", (exchange, symbol) => exchange.cancelOrder("12345", symbol)],
];

for (const { id, key, symbol, market: made, own } of rows) {
  for (const [name, call] of calls) {
    test(`${id} ${symbol}, ${name}: what ccxt would send, and no secret here`, async () => {
      const inside = signInside(offline(id, [made]), clientOf("open"), `venue-${key}`);
      const outside = offline(id, [made], credentials);
      Object.assign(outside.options, inside.options);
      // The answer is not a venue's: what ccxt makes of it is not what is tested.
      await call(inside, symbol).catch((error: unknown) => assert(inside.taken !== null, String(error)));
      await call(outside, symbol).catch((error: unknown) => assert(outside.taken !== null, String(error)));
      const [ours, theirs] = [inside.taken!, outside.taken!];
      assert.equal(ours.method, theirs.method);
      assert.equal(new URL(ours.url).origin + new URL(ours.url).pathname, new URL(theirs.url).origin + new URL(theirs.url).pathname);
      assert.deepEqual(parameters(ours, own), parameters(theirs, own));
      assert.deepEqual([inside.apiKey, inside.secret, inside.password].filter(Boolean), []);
    });
  }
}

test("the signature: the venue's own computation holds", async () => {
  const exchange = signInside(offline("binance", [market("BTCUSDT", SPOT, false)]), clientOf("open"), "venue-binance");
  await exchange.createOrder(SPOT, "limit", "buy", 0.5, 30000.1).catch(() => undefined);
  const [text, signature] = exchange.taken!.body.split("&signature=");
  assert.equal(createHmac("sha256", given("ZCP_TEST_SECRET")).update(text!).digest("hex"), signature);
  assert.equal(exchange.taken!.headers["X-MBX-APIKEY"], "an-api-key");
});

test("two orders at once: each sends its own", async () => {
  const exchange = signInside(offline("binance", [market("BTCUSDT", SPOT, false)]), clientOf("open"), "venue-binance");
  const sent: string[] = [];
  (exchange as unknown as { fetch: unknown }).fetch = async (_url: string, _method: string, _headers: object, body: string) => {
    sent.push(new URLSearchParams(body).get("newClientOrderId")!);
    return { symbol: "BTCUSDT", orderId: 1, clientOrderId: sent.at(-1) };
  };
  const names = ["a", "b", "c", "d"].map((name) => `order-${name}`);
  const made = await Promise.all(names.map((clientOrderId) => exchange.createOrder(SPOT, "limit", "buy", 1, 2, { clientOrderId })));
  assert.deepEqual(sent.sort(), names);
  assert.deepEqual(made.map((order) => (order as { clientOrderId: string }).clientOrderId), names);
});

test("what the enclave does not compose: refused before anything is sent", async () => {
  const client = clientOf("open");
  const exchange = signInside(offline("binance", [market("BTCUSDT", SPOT, false)]), client, "venue-binance");
  await assert.rejects(exchange.createOrder(SPOT, "limit", "buy", 1, 2, { icebergQty: 1 }), TypeError);
  await assert.rejects(exchange.editOrder("1", SPOT, "limit", "buy", 1, 2), TypeError);
  const raw = exchange as unknown as { privateGetAccount(): Promise<unknown>; withdraw(...a: unknown[]): Promise<unknown> };
  await assert.rejects(raw.privateGetAccount(), (error: unknown) => error instanceof ZcpError && error.reason === "CLIENT_NOT_COMPOSED");
  assert.equal(exchange.taken, null);
  assert.throws(() => signInside(offline("binance", [], credentials), client, "venue-binance"), /credentials/);
  assert.throws(() => signInside(offline("mexc", []), client, "venue-binance"), /the hook knows/);
});

test("refused by the mission: ZcpDenied from createOrder", async () => {
  const exchange = signInside(offline("binance", [market("BTCUSDT", SPOT, false)]), clientOf("strict"), "venue-binance");
  await assert.rejects(exchange.createOrder(SPOT, "limit", "buy", 1, 2), ZcpDenied);
  assert.equal(exchange.taken, null);
});

/** ccxt without a secret: what an exchange would sign is composed and signed in the enclave. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ZeroCopyClient } from "./client.js";
import { ZcpError } from "./errors.js";
import type { Order, VenueRequest } from "./types.js";
import { amending, cancelling, cancellingAll, type Market, placing, type Precision, reading, type Venue, venues } from "./venues.js";

type Params = Record<string, unknown>;
interface Request {
  url: string;
  method: string;
  headers?: unknown;
  body?: unknown;
}

/** What of a ccxt exchange the hook touches. */
export interface Exchange {
  id: string;
  apiKey: string;
  secret: string;
  password: string;
  privateKey: string;
  options: Params;
  sign(path: string, api: unknown, method: string, params: unknown, headers: unknown, body: unknown): Request;
  loadMarkets(): Promise<unknown>;
  market(symbol: string): unknown;
  amountToPrecision(symbol: string, amount: unknown): string | undefined;
  priceToPrecision(symbol: string, price: unknown): string | undefined;
  createOrder(symbol: string, type: string, side: string, amount: number, price?: number, params?: object): Promise<unknown>;
  editOrder(id: string, symbol: string, type: string, side: string, amount?: number, price?: number, params?: object): Promise<unknown>;
  cancelOrder(id: string, symbol?: string, params?: object): Promise<unknown>;
  cancelAllOrders(symbol?: string, params?: object): Promise<unknown>;
  fetchBalance(params?: object): Promise<unknown>;
  fetchOpenOrders(symbol?: string, since?: number, limit?: number, params?: object): Promise<unknown>;
}

/** ccxt writes a request before it is replaced: with these it can, and nobody else can do anything with them. */
const PLACEHOLDERS = { apiKey: "held-in-the-enclave", secret: "AAAAAAAA", password: "AAAAAAAA" };

/** The signed request of the call that runs; each goes out once. */
interface Prepared {
  request: VenueRequest | null;
}

/**
 * Makes the exchange sign with `key`, which was imported with `zcp key import … --api-key`. The exchange must hold no
 * secret of its own, and gets none: what the enclave does not compose is refused, not signed in another way.
 */
export function signInside<T extends Exchange>(exchange: T, client: ZeroCopyClient, key: string): T {
  const venue = venues[exchange.id];
  if (venue === undefined) {
    throw new TypeError(`${exchange.id}: the hook knows ${Object.keys(venues).join(", ")}`);
  }
  if (exchange.apiKey || exchange.secret || exchange.password || exchange.privateKey) {
    throw new TypeError("the exchange holds credentials: import them into the enclave and leave them out here");
  }
  Object.assign(exchange.options, venue.options);
  const prepared = new AsyncLocalStorage<Prepared>();
  replaceSign(exchange, prepared);
  replaceCalls(exchange, venue, async (order, call) => {
    const request = await client.signOrder(key, order);
    return prepared.run({ request }, call);
  });
  return exchange;
}

function replaceSign(exchange: Exchange, prepared: AsyncLocalStorage<Prepared>): void {
  const own = exchange.sign.bind(exchange);
  exchange.sign = (path, api, method, params, headers, body) => {
    const before = { apiKey: exchange.apiKey, secret: exchange.secret, password: exchange.password };
    try {
      return own(path, api, method, params, headers, body);
    } catch (error) {
      if ((error as Error).constructor.name !== "AuthenticationError") {
        throw error;
      }
      Object.assign(exchange, PLACEHOLDERS);
      return replaced(own(path, api, method, params, headers, body), prepared.getStore());
    } finally {
      Object.assign(exchange, before);
    }
  };
}

/** The enclave's request in place of ccxt's, which must be for the same call of the venue. */
function replaced(theirs: Request, prepared: Prepared | undefined): Request {
  const url = new URL(theirs.url);
  const ours = prepared?.request ?? null;
  if (ours === null) {
    throw refused(`ccxt asks ${theirs.method} ${url.pathname}, and the enclave has signed nothing for it`);
  }
  if (ours.method !== theirs.method || ours.path.split("?")[0] !== url.pathname) {
    throw refused(`ccxt asks ${theirs.method} ${url.pathname}, and the enclave signed ${ours.method} ${ours.path.split("?")[0]}`);
  }
  prepared!.request = null;
  return { url: url.origin + ours.path, method: ours.method, headers: { ...ours.headers }, body: ours.body === "" ? undefined : ours.body };
}

function refused(why: string): ZcpError {
  return new ZcpError("CLIENT_NOT_COMPOSED", why, "compose the request with signOrder");
}

type Run = (order: Order, call: () => Promise<unknown>) => Promise<unknown>;

function replaceCalls(exchange: Exchange, venue: Venue, run: Run): void {
  const { createOrder, editOrder, cancelOrder, cancelAllOrders, fetchBalance, fetchOpenOrders } = exchange;
  const marketOf = async (symbol: string): Promise<Market> => {
    await exchange.loadMarkets();
    return exchange.market(symbol) as Market;
  };
  const maybe = async (symbol?: string) => (symbol === undefined ? undefined : marketOf(symbol));
  const precision = (symbol: string): Precision => ({
    amount: (value) => exchange.amountToPrecision(symbol, value) ?? "",
    price: (value) => exchange.priceToPrecision(symbol, value) ?? "",
  });
  exchange.createOrder = async (symbol, type, side, amount, price, params = {}) => {
    const order = placing(venue, await marketOf(symbol), precision(symbol), type, side, amount, price, params as Params);
    return run(order, () => createOrder.call(exchange, symbol, type, side, amount, price, params));
  };
  exchange.editOrder = async (id, symbol, type, side, amount, price, params = {}) => {
    const order = amending(venue, await marketOf(symbol), precision(symbol), id, side, amount, price, params as Params);
    return run(order, () => editOrder.call(exchange, id, symbol, type, side, amount, price, params));
  };
  exchange.cancelOrder = async (id, symbol, params = {}) =>
    run(cancelling(venue, await maybe(symbol), id, params as Params), () => cancelOrder.call(exchange, id, symbol, params));
  exchange.cancelAllOrders = async (symbol, params = {}) =>
    run(cancellingAll(venue, await maybe(symbol), params as Params), () => cancelAllOrders.call(exchange, symbol, params));
  exchange.fetchBalance = async (params = {}) =>
    run(reading(venue, "balances", undefined, params as Params), () => fetchBalance.call(exchange, params));
  exchange.fetchOpenOrders = async (symbol, since, limit, params = {}) => {
    if (since !== undefined || limit !== undefined) {
      throw new TypeError("open orders are read whole: no since, no limit");
    }
    return run(reading(venue, "open-orders", await maybe(symbol), params as Params),
               () => fetchOpenOrders.call(exchange, symbol, undefined, undefined, params));
  };
}

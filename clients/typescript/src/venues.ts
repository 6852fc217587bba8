/** How ccxt's exchanges and calls are said to the enclave (docs/venues.md). */
import type { Order } from "./types.js";

/** What is read of ccxt's description of a market. */
export interface Market {
  id: string;
  symbol: string;
  spot?: boolean;
  linear?: boolean | undefined;
  inverse?: boolean | undefined;
}

export interface Venue {
  name: string;
  /** What ccxt is set to, so that it asks what the enclave composes. */
  options: Record<string, unknown>;
  account(market: Market): string | undefined;
  /** Stop orders by `stopLossPrice`. */
  stops: boolean;
  /** Where an order is to be found again: what the venue's calls about one take. */
  find: { market: boolean; account: boolean };
  /** What amending takes beyond price and quantity; null where ccxt and the enclave do it in different ways. */
  amend: { side: boolean } | null;
  cancelAll: boolean;
  openOrders: boolean;
}

const none = () => undefined;

export const venues: Record<string, Venue> = {
  binance: {
    name: "binance-spot", options: {}, account: none, stops: true, find: { market: true, account: false }, amend: null,
    cancelAll: true, openOrders: true,
  },
  binanceusdm: {
    name: "binance-usdm", options: {}, account: none, stops: true, find: { market: true, account: false },
    amend: { side: true }, cancelAll: true, openOrders: true,
  },
  bybit: {
    name: "bybit", options: { enableUnifiedMargin: true, enableUnifiedAccount: true, unifiedMarginStatus: 6 },
    account: (market) => (market.spot ? "spot" : market.linear ? "linear" : "inverse"), stops: false,
    find: { market: true, account: true }, amend: { side: false }, cancelAll: true, openOrders: true,
  },
  okx: {
    name: "okx", options: { createOrder: "privatePostTradeOrder" }, account: (market) => (market.spot ? "cash" : "cross"),
    stops: false, find: { market: true, account: false }, amend: { side: false }, cancelAll: false, openOrders: false,
  },
  kraken: {
    name: "kraken", options: {}, account: none, stops: true, find: { market: false, account: false },
    amend: { side: false }, cancelAll: true, openOrders: true,
  },
};

/** How ccxt rounds numbers to what a market takes. */
export interface Precision {
  amount(value: number): string;
  price(value: number): string;
}

type Params = Record<string, unknown>;

/** What an order can say beyond ccxt's own arguments. The rest is refused: nothing that was asked for is dropped. */
function more(params: Params, known: string[]): Partial<Order> {
  const out: Partial<Order> = {};
  for (const [name, value] of Object.entries(params)) {
    if (!known.includes(name)) {
      throw new TypeError(`${name} can't be said to the enclave here; it knows ${known.join(", ")}`);
    }
    if (name === "clientOrderId") {
      out.client_id = String(value);
    } else if (name === "timeInForce") {
      out.time_in_force = String(value).toLowerCase() as NonNullable<Order["time_in_force"]>;
    } else if (name === "postOnly" && value === true) {
      out.post_only = true;
    } else if (name === "reduceOnly" && value === true) {
      out.reduce_only = true;
    }
  }
  return out;
}

function numbers(precision: Precision, amount?: number, price?: number): Partial<Order> {
  return {
    ...(amount === undefined ? {} : { quantity: precision.amount(amount) }),
    ...(price === undefined ? {} : { price: precision.price(price) }),
  };
}

/** What names the market, for calls about orders that exist. */
function place(venue: Venue, market?: Market): Partial<Order> {
  if (market === undefined) {
    return {};
  }
  const account = venue.account(market);
  return {
    ...(venue.find.market ? { market: market.id } : {}),
    ...(venue.find.account && account !== undefined ? { account } : {}),
  };
}

export function placing(venue: Venue, market: Market, precision: Precision, type: string, side: string, amount: number,
                        price: number | undefined, params: Params): Order {
  if ((type !== "limit" && type !== "market") || (side !== "buy" && side !== "sell")) {
    throw new TypeError(`${type} ${side}: limit or market, buy or sell`);
  }
  const { stopLossPrice, ...others } = params;
  if (stopLossPrice !== undefined && !venue.stops) {
    throw new TypeError(`stop orders at ${venue.name} can't be said through ccxt; ask the enclave with signOrder`);
  }
  const account = venue.account(market);
  return {
    venue: venue.name, action: "order-place", market: market.id, side, type: stopLossPrice === undefined ? type : `stop-${type}`,
    ...(account === undefined ? {} : { account }),
    ...numbers(precision, amount, type === "limit" ? price : undefined),
    ...(stopLossPrice === undefined ? {} : { trigger_price: precision.price(Number(stopLossPrice)) }),
    ...more(others, ["clientOrderId", "timeInForce", "postOnly", "reduceOnly"]),
  };
}

export function amending(venue: Venue, market: Market, precision: Precision, id: string, side: string, amount: number | undefined,
                         price: number | undefined, params: Params): Order {
  if (venue.amend === null) {
    throw new TypeError(`orders at ${venue.name} can't be amended through ccxt; ask the enclave with signOrder`);
  }
  return {
    venue: venue.name, action: "order-amend", ...place(venue, market), order_id: id,
    ...(venue.amend.side ? { side: side as "buy" | "sell" } : {}), ...numbers(precision, amount, price), ...more(params, []),
  };
}

export function cancelling(venue: Venue, market: Market | undefined, id: string | undefined, params: Params): Order {
  return {
    venue: venue.name, action: "order-cancel", ...place(venue, market),
    ...(id === undefined ? {} : { order_id: id }), ...more(params, ["clientOrderId"]),
  };
}

export function cancellingAll(venue: Venue, market: Market | undefined, params: Params): Order {
  if (!venue.cancelAll) {
    throw new TypeError(`${venue.name} has no call that cancels all orders`);
  }
  return { venue: venue.name, action: "order-cancel-all", ...place(venue, market), ...more(params, []) };
}

export function reading(venue: Venue, call: "balances" | "open-orders", market: Market | undefined, params: Params): Order {
  if (call === "open-orders" && !venue.openOrders) {
    throw new TypeError(`open orders at ${venue.name} can't be read through ccxt; ask the enclave with signOrder`);
  }
  return { venue: venue.name, action: "venue-read", call, ...place(venue, market), ...more(params, []) };
}

// Each venue: how ccxt is set up for it, and how a random order is said to both.
import ccxt from 'ccxt';

const SECRET = 'c2VjcmV0MDEyMzQ1Njc4OXNlY3JldDAxMjM0NTY3ODk=';
const hexOf = (text) => Buffer.from(text, 'utf8').toString('hex');
const ED25519_SEED = '4f'.repeat(32);
const ED25519_PEM =
  '-----BEGIN PRIVATE KEY-----\n' +
  Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(ED25519_SEED, 'hex')]).toString('base64') +
  '\n-----END PRIVATE KEY-----';

function market(id, symbol, base, quote, settle, more = {}) {
  const swap = settle !== undefined;
  return {
    id, symbol, base, quote, baseId: base, quoteId: quote, settle, settleId: more.settleId ?? settle,
    type: swap ? 'swap' : 'spot', spot: !swap, swap, future: false, option: false, margin: !swap, contract: swap,
    linear: swap ? quote === settle : undefined, inverse: swap ? base === settle : undefined, active: true,
    contractSize: swap ? 1 : undefined, precision: { amount: 1e-8, price: 1e-8, cost: 1e-8 },
    limits: { amount: {}, price: {}, cost: {}, leverage: {} },
    info: {
      orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'STOP', 'STOP_MARKET'],
      quoteIncrement: '0.00000001',
    },
    ...more,
  };
}

function make(id, markets, { options = {}, secret = SECRET, password } = {}) {
  return () => {
    const ex = new ccxt[id]({ apiKey: 'Key0123456789abcdef', secret, password, enableRateLimit: false });
    ex.setMarkets(markets);
    const coin = (code) => ({ id: code, code, precision: 1e-8, networks: { TRC20: { id: 'TRX', network: 'TRC20' } } });
    ex.currencies = { USDT: coin('USDT'), BTC: coin('BTC') };
    ex.currencies_by_id = { USDT: [ex.currencies.USDT], BTC: [ex.currencies.BTC] };
    Object.assign(ex.options, { warnOnFetchOpenOrdersWithoutSymbol: false }, options);
    return ex;
  };
}

const SPOT = 'BTC/USDT';
const SWAP = 'BTC/USDT:USDT';
const INVERSE = 'BTC/USD:BTC';

// Side, prices and quantity, in both languages.
function trade(rng, { tifs = ['ioc', 'fok'], stop = false, reduce = false, whole = false, postOnly = true, noTif = ['none'] } = {}) {
  const side = rng.pick(['buy', 'sell']);
  const limit = rng.random() < 0.7;
  const quantity = whole ? `${1 + Math.floor(rng.random() * 1000)}` : rng.decimal(6);
  const order = { action: 'order-place', side, quantity };
  const params = {};
  const stopped = stop && rng.random() < 0.3;
  order.type = stopped ? (limit ? 'stop-limit' : 'stop-market') : limit ? 'limit' : 'market';
  if (limit) order.price = rng.decimal(4);
  if (stopped) order.trigger_price = rng.decimal(4);
  if (limit && !stopped) {
    const tif = rng.pick([...noTif, ...tifs, ...(postOnly ? ['post'] : [])]);
    if (tif === 'post') {
      order.post_only = true;
      params.postOnly = true;
    } else if (tif !== 'none') {
      order.time_in_force = tif;
      params.timeInForce = tif.toUpperCase();
    }
  }
  if (reduce && rng.random() < 0.3) {
    order.reduce_only = true;
    params.reduceOnly = true;
  }
  return { order, params, type: limit ? 'limit' : 'market', side };
}

const number = (text) => (text === undefined ? undefined : Number(text));

// Places, amends, cancels, reads: the share of each.
function mix(rng, table) {
  let at = rng.random() * table.reduce((sum, [share]) => sum + share, 0);
  for (const [share, run] of table) {
    if (at < share) return run();
    at -= share;
  }
  return table[0][1]();
}

const WITHDRAWAL = (rng) => ({ amount: rng.decimal(6), to: `T${rng.digits(33, 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789')}`, tag: rng.random() < 0.5 ? rng.digits(8) : undefined });

function withdrawal(rng, more, params = {}) {
  const { amount, to, tag } = WITHDRAWAL(rng);
  const order = { action: 'venue-withdraw', asset: 'USDT', amount, to, ...more };
  if (tag !== undefined) order.tag = tag;
  return { order, ccxt: (ex) => ex.withdraw('USDT', Number(amount), to, tag, { network: 'TRC20', ...params }) };
}

function binance(name, title, id, symbol, markets, extra = {}) {
  const window = { window_ms: 10000 };
  const ours = 'BTCUSDT';
  const clientId = (rng) => `my-${rng.digits(12, 'abcdef0123456789')}`;
  return {
    name, title, passphrase: '', masked: ['newOrderRespType'], secretHex: hexOf(SECRET),
    make: make(id, markets, extra.setup), ...extra,
    generate(rng) {
      return mix(rng, [
        [70, () => {
          const client = clientId(rng);
          const { order, params, type, side } = trade(rng, { stop: true, reduce: id === 'binanceusdm', noTif: ['none', 'gtc'] });
          if (order.trigger_price) params.stopLossPrice = Number(order.trigger_price);
          if (id === 'binance' && order.type === 'market' && rng.random() < 0.5) {
            order.quote_quantity = order.quantity;
            delete order.quantity;
            params.cost = Number(order.quote_quantity);
          }
          return {
            order: { ...order, ...window, market: ours, client_id: client },
            ccxt: (ex) => ex.createOrder(symbol, type, side, number(order.quantity ?? order.quote_quantity), number(order.price), { ...params, clientOrderId: client }),
          };
        }],
        [8, () => {
          const order_id = rng.digits(10);
          return { order: { action: 'order-cancel', ...window, market: ours, order_id }, ccxt: (ex) => ex.cancelOrder(order_id, symbol) };
        }],
        [8, () => {
          const client_id = clientId(rng);
          return { order: { action: 'order-cancel', ...window, market: ours, client_id }, ccxt: (ex) => ex.cancelOrder(undefined, symbol, { clientOrderId: client_id }) };
        }],
        [4, () => ({ order: { action: 'order-cancel-all', ...window, market: ours }, ccxt: (ex) => ex.cancelAllOrders(symbol) })],
        [3, () => ({ order: { action: 'venue-read', call: 'balances', ...window }, ccxt: (ex) => ex.fetchBalance() })],
        [3, () => ({ order: { action: 'venue-read', call: 'open-orders', ...window, market: ours }, ccxt: (ex) => ex.fetchOpenOrders(symbol) })],
        [3, () => ({ order: { action: 'venue-read', call: 'fills', ...window, market: ours }, ccxt: (ex) => ex.fetchMyTrades(symbol) })],
        ...(id === 'binance' ? [[8, () => withdrawal(rng, { ...window, network: 'TRX' })], [8, () => {
          const client = clientId(rng);
          const { order, side } = trade(rng, { tifs: [], postOnly: false });
          const order_id = rng.digits(9);
          const price = order.price ?? rng.decimal(2);
          return {
            order: { ...order, type: 'limit', price, action: 'order-amend', ...window, market: ours, client_id: client, order_id },
            ccxt: (ex) => ex.editOrder(order_id, symbol, 'limit', side, number(order.quantity), number(price), { clientOrderId: client }),
          };
        }]] : [[8, () => {
          const { order, side } = trade(rng, {});
          const order_id = rng.digits(9);
          const price = order.price ?? rng.decimal(2);
          return {
            order: { action: 'order-amend', side, quantity: order.quantity, price, ...window, market: ours, order_id },
            ccxt: (ex) => ex.editOrder(order_id, symbol, 'limit', side, number(order.quantity), number(price)),
          };
        }], [8, () => {
          const order_id = rng.digits(10);
          return { order: { action: 'order-cancel', type: 'stop-limit', ...window, market: ours, order_id }, ccxt: (ex) => ex.cancelOrder(order_id, symbol, { trigger: true }) };
        }]]),
      ]);
    },
  };
}

const binanceSpotMarkets = [market('BTCUSDT', SPOT, 'BTC', 'USDT')];
const binanceSwapMarkets = [market('BTCUSDT', SWAP, 'BTC', 'USDT', 'USDT')];

const bybit = {
  name: 'bybit', title: 'Bybit', secretHex: hexOf(SECRET), maskedHeaders: ['Referer'],
  make: make('bybit', [market('BTCUSDT', SPOT, 'BTC', 'USDT'), market('BTCUSDT', SWAP, 'BTC', 'USDT', 'USDT')],
    { options: { enableUnifiedMargin: true, enableUnifiedAccount: true, unifiedMarginStatus: 6 } }),
  generate(rng) {
    const spot = rng.random() < 0.5;
    const symbol = spot ? SPOT : SWAP;
    const where = { market: 'BTCUSDT', account: spot ? 'spot' : 'linear' };
    return mix(rng, [
      [70, () => {
        const client_id = `my-${rng.digits(12)}`;
        const { order, params, type, side } = trade(rng, { stop: !spot, reduce: !spot });
        if (order.trigger_price) Object.assign(params, { triggerPrice: Number(order.trigger_price), triggerDirection: side === 'buy' ? 'ascending' : 'descending' });
        // Of a purchase by value ccxt leaves the unit out, which is then the venue's guess.
        if (spot && order.type === 'market' && side === 'sell' && rng.random() < 0.5) {
          order.quote_quantity = order.quantity;
          delete order.quantity;
          Object.assign(params, { cost: Number(order.quote_quantity), marketUnit: 'quoteCoin' });
        }
        return {
          order: { ...order, ...where, client_id },
          ccxt: (ex) => ex.createOrder(symbol, type, side, number(order.quantity ?? order.quote_quantity), number(order.price), { ...params, clientOrderId: client_id }),
        };
      }],
      [8, () => {
        const order_id = rng.digits(16, 'abcdef0123456789');
        return { order: { action: 'order-cancel', ...where, order_id }, ccxt: (ex) => ex.cancelOrder(order_id, symbol) };
      }],
      [8, () => {
        const order_id = rng.digits(16, 'abcdef0123456789');
        const quantity = rng.decimal(4);
        const price = rng.decimal(3);
        return { order: { action: 'order-amend', ...where, order_id, quantity, price }, ccxt: (ex) => ex.editOrder(order_id, symbol, 'limit', 'buy', Number(quantity), Number(price)) };
      }],
      [4, () => ({ order: { action: 'order-cancel-all', ...where }, ccxt: (ex) => ex.cancelAllOrders(symbol) })],
      [4, () => ({ order: { action: 'venue-read', call: 'open-orders', ...where }, ccxt: (ex) => ex.fetchOpenOrders(symbol) })],
      [4, () => ({ order: { action: 'venue-read', call: 'balances' }, ccxt: (ex) => ex.fetchBalance() })],
      [8, () => withdrawal(rng, { network: 'TRX' })],
    ]);
  },
};

const okx = {
  name: 'okx', title: 'OKX', secretHex: hexOf(SECRET), passphrase: 'Pass-Phrase 1!', masked: ['fee'],
  make: make('okx', [market('BTC-USDT', SPOT, 'BTC', 'USDT'), market('BTC-USDT-SWAP', SWAP, 'BTC', 'USDT', 'USDT')],
    { password: 'Pass-Phrase 1!', options: { createOrder: 'privatePostTradeOrder' } }),
  generate(rng) {
    const spot = rng.random() < 0.5;
    const symbol = spot ? SPOT : SWAP;
    const id = spot ? 'BTC-USDT' : 'BTC-USDT-SWAP';
    return mix(rng, [
      [70, () => {
        const client_id = `my${rng.digits(12)}`;
        const { order, params, type, side } = trade(rng, { reduce: !spot });
        return {
          order: { ...order, market: id, account: spot ? 'cash' : 'cross', client_id },
          ccxt: (ex) => ex.createOrder(symbol, type, side, number(order.quantity), number(order.price), { ...params, clientOrderId: client_id }),
        };
      }],
      [8, () => {
        const order_id = rng.digits(16);
        return { order: { action: 'order-cancel', market: id, order_id }, ccxt: (ex) => ex.cancelOrder(order_id, symbol) };
      }],
      [4, () => {
        const order_id = rng.digits(16);
        return { order: { action: 'order-cancel', type: 'stop-market', market: id, order_id }, ccxt: (ex) => ex.cancelOrder(order_id, symbol, { trigger: true }) };
      }],
      [8, () => {
        const order_id = rng.digits(16);
        const quantity = rng.decimal(4);
        const price = rng.decimal(3);
        return { order: { action: 'order-amend', market: id, order_id, quantity, price }, ccxt: (ex) => ex.editOrder(order_id, symbol, 'limit', 'buy', Number(quantity), Number(price)) };
      }],
      [4, () => ({ order: { action: 'venue-read', call: 'positions', market: id }, ccxt: (ex) => ex.fetchPositions([symbol]) })],
      [4, () => ({ order: { action: 'venue-read', call: 'balances' }, ccxt: (ex) => ex.fetchBalance() })],
      // ccxt asks the venue for the fee when it is not told.
      [8, () => withdrawal(rng, { network: 'USDT-TRC20' }, { fee: '1' })],
    ]);
  },
};

const kraken = {
  name: 'kraken', title: 'Kraken', secretHex: Buffer.from(SECRET, 'base64').toString('hex'),
  make: make('kraken', [market('XBTUSDT', SPOT, 'BTC', 'USDT')]),
  generate(rng) {
    return mix(rng, [
      [70, () => {
        const client_id = `my-${rng.digits(12)}`;
        const { order, params, type, side } = trade(rng, { stop: true, reduce: true });
        if (order.trigger_price) params.stopLossPrice = Number(order.trigger_price);
        return {
          order: { ...order, market: 'XBTUSDT', client_id },
          ccxt: (ex) => ex.createOrder(SPOT, type, side, number(order.quantity), number(order.price), { ...params, clientOrderId: client_id }),
        };
      }],
      [8, () => {
        const order_id = `O${rng.digits(5, 'ABCDEFGH')}-${rng.digits(5, 'ABCDEFGH')}`;
        return { order: { action: 'order-cancel', order_id }, ccxt: (ex) => ex.cancelOrder(order_id, SPOT) };
      }],
      [8, () => {
        const order_id = `O${rng.digits(5, 'ABCDEFGH')}-${rng.digits(5, 'ABCDEFGH')}`;
        const quantity = rng.decimal(4);
        const price = rng.decimal(3);
        return { order: { action: 'order-amend', order_id, quantity, price }, ccxt: (ex) => ex.editOrder(order_id, SPOT, 'limit', 'buy', Number(quantity), Number(price)) };
      }],
      [4, () => ({ order: { action: 'order-cancel-all' }, ccxt: (ex) => ex.cancelAllOrders() })],
      [4, () => ({ order: { action: 'venue-read', call: 'balances' }, ccxt: (ex) => ex.fetchBalance() })],
      [4, () => ({ order: { action: 'venue-read', call: 'open-orders' }, ccxt: (ex) => ex.fetchOpenOrders() })],
      [4, () => {
        const amount = rng.decimal(4);
        return { order: { action: 'venue-transfer', asset: 'USDT', amount, to: 'Futures Wallet' }, ccxt: (ex) => ex.transfer('USDT', Number(amount), 'spot', 'swap') };
      }],
    ]);
  },
};

const bitget = {
  name: 'bitget', title: 'Bitget', secretHex: hexOf(SECRET), passphrase: 'passphrase7',   maskedHeaders: ['X-CHANNEL-API-CODE'],
  make: make('bitget', [market('BTCUSDT', SPOT, 'BTC', 'USDT'), market('BTCUSDT', SWAP, 'BTC', 'USDT', 'USDT')], { password: 'passphrase7' }),
  generate(rng) {
    const spot = rng.random() < 0.5;
    const symbol = spot ? SPOT : SWAP;
    const account = spot ? 'spot' : 'USDT-FUTURES';
    return mix(rng, [
      [70, () => {
        const client_id = `my-${rng.digits(12)}`;
        const { order, params, type, side } = trade(rng, { reduce: !spot });
        if (spot && order.type === 'market' && side === 'buy') {
          order.quote_quantity = order.quantity;
          delete order.quantity;
          params.cost = Number(order.quote_quantity);
        }
        return {
          order: { ...order, market: 'BTCUSDT', account: spot ? account : 'USDT-FUTURES:crossed:USDT', client_id },
          ccxt: (ex) => ex.createOrder(symbol, type, side, number(order.quantity ?? order.quote_quantity), number(order.price), { ...params, clientOrderId: client_id }),
        };
      }],
      [8, () => {
        const order_id = rng.digits(16);
        return { order: { action: 'order-cancel', market: 'BTCUSDT', account, order_id }, ccxt: (ex) => ex.cancelOrder(order_id, symbol) };
      }],
      [4, () => ({ order: { action: 'order-cancel-all', market: 'BTCUSDT', account }, ccxt: (ex) => ex.cancelAllOrders(symbol) })],
      [4, () => ({ order: { action: 'venue-read', call: 'open-orders', market: 'BTCUSDT', account }, ccxt: (ex) => ex.fetchOpenOrders(symbol) })],
      [4, () => {
        const order_id = rng.digits(16);
        return { order: { action: 'order-cancel', type: 'stop-limit', market: 'BTCUSDT', account: 'USDT-FUTURES', order_id }, ccxt: (ex) => ex.cancelOrder(order_id, SWAP, { trigger: true }) };
      }],
      [8, () => withdrawal(rng, { network: 'TRC20' })],
    ]);
  },
};

const kucoin = {
  name: 'kucoin', title: 'KuCoin', secretHex: hexOf(SECRET), passphrase: 'passphrase8',
  maskedHeaders: ['KC-API-PARTNER', 'KC-API-PARTNER-SIGN', 'KC-API-PARTNER-VERIFY', 'KC-BROKER-NAME'], masked: ['hf', 'uta'],
  make: make('kucoin', [market('BTC-USDT', SPOT, 'BTC', 'USDT')], { password: 'passphrase8', options: { uta: false, hf: true } }),
  generate(rng) {
    const p = { uta: false, hf: true };
    return mix(rng, [
      [70, () => {
        const client_id = `my-${rng.digits(12)}`;
        const { order, params, type, side } = trade(rng, { tifs: [], postOnly: true, stop: true });
        if (order.trigger_price) params.stopLossPrice = Number(order.trigger_price);
        if (order.type === 'market' && rng.random() < 0.5) {
          order.quote_quantity = order.quantity;
          delete order.quantity;
          params.cost = Number(order.quote_quantity);
        }
        return {
          order: { ...order, market: 'BTC-USDT', client_id },
          ccxt: (ex) => ex.createOrder(SPOT, type, side, number(order.quantity ?? order.quote_quantity), number(order.price), { ...params, ...p, clientOrderId: client_id }),
        };
      }],
      [8, () => {
        const order_id = rng.digits(24, 'abcdef0123456789');
        return { order: { action: 'order-cancel', market: 'BTC-USDT', order_id }, ccxt: (ex) => ex.cancelOrder(order_id, SPOT, p) };
      }],
      [8, () => {
        const client_id = `my-${rng.digits(12)}`;
        return { order: { action: 'order-cancel', market: 'BTC-USDT', client_id }, ccxt: (ex) => ex.cancelOrder(undefined, SPOT, { ...p, clientOrderId: client_id }) };
      }],
      [8, () => {
        const order_id = rng.digits(24, 'abcdef0123456789');
        const quantity = rng.decimal(4);
        const price = rng.decimal(3);
        return { order: { action: 'order-amend', market: 'BTC-USDT', order_id, quantity, price }, ccxt: (ex) => ex.editOrder(order_id, SPOT, 'limit', 'buy', Number(quantity), Number(price)) };
      }],
      [4, () => ({ order: { action: 'order-cancel-all', market: 'BTC-USDT' }, ccxt: (ex) => ex.cancelAllOrders(SPOT, p) })],
    ]);
  },
};

const gate = {
  name: 'gate', title: 'Gate', secretHex: hexOf(SECRET), masked: [],
  make: make('gate', [market('BTC_USDT', SPOT, 'BTC', 'USDT'), market('BTC_USDT', SWAP, 'BTC', 'USDT', 'USDT', { settleId: 'usdt', precision: { amount: 1, price: 1e-8 } })],
    { options: { unifiedAccount: false, createMarketBuyOrderRequiresPrice: false } }),
  generate(rng) {
    const spot = rng.random() < 0.5;
    const symbol = spot ? SPOT : SWAP;
    const where = { market: 'BTC_USDT', account: spot ? 'spot' : 'futures:usdt' };
    return mix(rng, [
      [70, () => {
        const client_id = `my-${rng.digits(12)}`;
        const { order, params, type, side } = trade(rng, { reduce: !spot, whole: !spot, stop: true });
        if (order.trigger_price) params.stopLossPrice = Number(order.trigger_price);
        if (spot && order.type === 'market' && side === 'buy') {
          order.quote_quantity = order.quantity;
          delete order.quantity;
          params.cost = Number(order.quote_quantity);
        }
        return {
          order: { ...order, ...where, ...(order.trigger_price ? {} : { client_id }) },
          ccxt: (ex) => ex.createOrder(symbol, type, side, number(order.quantity ?? order.quote_quantity), number(order.price), { ...params, ...(order.trigger_price ? {} : { clientOrderId: client_id }) }),
        };
      }],
      [8, () => {
        const order_id = rng.digits(12);
        if (!spot) return { order: { action: 'order-cancel', account: where.account, type: 'stop-limit', order_id, market: 'BTC_USDT' }, ccxt: (ex) => ex.cancelOrder(order_id, symbol, { trigger: true }) };
        return { order: { action: 'order-cancel', ...where, order_id }, ccxt: (ex) => ex.cancelOrder(order_id, symbol) };
      }],
      [4, () => ({ order: { action: 'order-cancel-all', ...where }, ccxt: (ex) => ex.cancelAllOrders(symbol) })],
      [4, () => ({ order: { action: 'venue-read', call: 'positions', account: 'futures:usdt' }, ccxt: (ex) => ex.fetchPositions(undefined, { settle: 'usdt' }) })],
      [4, () => ({ order: { action: 'venue-read', call: 'balances' }, ccxt: (ex) => ex.fetchBalance() })],
      [8, () => withdrawal(rng, { network: 'TRX' })],
    ]);
  },
};

const deribit = {
  name: 'deribit', title: 'Deribit', secretHex: hexOf(SECRET),
  make: make('deribit', [market('BTC-PERPETUAL', INVERSE, 'BTC', 'USD', 'BTC')]),
  generate(rng) {
    return mix(rng, [
      [70, () => {
        const label = `my-${rng.digits(12)}`;
        const { order, params, type, side } = trade(rng, { stop: true, reduce: true });
        if (order.trigger_price) params.stopLossPrice = Number(order.trigger_price);
        return {
          order: { ...order, market: 'BTC-PERPETUAL', client_id: label },
          ccxt: (ex) => ex.createOrder(INVERSE, type, side, number(order.quantity), number(order.price), { ...params, label }),
        };
      }],
      [8, () => {
        const order_id = `BTC-${rng.digits(10)}`;
        return { order: { action: 'order-cancel', order_id }, ccxt: (ex) => ex.cancelOrder(order_id, INVERSE) };
      }],
      [8, () => {
        const order_id = `BTC-${rng.digits(10)}`;
        const quantity = rng.decimal(1);
        const price = rng.decimal(2);
        return { order: { action: 'order-amend', order_id, quantity, price }, ccxt: (ex) => ex.editOrder(order_id, INVERSE, 'limit', 'buy', Number(quantity), Number(price)) };
      }],
      [4, () => ({ order: { action: 'order-cancel-all', market: 'BTC-PERPETUAL' }, ccxt: (ex) => ex.cancelAllOrders(INVERSE) })],
      [4, () => ({ order: { action: 'order-cancel-all' }, ccxt: (ex) => ex.cancelAllOrders() })],
      [4, () => ({ order: { action: 'venue-read', call: 'positions' }, ccxt: (ex) => ex.fetchPositions() })],
    ]);
  },
};

export const venues = [
  binance('binance-spot', 'Binance spot', 'binance', SPOT, binanceSpotMarkets),
  binance('binance-spot', 'Binance spot, Ed25519', 'binance', SPOT, binanceSpotMarkets,
    { key: 'ed25519', secretHex: ED25519_SEED, setup: { secret: ED25519_PEM } }),
  binance('binance-usdm', 'Binance USD-M', 'binanceusdm', SWAP, binanceSwapMarkets),
  bybit, okx, kraken, bitget, kucoin, gate, deribit,
];

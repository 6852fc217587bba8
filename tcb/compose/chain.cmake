set(ZC_COMPOSE_CHAIN_SOURCES
    chain_number.c msgpack.c jwt.c
    hyperliquid.c hyperliquid_action.c hyperliquid_sign.c hyperliquid_user.c hyperliquid_order.c hyperliquid_move.c
    dydx.c dydx_order.c dydx_move.c
    coinbase.c coinbase_order.c coinbase_read.c)

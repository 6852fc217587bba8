"""Ethereum transactions for tests: an RLP writer and reader of its own, beside the product's."""


def number(value):
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def rlp(item):
    if isinstance(item, int):
        item = number(item)
    if isinstance(item, (bytes, bytearray)):
        return bytes(item) if len(item) == 1 and item[0] < 0x80 else _head(0x80, len(item)) + item
    inner = b"".join(map(rlp, item))
    return _head(0xC0, len(inner)) + inner


def _head(base, length):
    if length < 56:
        return bytes([base + length])
    size = number(length)
    return bytes([base + 55 + len(size)]) + size


def items(data):
    """The items of one RLP list as bytes; inner lists are left encoded."""
    start, end, _ = _span(data, 0)
    found = []
    while start < end:
        inner_start, inner_end, is_list = _span(data, start)
        found.append(data[start:inner_end] if is_list else data[inner_start:inner_end])
        start = inner_end
    return found


def _span(data, at):
    first = data[at]
    if first < 0x80:
        return at, at + 1, False
    is_list = first >= 0xC0
    length = first - (0xC0 if is_list else 0x80)
    start = at + 1
    if length > 55:
        size = length - 55
        length = int.from_bytes(data[start:start + size], "big")
        start += size
    return start, start + length, is_list


ETH = 10**18
TREASURY = bytes.fromhex("70997970C51812dc3A010C7d01b50e0d17dc79C8")
SETTLEMENT = bytes.fromhex("3C44CdDdB6a900fa2b585dd299e03d12FA4293BC")
USDC = bytes.fromhex("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48")


def eip1559(nonce, value=1, to=TREASURY, data=b"", chain=1, gas=21000, fee=2, tip=1):
    """An unsigned EIP-1559 transaction; the fee is tiny unless a test wants it otherwise."""
    return b"\x02" + rlp([chain, nonce, tip, fee, gas, to, value, data, []])


def eip155(nonce, value=1, to=TREASURY, chain=1, gas=21000, price=2):
    return rlp([nonce, price, gas, to, value, b"", chain, b"", b""])


def token_transfer(nonce, amount, to=TREASURY, token=USDC):
    data = bytes.fromhex("a9059cbb") + bytes(12) + to + amount.to_bytes(32, "big")
    return eip1559(nonce, value=0, to=token, data=data, gas=100000)

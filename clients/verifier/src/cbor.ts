/** CBOR as documents have it: a canonical envelope around a payload that need not be canonical. */
import { type Reader } from "./bytes.js";

export const UINT = 0;
export const BYTES = 2;
export const TEXT = 3;
export const ARRAY = 4;
export const MAP = 5;
export const TAG = 6;

const MAX_DEPTH = 16;
const NULL = 0xf6;
const BREAK = 0xff;

export interface Head {
  type: number;
  /** Number, length, count or tag. Beyond 2^53 it is Infinity: too large for anything here. */
  value: number;
  indefinite: boolean;
}

/** The next head, of any width; `canonical` refuses all but the shortest, and indefinite lengths. */
export function head(reader: Reader, canonical: boolean): Head {
  const first = reader.u8();
  const type = first >> 5;
  const info = first & 31;
  if (info < 24) {
    return { type, value: info, indefinite: false };
  }
  if (info === 31 && !canonical && (type >= BYTES && type <= MAP || first === BREAK)) {
    return { type, value: 0, indefinite: true };
  }
  if (info > 27) {
    return reader.fail();
  }
  let value = 0n;
  for (const byte of reader.take(1 << (info - 24))) {
    value = (value << 8n) | BigInt(byte);
  }
  /* Simple values below 32 have one byte only (RFC 8949, section 3.3). */
  const wasteful = value < [24n, 0x100n, 0x10000n, 0x100000000n][info - 24]!;
  if (type === 7 ? info === 24 && value < 32n : canonical && wasteful) {
    return reader.fail();
  }
  return { type, value: value > BigInt(Number.MAX_SAFE_INTEGER) ? Infinity : Number(value), indefinite: false };
}

export function isNull(reader: Reader): boolean {
  if (reader.left > 0 && reader.peek() === NULL) {
    reader.u8();
    return true;
  }
  return false;
}

/** A byte or text string in one piece. */
export function string(reader: Reader, type: number, most: number, canonical: boolean): Uint8Array {
  const found = head(reader, canonical);
  if (found.type !== type || found.indefinite || found.value > most) {
    return reader.fail();
  }
  return reader.take(found.value);
}

export function text(reader: Reader, most: number): string {
  const bytes = string(reader, TEXT, most, false);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return reader.fail();
  }
}

export function uint(reader: Reader, most: number): number {
  const found = head(reader, false);
  return found.type === UINT && found.value <= most ? found.value : reader.fail();
}

/** Calls `item` for each item (pair of a map) of a container of either length, `most` at the most. */
export function each(reader: Reader, type: number, most: number, item: () => void): number {
  const found = head(reader, false);
  if (found.type !== type) {
    return reader.fail();
  }
  let count = 0;
  for (;;) {
    if (found.indefinite && reader.peek() === BREAK) {
      reader.u8();
      return count;
    }
    if (!found.indefinite && count === found.value) {
      return count;
    }
    if (count === most) {
      return reader.fail();
    }
    item();
    count += 1;
  }
}

/** A container that is being passed over. */
interface Open {
  /** Items that it still lacks; Infinity until its break. */
  left: number;
  seen: number;
  isMap: boolean;
  /** The type that its pieces have, when it is a string in pieces. */
  piece?: number;
}

/** Passes over one item of any kind, without recursion. */
export function skip(reader: Reader): void {
  const open: Open[] = [];
  do {
    const top = open.at(-1);
    if (top?.left === Infinity && reader.peek() === BREAK) {
      if (top.isMap && top.seen % 2 !== 0) {
        reader.fail();
      }
      reader.u8();
      open.pop();
    } else {
      skipHead(reader, open, top);
    }
    while (open.at(-1)?.left === 0) {
      open.pop();
    }
  } while (open.length > 0);
}

function skipHead(reader: Reader, open: Open[], top: Open | undefined): void {
  const { type, value, indefinite } = head(reader, false);
  if (top !== undefined) {
    top.left -= 1;
    top.seen += 1;
    if (top.piece !== undefined && (type !== top.piece || indefinite)) {
      reader.fail();
    }
  }
  if (type === 7) {
    /* A number or a simple value; a break stands only where something is open. */
    return indefinite ? reader.fail() : undefined;
  }
  const isString = type === BYTES || type === TEXT;
  if (isString && !indefinite) {
    reader.take(value);
    return;
  }
  if (type < BYTES) {
    return;
  }
  const items = type === TAG ? 1 : type === MAP ? 2 * value : value;
  if (open.length === MAX_DEPTH || (!indefinite && items > reader.left)) {
    reader.fail();
  }
  const container: Open = { left: indefinite ? Infinity : items, seen: 0, isMap: type === MAP };
  if (isString) {
    container.piece = type;
  }
  open.push(container);
}

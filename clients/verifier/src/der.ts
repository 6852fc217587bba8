/** DER (X.690), as strict as certificates and signatures need it. */
import { type Bytes, Reader } from "./bytes.js";

export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OID = 0x06;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;
export const SEQUENCE = 0x30;

const MAX_DEPTH = 16;

export interface Value {
  tag: number;
  content: Uint8Array;
  /** With its header. */
  whole: Uint8Array;
}

/** One value with a tag of one byte and the shortest length. */
export function readAny(reader: Reader): Value {
  const start = reader.offset;
  const tag = reader.u8();
  let len = reader.u8();
  if ((tag & 0x1f) === 0x1f || len === 0x80 || len > 0x83) {
    return reader.fail();
  }
  if (len > 0x80) {
    const bytes = reader.take(len - 0x80);
    len = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    if (bytes[0] === 0 || len < 0x80) {
      return reader.fail();
    }
  }
  const content = reader.take(len);
  return { tag, content, whole: reader.since(start) };
}

export function read(reader: Reader, tag: number): Value {
  const value = readAny(reader);
  return value.tag === tag ? value : reader.fail();
}

export function enter(reader: Reader, tag: number): Reader {
  return new Reader(read(reader, tag).content, reader.fail);
}

export function nextIs(reader: Reader, tag: number): boolean {
  return reader.left > 0 && reader.peek() === tag;
}

/** A shortest, not negative integer, left-padded to `len` bytes. */
export function unsigned(reader: Reader, len: number): Bytes {
  const { content } = read(reader, INTEGER);
  const first = content[0] ?? reader.fail();
  const padded = first === 0 && content.length > 1;
  if (first > 0x7f || (padded && content[1]! < 0x80)) {
    return reader.fail();
  }
  const digits = content.subarray(padded ? 1 : 0);
  if (digits.length > len) {
    return reader.fail();
  }
  const out = new Uint8Array(len);
  out.set(digits, len - digits.length);
  return out;
}

/** Whether the whole input is one value, strict all the way down. Without recursion. */
export function check(bytes: Uint8Array, fail: () => never): void {
  let level: Reader[] = [new Reader(bytes, fail)];
  for (let depth = 0; level.length > 0; depth += 1) {
    const below: Reader[] = [];
    for (const reader of level) {
      while (reader.left > 0) {
        const value = readAny(reader);
        if ((value.tag & 0x20) !== 0) {
          below.push(new Reader(value.content, fail));
        }
        if (depth === 0) {
          reader.end();
        }
      }
    }
    if (depth === MAX_DEPTH && below.length > 0) {
      fail();
    }
    level = below;
  }
}

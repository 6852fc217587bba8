/** Bytes whose buffer is their own kind of memory: what WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

export function concat(...parts: Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Hex in either case, without 0x. Throws a TypeError for anything else: it is the caller's own. */
export function fromHex(text: string): Bytes {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new TypeError("not hexadecimal");
  }
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The one way to touch a document: a cursor that never passes its end. */
export class Reader {
  #at = 0;

  /** `fail` is called for whatever the bytes do not hold; it does not return. */
  constructor(readonly bytes: Uint8Array, readonly fail: () => never) {}

  get offset(): number {
    return this.#at;
  }

  get left(): number {
    return this.bytes.length - this.#at;
  }

  peek(): number {
    return this.bytes[this.#at] ?? this.fail();
  }

  u8(): number {
    const byte = this.peek();
    this.#at += 1;
    return byte;
  }

  take(len: number): Uint8Array {
    if (!Number.isSafeInteger(len) || len < 0 || len > this.left) {
      this.fail();
    }
    this.#at += len;
    return this.bytes.subarray(this.#at - len, this.#at);
  }

  /** The bytes from an earlier offset up to here. */
  since(offset: number): Uint8Array {
    return this.bytes.subarray(offset, this.#at);
  }

  end(): void {
    if (this.left !== 0) {
      this.fail();
    }
  }
}

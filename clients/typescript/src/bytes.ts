import type { Hex } from "./types.js";

/** 0x and lower case, whatever the form of the bytes. Throws a TypeError for what is no hexadecimal. */
export function toHex(bytes: Hex | Uint8Array): Hex {
  if (typeof bytes !== "string") {
    return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
  }
  if (!/^0x([0-9a-fA-F]{2})*$/.test(bytes)) {
    throw new TypeError("not hexadecimal with 0x");
  }
  return bytes.toLowerCase() as Hex;
}

/** Of what an answer holds; null when it is no hexadecimal. */
export function fromHex(text: unknown): Uint8Array | null {
  return typeof text === "string" && /^0x([0-9a-fA-F]{2})*$/.test(text) ? Buffer.from(text.slice(2), "hex") : null;
}

/** A venue's signed request, as the enclave hands it out: { 1: method, 2: path, 3: [[name, value]…], 4: body } in CBOR. */
import { Reader } from "../../verifier/src/bytes.js";
import * as cbor from "../../verifier/src/cbor.js";
import { unreadable } from "./transport.js";
import type { VenueRequest } from "./types.js";

const TEXT_MAX = 8192;
const HEADERS_MAX = 32;
const BODY_MAX = 1 << 20;

function key(reader: Reader, number: number): void {
  if (cbor.uint(reader, 4) !== number) {
    reader.fail();
  }
}

/** Throws a ZcpError for anything else. */
export function readVenueRequest(bytes: Uint8Array): VenueRequest {
  const reader = new Reader(bytes, () => {
    throw unreadable(200, "the signed request can't be read");
  });
  const map = cbor.head(reader, true);
  if (map.type !== cbor.MAP || map.value !== 4) {
    reader.fail();
  }
  key(reader, 1);
  const method = cbor.text(reader, TEXT_MAX);
  key(reader, 2);
  const path = cbor.text(reader, TEXT_MAX);
  key(reader, 3);
  const headers: Record<string, string> = {};
  cbor.each(reader, cbor.ARRAY, HEADERS_MAX, () => {
    if (cbor.head(reader, true).value !== 2) {
      reader.fail();
    }
    const name = cbor.text(reader, TEXT_MAX);
    headers[name] = cbor.text(reader, TEXT_MAX);
  });
  key(reader, 4);
  const body = new TextDecoder("utf-8", { fatal: true }).decode(cbor.string(reader, cbor.BYTES, BODY_MAX, true));
  reader.end();
  return { method, path, headers, body };
}

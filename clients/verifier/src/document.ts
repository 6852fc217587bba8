/** The Nitro document: COSE_Sign1 around a CBOR map. Parsing believes nothing. */
import { type Bytes, Reader, concat, equal, isZero } from "./bytes.js";
import * as cbor from "./cbor.js";
import { refuse } from "./reasons.js";

const DOCUMENT_MAX = 0x3000;
const CERTIFICATE_MAX = 1024;
const CABUNDLE_MAX = 8;
const FIELD_MAX = 1024;
const FIELDS_MAX = 32;
const PCR_COUNT = 32;
const PCR_SIZE = 48;
const SIGN1_TAG = 0xd2;
/** {1: -35}: ES384. */
const PROTECTED = Uint8Array.of(0xa1, 0x01, 0x38, 0x22);

export interface Document {
  moduleId: string;
  timestampMs: number;
  /** By index. */
  pcrs: Map<number, Uint8Array>;
  certificate: Uint8Array;
  /** From the root to the issuer of `certificate`. */
  cabundle: Uint8Array[];
  publicKey: Uint8Array | null;
  userData: Uint8Array | null;
  nonce: Uint8Array | null;
}

export interface Envelope {
  payload: Uint8Array;
  signature: Uint8Array;
  /** What the signature covers. */
  signed: Bytes;
}

/** One canonical COSE_Sign1, under tag 18 or none, and nothing after it. */
export function openEnvelope(document: Uint8Array): Envelope {
  if (document.length > DOCUMENT_MAX) {
    return refuse("ATTEST_DOCUMENT_TOO_LONG");
  }
  const reader = new Reader(document, () => refuse("ATTEST_NOT_SIGN1"));
  if (reader.peek() === SIGN1_TAG) {
    reader.u8();
  }
  const outer = cbor.head(reader, true);
  if (outer.type !== cbor.ARRAY || outer.value !== 4) {
    return reader.fail();
  }
  const header = cbor.string(reader, cbor.BYTES, Infinity, true);
  const start = reader.offset;
  cbor.skip(reader);
  const unprotected = reader.since(start);
  const payload = cbor.string(reader, cbor.BYTES, Infinity, true);
  const signature = cbor.string(reader, cbor.BYTES, Infinity, true);
  reader.end();
  if (!equal(header, PROTECTED)) {
    return refuse("ATTEST_WRONG_ALGORITHM");
  }
  if (!equal(unprotected, Uint8Array.of(0xa0)) || signature.length !== 96) {
    return reader.fail();
  }
  return { payload, signature, signed: toBeSigned(payload) };
}

/** ["Signature1", protected, no external data, payload]. */
function toBeSigned(payload: Uint8Array): Bytes {
  const len = payload.length;
  const head = len < 24 ? [0x40 | len] : len < 256 ? [0x58, len] : [0x59, len >> 8, len & 0xff];
  return concat(Uint8Array.of(0x84, 0x6a), new TextEncoder().encode("Signature1"),
                Uint8Array.of(0x44), PROTECTED, Uint8Array.of(0x40, ...head), payload);
}

type Fields = Partial<Document> & { digest?: true };
const required = ["moduleId", "digest", "timestampMs", "pcrs", "certificate", "cabundle"] as const;

export function parsePayload(payload: Uint8Array): Document {
  const reader = new Reader(payload, () => refuse("ATTEST_BAD_PAYLOAD"));
  const fields: Fields = {};
  const seen = new Set<string>();
  cbor.each(reader, cbor.MAP, FIELDS_MAX, () => {
    const name = cbor.text(reader, 64);
    const read = readers[name];
    if (read === undefined) {
      cbor.skip(reader);
    } else if (seen.has(name)) {
      refuse("ATTEST_DUPLICATE_FIELD");
    } else {
      seen.add(name);
      read(reader, fields);
    }
  });
  reader.end();
  if (required.some((name) => fields[name] === undefined)) {
    return refuse("ATTEST_MISSING_FIELD");
  }
  const { publicKey = null, userData = null, nonce = null } = fields;
  return { ...(fields as Document), publicKey, userData, nonce };
}

/** What each field holds. A Map would do; an object without a prototype reads better. */
const readers: Record<string, ((reader: Reader, fields: Fields) => void) | undefined> = {
  __proto__: null as never,
  module_id(reader, fields) {
    fields.moduleId = cbor.text(reader, 256);
    /* NitroTPM documents use the same envelope and root. */
    if (!fields.moduleId.includes("-enc")) {
      refuse("ATTEST_NOT_AN_ENCLAVE");
    }
  },
  digest(reader, fields) {
    if (cbor.text(reader, 256) !== "SHA384") {
      refuse("ATTEST_WRONG_DIGEST");
    }
    fields.digest = true;
  },
  timestamp(reader, fields) {
    fields.timestampMs = cbor.uint(reader, Number.MAX_SAFE_INTEGER);
  },
  pcrs(reader, fields) {
    fields.pcrs = readPcrs(reader);
  },
  certificate(reader, fields) {
    fields.certificate = readCertificate(reader);
  },
  cabundle(reader, fields) {
    const list: Uint8Array[] = [];
    cbor.each(reader, cbor.ARRAY, CABUNDLE_MAX, () => list.push(readCertificate(reader)));
    fields.cabundle = list.length > 0 ? list : refuse("ATTEST_MISSING_FIELD");
  },
  public_key(reader, fields) {
    fields.publicKey = readOptional(reader);
  },
  user_data(reader, fields) {
    fields.userData = readOptional(reader);
  },
  nonce(reader, fields) {
    fields.nonce = readOptional(reader);
  },
};

function readPcrs(reader: Reader): Map<number, Uint8Array> {
  const pcrs = new Map<number, Uint8Array>();
  cbor.each(reader, cbor.MAP, PCR_COUNT, () => {
    const index = cbor.uint(reader, PCR_COUNT - 1);
    const value = cbor.string(reader, cbor.BYTES, PCR_SIZE, false);
    if (value.length !== PCR_SIZE) {
      refuse("ATTEST_WRONG_DIGEST");
    }
    if (pcrs.has(index)) {
      refuse("ATTEST_DUPLICATE_FIELD");
    }
    pcrs.set(index, value);
  });
  return pcrs.size > 0 ? pcrs : refuse("ATTEST_MISSING_FIELD");
}

function readCertificate(reader: Reader): Uint8Array {
  const der = cbor.string(reader, cbor.BYTES, CERTIFICATE_MAX, false);
  return der.length > 0 ? der : reader.fail();
}

function readOptional(reader: Reader): Uint8Array | null {
  return cbor.isNull(reader) ? null : cbor.string(reader, cbor.BYTES, FIELD_MAX, false);
}

/** PCR0, PCR1 and PCR2 are all zero or not there at all. */
export function isDebug(document: Document): boolean {
  return [0, 1, 2].every((index) => isZero(document.pcrs.get(index) ?? new Uint8Array(0)));
}


/** X.509 chains of Nitro documents: the strict profile that they have, each rule by itself. */
import { type Bytes, Reader, concat, equal } from "./bytes.js";
import * as der from "./der.js";
import { refuse } from "./reasons.js";

const CHAIN_MAX = 8;
const EXTENSIONS_MAX = 32;
const DIGITAL_SIGNATURE = 0x80;
const CERT_SIGN = 0x04;
/** AlgorithmIdentifier of ECDSA with SHA-384 (RFC 5758). */
const ECDSA_SHA384 = Uint8Array.of(0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03);
/** A P-384 SubjectPublicKeyInfo up to and with the 04 of the point (RFC 5480). */
const P384_SPKI = Uint8Array.of(0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
                                0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04);
const BASIC_CONSTRAINTS = Uint8Array.of(0x55, 0x1d, 0x13);
const KEY_USAGE = Uint8Array.of(0x55, 0x1d, 0x0f);

interface Certificate {
  tbs: Uint8Array;
  issuer: Uint8Array;
  subject: Uint8Array;
  spki: Uint8Array;
  algorithm: Uint8Array;
  /** r ‖ s. */
  signature: Bytes;
  notBefore: number;
  notAfter: number;
  constraints?: { isCa: boolean; pathLength: number };
  keyUsage?: number;
  unknownCritical: boolean;
}

const bad = (): never => refuse("ATTEST_BAD_CHAIN");

function parse(bytes: Uint8Array): Certificate {
  der.check(bytes, bad);
  const outer = der.enter(new Reader(bytes, bad), der.SEQUENCE);
  const tbs = der.read(outer, der.SEQUENCE);
  const algorithm = der.read(outer, der.SEQUENCE).whole;
  const bits = der.read(outer, der.BIT_STRING).content;
  outer.end();
  const inner = new Reader(tbs.content, bad);
  readVersionAndSerial(inner);
  const innerAlgorithm = der.read(inner, der.SEQUENCE).whole;
  const issuer = der.read(inner, der.SEQUENCE).whole;
  const validity = der.enter(inner, der.SEQUENCE);
  const notBefore = readTime(validity);
  const notAfter = readTime(validity);
  validity.end();
  const subject = der.read(inner, der.SEQUENCE).whole;
  const spki = der.read(inner, der.SEQUENCE).whole;
  if (bits[0] !== 0 || bits.length < 2 || !equal(algorithm, innerAlgorithm)) {
    return bad();
  }
  const certificate: Certificate = { tbs: tbs.whole, issuer, subject, spki, algorithm, notBefore, notAfter,
                                     signature: readSignature(bits.subarray(1)), unknownCritical: false };
  if (inner.left > 0) {
    readExtensions(inner, certificate);
  }
  inner.end();
  return certificate;
}

function readVersionAndSerial(tbs: Reader): void {
  const tagged = der.enter(tbs, 0xa0);
  const version = der.unsigned(tagged, 1)[0];
  tagged.end();
  const serial = der.read(tbs, der.INTEGER).content;
  if (version !== 2 || serial.length === 0 || serial.length > 21) {
    bad();
  }
}

/** SEQUENCE { r, s } with scalars of 48 bytes. */
function readSignature(bytes: Uint8Array): Bytes {
  const reader = new Reader(bytes, bad);
  const inside = der.enter(reader, der.SEQUENCE);
  const raw = concat(der.unsigned(inside, 48), der.unsigned(inside, 48));
  inside.end();
  reader.end();
  return raw;
}

/** Seconds since 1970 of a UTCTime or GeneralizedTime with seconds, in Z (RFC 5280, section 4.1.2.5). */
function readTime(reader: Reader): number {
  const short = der.nextIs(reader, der.UTC_TIME);
  const { content } = der.read(reader, short ? der.UTC_TIME : der.GENERALIZED_TIME);
  const text = String.fromCharCode(...content);
  const parts = (short ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(text);
  if (parts === null) {
    return bad();
  }
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [number, number, number, number, number, number];
  const full = short ? year + (year < 50 ? 2000 : 1900) : year;
  const date = new Date(Date.UTC(full, month - 1, day, hour, minute, second));
  const exists = date.getUTCFullYear() === full && date.getUTCMonth() === month - 1 && date.getUTCDate() === day &&
                 hour < 24 && minute < 60 && second < 60;
  return exists && full >= 1970 ? date.getTime() / 1000 : bad();
}

function readBoolean(reader: Reader): boolean {
  const { content } = der.read(reader, der.BOOLEAN);
  return content.length === 1 && (content[0] === 0 || content[0] === 0xff) ? content[0] === 0xff : bad();
}

function readExtensions(tbs: Reader, certificate: Certificate): void {
  const tagged = der.enter(tbs, 0xa3);
  const list = der.enter(tagged, der.SEQUENCE);
  tagged.end();
  for (let i = 0; i < EXTENSIONS_MAX && list.left > 0; i += 1) {
    readExtension(der.enter(list, der.SEQUENCE), certificate);
  }
  list.end();
}

function readExtension(reader: Reader, certificate: Certificate): void {
  const oid = der.read(reader, der.OID).content;
  const critical = der.nextIs(reader, der.BOOLEAN) && readBoolean(reader);
  const value = new Reader(der.read(reader, der.OCTET_STRING).content, bad);
  reader.end();
  if (equal(oid, BASIC_CONSTRAINTS)) {
    readBasicConstraints(value, certificate);
  } else if (equal(oid, KEY_USAGE)) {
    const bits = der.read(value, der.BIT_STRING).content;
    if (certificate.keyUsage !== undefined || bits.length < 2 || bits.length > 3 || bits[0]! > 7) {
      bad();
    }
    certificate.keyUsage = bits[1]!;
    value.end();
  } else {
    certificate.unknownCritical ||= critical;
  }
}

function readBasicConstraints(value: Reader, certificate: Certificate): void {
  const inside = der.enter(value, der.SEQUENCE);
  const isCa = der.nextIs(inside, der.BOOLEAN) && readBoolean(inside);
  const pathLength = der.nextIs(inside, der.INTEGER) ? der.unsigned(inside, 1)[0]! : Infinity;
  inside.end();
  value.end();
  if (certificate.constraints !== undefined) {
    bad();
  }
  certificate.constraints = { isCa, pathLength };
}

/** The point of a P-384 key, as WebCrypto imports it. */
function publicPoint(certificate: Certificate): Bytes {
  const { spki } = certificate;
  return spki.length === P384_SPKI.length + 96 && equal(spki.subarray(0, P384_SPKI.length), P384_SPKI)
    ? concat(spki.subarray(P384_SPKI.length - 1))
    : bad();
}

/** ECDSA P-384 with SHA-384 over the message; r ‖ s. A point off the curve verifies nothing. */
export async function verifyP384(point: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  const algorithm = { name: "ECDSA", namedCurve: "P-384" };
  try {
    const key = await crypto.subtle.importKey("raw", point, algorithm, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-384" }, key, signature, message);
  } catch {
    return false;
  }
}

/** What holds for every certificate of a chain. */
function checkCommon(certificate: Certificate, at: number): void {
  if (!equal(certificate.algorithm, ECDSA_SHA384) || certificate.unknownCritical) {
    bad();
  }
  if (at < certificate.notBefore) {
    refuse("ATTEST_NOT_YET_VALID");
  }
  if (at > certificate.notAfter) {
    refuse("ATTEST_EXPIRED");
  }
}

/** What holds for one that issues, with `below` more issuers between it and the leaf. */
function checkIssuer(certificate: Certificate, below: number): void {
  const { constraints, keyUsage } = certificate;
  if (constraints?.isCa !== true || keyUsage === undefined || (keyUsage & CERT_SIGN) === 0 ||
      below > constraints.pathLength) {
    bad();
  }
}

/**
 * The key of the leaf, once every rule holds from the pinned root down. The first certificate of the
 * bundle must be the root byte for byte: a bundled root is never trusted.
 */
export async function verifyChain(root: Uint8Array, bundle: Uint8Array[], leaf: Uint8Array, at: number): Promise<Bytes> {
  if (bundle.length === 0 || bundle.length > CHAIN_MAX) {
    return bad();
  }
  if (!equal(bundle[0]!, root)) {
    return refuse("ATTEST_FOREIGN_ROOT");
  }
  let issuer = parse(root);
  checkCommon(issuer, at);
  for (let i = 0; i < bundle.length; i += 1) {
    checkIssuer(issuer, bundle.length - 1 - i);
    const next = parse(bundle[i + 1] ?? leaf);
    if (!equal(next.issuer, issuer.subject) ||
        !(await verifyP384(publicPoint(issuer), concat(next.tbs), next.signature))) {
      return bad();
    }
    checkCommon(next, at);
    issuer = next;
  }
  if (issuer.constraints?.isCa === true || (issuer.keyUsage !== undefined && (issuer.keyUsage & DIGITAL_SIGNATURE) === 0)) {
    return bad();
  }
  return publicPoint(issuer);
}

/** Real documents of real enclaves, each held to its published verdict, and what others got wrong. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Policy, type Reason, awsRoot, toJson, verify } from "../src/index.js";

interface Row {
  file: string;
  kind: string;
  timestamp_ms: number;
  module_id: string;
  nonce: string | null;
  user_data: string | null;
  public_key: string | null;
  nonzero_pcrs: Record<string, string>;
}

const here = dirname(fileURLToPath(import.meta.url));
/* dist/test → the repository's own folder is four up. */
const vectors = join(process.env["ZCP_VECTORS"] ?? resolve(here, "../../../../../shared/vectors"), "nitro");
const skip = existsSync(join(vectors, "manifest.json")) ? false : `there are no vectors at ${vectors} (set ZCP_VECTORS)`;
const rows: Row[] = skip ? [] : (JSON.parse(readFileSync(join(vectors, "manifest.json"), "utf8")) as Row[]);
const verdicts: Record<string, Reason | null> = {
  prod: null, debug: "ATTEST_DEBUG_MODE", badsig: "ATTEST_BAD_SIGNATURE", foreignroot: "ATTEST_FOREIGN_ROOT",
};

const hex = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString("hex");
const bytesOf = (row: Row): Uint8Array => new Uint8Array(readFileSync(join(vectors, row.file)));
const timeOf = (row: Row): Date => new Date(row.timestamp_ms);
const sound = (): Row => rows.find((row) => row.kind === "prod" && row.nonce !== null)!;

/** A small generator with a seed: the same cases on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test("verify: real documents: as published", { skip }, async () => {
  assert.ok(rows.length >= 20);
  for (const row of rows) {
    const expected = verdicts[row.kind];
    assert.notEqual(expected, undefined, row.kind);
    const conclusion = await verify(bytesOf(row), { at: timeOf(row) });
    assert.equal(conclusion.reason, expected, row.file);
    assert.equal(conclusion.valid, expected === null, row.file);
    assert.equal(conclusion.hardware, expected === null, row.file);
  }
});

test("verify: sound documents: every field", { skip }, async () => {
  for (const row of rows.filter(({ kind }) => kind === "prod")) {
    const { claims } = await verify(bytesOf(row), { at: timeOf(row) });
    assert.ok(claims);
    assert.equal(claims.moduleId, row.module_id);
    assert.equal(claims.timestampMs, row.timestamp_ms);
    assert.deepEqual([hex(claims.nonce), hex(claims.userData), hex(claims.publicKey)], [row.nonce, row.user_data, row.public_key]);
    const nonzero = [...claims.pcrs].filter(([, value]) => value.some((byte) => byte !== 0));
    assert.deepEqual(Object.fromEntries(nonzero.map(([index, value]) => [index, hex(value)])), row.nonzero_pcrs);
  }
});

test("verify: now, a day later, a year before: refused", { skip }, async () => {
  for (const row of rows.filter(({ kind }) => kind !== "foreignroot")) {
    const day = 86400_000;
    assert.equal((await verify(bytesOf(row), { at: new Date() })).reason, "ATTEST_EXPIRED", row.file);
    assert.equal((await verify(bytesOf(row), { at: new Date(row.timestamp_ms + day) })).reason, "ATTEST_EXPIRED");
    assert.equal((await verify(bytesOf(row), { at: new Date(row.timestamp_ms - 365 * day) })).reason, "ATTEST_NOT_YET_VALID");
  }
});

test("verify: expectations: each counts", { skip }, async () => {
  const row = sound();
  const refused = async (policy: Omit<Policy, "at">): Promise<Reason | null> =>
    (await verify(bytesOf(row), { at: timeOf(row), ...policy })).reason;
  const pcr0 = row.nonzero_pcrs["0"]!;
  assert.equal(await refused({ nonce: row.nonce!, pcrs: { 0: pcr0 }, moduleId: row.module_id }), null);
  assert.equal(await refused({ nonce: row.nonce!.slice(2) }), "ATTEST_WRONG_NONCE");
  assert.equal(await refused({ nonce: "" }), "ATTEST_WRONG_NONCE");
  assert.equal(await refused({ pcrs: { 0: pcr0, 1: "ab".repeat(48) } }), "ATTEST_WRONG_PCR");
  assert.equal(await refused({ pcrs: { 0: pcr0.slice(2) } }), "ATTEST_WRONG_PCR");
  assert.equal(await refused({ pcrs: { 31: pcr0 } }), "ATTEST_MISSING_PCR");
  assert.equal(await refused({ pcrs: { 9: "00".repeat(48) } }), "ATTEST_WRONG_PCR");
  assert.equal(await refused({ moduleId: "i-0-enc0" }), "EVIDENCE_WRONG_MODULE");
  assert.equal(await refused({ userData: "00" }), "EVIDENCE_WRONG_USER_DATA");
  assert.equal(await refused({ missionHash: "11".repeat(32) }), "EVIDENCE_WRONG_MISSION");
  assert.equal(await refused({ logKey: "11".repeat(32) }), "EVIDENCE_NOT_BOUND");
  await assert.rejects(refused({ nonce: "not hex" }), TypeError);
});

test("verify: under a root of the caller's: never hardware", { skip }, async () => {
  const foreign = rows.find(({ kind }) => kind === "foreignroot")!;
  const other = Uint8Array.from(awsRoot);
  other[other.length - 1]! ^= 1;
  assert.equal((await verify(bytesOf(sound()), { at: timeOf(sound()), root: other })).reason, "ATTEST_FOREIGN_ROOT");
  const conclusion = await verify(bytesOf(foreign), { at: timeOf(foreign), root: other });
  assert.deepEqual([conclusion.valid, conclusion.hardware], [false, false]);
});

test("verify: an empty list of measurements: says that nothing was asked", { skip }, async () => {
  const row = sound();
  const { checks } = await verify(bytesOf(row), { at: timeOf(row), pcrs: {} });
  assert.equal(checks.find(({ name }) => name === "measurements")?.state, "not-asked");
});

test("verify: emulated, tagged and wrapped envelopes: by the rules", { skip }, async () => {
  const row = sound();
  const document = bytesOf(row);
  const at = timeOf(row);
  const tagged = Uint8Array.of(0xd2, ...document);
  assert.equal((await verify(tagged, { at })).valid, true);
  assert.equal((await verify(Uint8Array.of(0xd1, ...document), { at })).reason, "ATTEST_NOT_SIGN1");
  assert.equal((await verify(Uint8Array.of(...document, 0), { at })).reason, "ATTEST_NOT_SIGN1");
  /* [h'a10120', …]: what QEMU's module makes. */
  const emulated = Uint8Array.of(0x84, 0x43, 0xa1, 0x01, 0x20, ...document.subarray(6));
  assert.equal((await verify(emulated, { at })).reason, "ATTEST_WRONG_ALGORITHM");
  /* The same array, its head one byte longer. */
  assert.equal((await verify(Uint8Array.of(0x98, 0x04, ...document.subarray(1)), { at })).reason, "ATTEST_NOT_SIGN1");
  assert.equal((await verify(new Uint8Array(0x3001), { at })).reason, "ATTEST_DOCUMENT_TOO_LONG");
  assert.equal((await verify(new Uint8Array(0), { at })).reason, "ATTEST_NOT_SIGN1");
});

test("verify: thousands of altered documents: none is valid, none throws", { skip }, async () => {
  const next = random(7);
  const pool = rows.filter(({ kind }) => kind === "prod");
  for (let i = 0; i < 2000; i += 1) {
    const row = pool[Math.floor(next() * pool.length)]!;
    const document = bytesOf(row);
    const at = Math.floor(next() * document.length);
    let altered = document;
    if (i % 3 === 0) {
      altered = document.slice(0, at);
    } else if (i % 3 === 1) {
      altered[at]! ^= 1 << Math.floor(next() * 8);
    } else {
      altered = Uint8Array.of(...document.subarray(0, at), Math.floor(next() * 256), ...document.subarray(at));
    }
    const conclusion = await verify(altered, { at: timeOf(row) });
    assert.equal(conclusion.valid, false, `case ${i}: ${row.file} at ${at}`);
    assert.equal(conclusion.claims, null);
  }
});

test("toJson: the fields of zcp verify --json", { skip }, async () => {
  const row = sound();
  const json = toJson(await verify(bytesOf(row), { at: timeOf(row) }));
  assert.deepEqual([json["valid"], json["reason"], json["hardware"]], [true, "", true]);
  assert.equal((json["pcrs"] as Record<string, string>)["0"], row.nonzero_pcrs["0"]);
});

// Reads a made log as a stranger would: its checkpoints as signed notes and its inclusion proofs with
// @sigstore/verify, its consistency proofs with @transmute/rfc9162. Nothing of ours checks anything here.
//
//     node compare.mjs GENERATOR DRIVER ENTRIES PROOFS SEED
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

const require = createRequire(import.meta.url);
const { crypto } = require("@sigstore/core");
const sigstore = path.dirname(require.resolve("@sigstore/verify"));
const { verifyCheckpoint } = require(path.join(sigstore, "tlog", "checkpoint.js"));
const { verifyMerkleInclusion } = require(path.join(sigstore, "tlog", "merkle.js"));
const { RFC9162 } = require("@transmute/rfc9162");

const [generator, driver, entries, proofs, seed] = process.argv.slice(2);
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
let notes = 0, included = 0, continued = 0, refused = 0;

// The log key stands in the first entry: ["zcp-genesis-v1", id 32, identity 33, log key 32, …].
function logKey(folder) {
  const name = "zcp-genesis-v1";
  const tile = path.join(folder, "tile/entries/000");
  const bundle = readFileSync(existsSync(tile) ? tile : path.join(`${tile}.p`, readdirSync(`${tile}.p`)[0]));
  const at = bundle.indexOf(name) + name.length;
  return bundle.subarray(at + 2 + 32 + 2 + 33 + 2, at + 2 + 32 + 2 + 33 + 2 + 32);
}

function authority(origin, key) {
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]);
  const id = sha256(origin, "\n\x01", key).subarray(0, 4);
  return { logID: Buffer.concat([id, Buffer.alloc(28)]), baseURL: origin, publicKey: crypto.createPublicKey(der, "spki") };
}

function readNote(text, log) {
  return verifyCheckpoint({ inclusionProof: { checkpoint: { envelope: text } } }, [log]);
}

function fails(run) {
  assert.throws(run);
  refused++;
}

function checkNotes(folder, size, earlier) {
  const text = readFileSync(path.join(folder, "checkpoint"), "utf8");
  const origin = text.split("\n")[0];
  const log = authority(origin, logKey(folder));
  const found = new Map();
  for (const [file, covered] of [["checkpoint", size], ...earlier.map((at) => [`checkpoint.${at}`, at])]) {
    const note = readFileSync(path.join(folder, file), "utf8");
    const read = readNote(note, log);
    assert.equal(read.origin, origin);
    assert.equal(read.logSize, BigInt(covered));
    found.set(Number(covered), Buffer.from(read.logHash).toString("hex"));
    notes++;
    const at = 80 + notes % 40;
    fails(() => readNote(note.slice(0, at) + (note[at] === "1" ? "2" : "1") + note.slice(at + 1), log));
    fails(() => readNote(note, authority(origin, sha256("another key"))));
  }
  return found;
}

function checkInclusion([index, size, root, entry, ...hashes]) {
  const proof = {
    canonicalizedBody: Buffer.from(entry, "hex"),
    inclusionProof: { logIndex: index, hashes: hashes.map((hash) => Buffer.from(hash, "hex")) },
  };
  const checkpoint = { logSize: BigInt(size), logHash: Buffer.from(root, "hex") };
  verifyMerkleInclusion(proof, checkpoint);
  included++;
  fails(() => verifyMerkleInclusion({ ...proof, canonicalizedBody: Buffer.from(entry + "00", "hex") }, checkpoint));
}

// RFC 9162 has the verifier put the old root in front where the old size is a power of two.
async function checkConsistency([old, oldRoot, size, root, ...hashes]) {
  const roots = [oldRoot, root].map((hash) => new Uint8Array(Buffer.from(hash, "hex")));
  const path = hashes.map((hash) => new Uint8Array(Buffer.from(hash, "hex")));
  if ((BigInt(old) & (BigInt(old) - 1n)) === 0n) {
    path.unshift(roots[0]);
  }
  const proof = { log_id: "", tree_size_1: Number(old), tree_size_2: Number(size), consistency_path: path };
  assert.equal(await RFC9162.verifyConsistencyProof(roots[0], roots[1], proof), true, `from ${old} to ${size}`);
  continued++;
  assert.equal(await RFC9162.verifyConsistencyProof(roots[1], roots[0], proof).catch(() => false), false);
  refused++;
}

async function checkLog(size, number) {
  const home = mkdtempSync(path.join(tmpdir(), "zcp-tlog-"));
  try {
    const earlier = ["1", "2", "255", "256", "257", "1000"].filter((at) => Number(at) < size);
    execFileSync(generator, [home, String(size), "400", ...earlier]);
    const folder = path.join(home, "log");
    const roots = checkNotes(folder, size, earlier);
    const lines = execFileSync(driver, [folder, String(size), number, seed], { maxBuffer: 1 << 28 }).toString().trim().split("\n");
    assert.equal(lines.length, 2 * Number(number));
    for (const line of lines) {
      const [kind, ...words] = line.split(" ");
      if (kind === "inclusion") {
        assert.equal(words[2], roots.get(size));
        checkInclusion(words);
      } else {
        const signed = roots.get(Number(words[0]));
        assert.ok(signed === undefined || signed === words[1], "the signed root of the older log is another");
        assert.equal(words[3], roots.get(size));
        await checkConsistency(words);
      }
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

for (const size of [2, 3, 7, 8, 255, 256, 257, 511, 512, 513, Number(entries)]) {
  await checkLog(size, size === Number(entries) ? proofs : "40");
}
console.log(`${notes} checkpoints, ${included} inclusion and ${continued} consistency proofs hold; ${refused} spoiled ones do not`);

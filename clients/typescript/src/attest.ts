/** That what answers runs in the enclave that was pinned: a fresh document, verified here and not by the gateway. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type Conclusion, type Policy, verify } from "../../verifier/src/index.js";
import { ZcpNotVerified } from "./errors.js";

const NONCE_LEN = 32;
const DOCUMENT_MAX = 16 << 10;

/** Who it has to be. */
export interface Pin {
  /** The deployment, as `zcp status` shows it: 64 hexadecimal digits. */
  deploymentId: string;
  /** The published measurements; PCR0 at least. */
  pcrs: Record<number, string>;
  /** The hash of the mission that it must obey, as `zcp mission show` prints it. */
  missionHash?: string;
  logKey?: string;
  /** A root (DER) in place of the one of AWS: for deployments without hardware, such as `zcp up` makes. */
  root?: Uint8Array;
}

export interface Attested {
  /** True under the root of AWS alone. */
  hardware: boolean;
  conclusion: Conclusion;
  document: Uint8Array;
}

/** The pin of a deployment whose folder is on this machine: D/deployment.json. */
export async function readPin(file: string): Promise<Pin> {
  const made = JSON.parse(await readFile(file, "utf8")) as { deployment_id?: unknown; pcr0?: unknown; root?: unknown };
  if (typeof made.deployment_id !== "string" || typeof made.pcr0 !== "string") {
    throw new TypeError(`${file} names no deployment and no measurement`);
  }
  const pin: Pin = { deploymentId: made.deployment_id, pcrs: { 0: made.pcr0 } };
  if (typeof made.root === "string") {
    pin.root = certificateOf(await readFile(resolve(dirname(file), made.root), "utf8"));
  }
  return pin;
}

function certificateOf(pem: string): Uint8Array {
  const found = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem);
  if (found === null) {
    throw new TypeError("the root is no certificate in PEM");
  }
  return Uint8Array.from(Buffer.from(found[1]!, "base64"));
}

function policyOf(pin: Pin, nonce: Uint8Array): Policy {
  if (!/^[0-9a-fA-F]{64}$/.test(pin.deploymentId) || !/^[0-9a-fA-F]{96}$/.test(pin.pcrs[0] ?? "")) {
    throw new TypeError("a pin has a deployment (64 digits) and PCR0 (96 digits): without them any enclave would do");
  }
  return {
    at: new Date(), nonce, deploymentId: pin.deploymentId, pcrs: pin.pcrs,
    ...(pin.missionHash === undefined ? {} : { missionHash: pin.missionHash }),
    ...(pin.logKey === undefined ? {} : { logKey: pin.logKey }),
    ...(pin.root === undefined ? {} : { root: pin.root }),
  };
}

/** `ask` takes a nonce in hexadecimal and gives back the document in base64. */
export async function verifyFresh(pin: Pin, ask: (nonce: string) => Promise<unknown>): Promise<Attested> {
  const nonce = Uint8Array.from(randomBytes(NONCE_LEN));
  const policy = policyOf(pin, nonce);
  const encoded = await ask(Buffer.from(nonce).toString("hex"));
  const document = Uint8Array.from(typeof encoded === "string" ? Buffer.from(encoded, "base64") : []);
  if (document.length === 0 || document.length > DOCUMENT_MAX) {
    throw new ZcpNotVerified("CLIENT_BAD_ANSWER", "the answer has no attestation document");
  }
  const conclusion = await verify(document, policy);
  if (!conclusion.valid) {
    const failed = conclusion.checks.find((check) => check.state === "failed");
    throw new ZcpNotVerified(conclusion.reason ?? "", `this is not the enclave that was pinned: ${failed?.detail ?? ""}`,
                             "see the pin against what `zcp status` and the published measurements say");
  }
  return { hardware: conclusion.hardware, conclusion, document };
}

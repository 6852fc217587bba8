/** The verdict: what `zcp verify --doc` concludes, in the browser. */
import { type Binding, readBinding } from "./binding.js";
import { concat, equal, fromHex, isZero, toHex } from "./bytes.js";
import { verifyChain, verifyP384 } from "./certificate.js";
import { type Document, isDebug, openEnvelope, parsePayload } from "./document.js";
import { Refusal, type Reason, reasons, refuse } from "./reasons.js";
import { awsRoot } from "./root.js";

/** How far a document's clock may run ahead of ours. */
const CLOCK_SKEW_SECONDS = 300;

/** What a document is held against; all that is given must hold. Hex may stand for bytes. */
export interface Policy {
  /** The time that everything is held against: now for a live document, its own for an archived one. */
  at: Date;
  /** A root (DER) in place of the AWS one; then the result never counts as hardware. */
  root?: Uint8Array;
  nonce?: Uint8Array | string;
  pcrs?: Record<number, Uint8Array | string>;
  moduleId?: string;
  userData?: Uint8Array | string;
  missionHash?: Uint8Array | string;
  logKey?: Uint8Array | string;
  deploymentId?: Uint8Array | string;
}

export interface Check {
  name: string;
  state: "passed" | "failed" | "not-asked";
  detail: string;
}

export interface Claims {
  moduleId: string;
  timestampMs: number;
  pcrs: Map<number, Uint8Array>;
  nonce: Uint8Array | null;
  userData: Uint8Array | null;
  publicKey: Uint8Array | null;
  /** When user_data describes a ZeroCopy deployment. */
  binding: Binding | null;
}

export interface Conclusion {
  valid: boolean;
  /** The first check that failed; null when valid. */
  reason: Reason | null;
  /** Valid and under the AWS root. */
  hardware: boolean;
  checks: Check[];
  /** Null unless valid: what did not verify says nothing. */
  claims: Claims | null;
}

function bytesOf(value: Uint8Array | string): Uint8Array {
  return typeof value === "string" ? fromHex(value) : value;
}

type Step = (name: string, detail: string, check: () => void | Promise<void>) => Promise<void>;

/** Verifies a document. Never throws on what the document holds; throws a TypeError for a policy that is no policy. */
export async function verify(document: Uint8Array, policy: Policy): Promise<Conclusion> {
  const checks: Check[] = [];
  const step: Step = async (name, detail, check) => {
    try {
      await check();
      checks.push({ name, state: "passed", detail });
    } catch (error) {
      if (error instanceof Refusal) {
        checks.push({ name, state: "failed", detail: reasons[error.reason] });
      }
      throw error;
    }
  };
  try {
    const claims = await authenticate(document, policy, step);
    await holdAgainst(claims, policy, step, checks);
    return { valid: true, reason: null, hardware: equal(policy.root ?? awsRoot, awsRoot), checks, claims };
  } catch (error) {
    if (error instanceof Refusal) {
      return { valid: false, reason: error.reason, hardware: false, checks, claims: null };
    }
    throw error;
  }
}

async function authenticate(bytes: Uint8Array, policy: Policy, step: Step): Promise<Claims> {
  const root = policy.root ?? awsRoot;
  const at = Math.floor(policy.at.getTime() / 1000);
  if (!Number.isFinite(at)) {
    throw new TypeError("policy.at is no time");
  }
  let parsed!: { document: Document; envelope: ReturnType<typeof openEnvelope> };
  await step("form", "COSE_Sign1 in canonical CBOR, a Nitro payload", () => {
    const envelope = openEnvelope(bytes);
    parsed = { envelope, document: parsePayload(envelope.payload) };
  });
  const { document, envelope } = parsed;
  let key!: Awaited<ReturnType<typeof verifyChain>>;
  await step("certificates", "from the pinned root to the leaf; all in date", async () => {
    key = await verifyChain(root, document.cabundle, document.certificate, at);
  });
  await step("signature", "ES384 by the leaf, over every byte", async () => {
    if (!(await verifyP384(key, envelope.signed, concat(envelope.signature)))) {
      refuse("ATTEST_BAD_SIGNATURE");
    }
  });
  await step("debug mode", "off: PCR0 to PCR2 are not zero", () => {
    if (isDebug(document)) {
      refuse("ATTEST_DEBUG_MODE");
    }
  });
  await step("time", "made no later than the time it is held against", () => {
    if (Math.floor(document.timestampMs / 1000) > at + CLOCK_SKEW_SECONDS) {
      refuse("ATTEST_FROM_THE_FUTURE");
    }
  });
  const { moduleId, timestampMs, pcrs, nonce, userData, publicKey } = document;
  return { moduleId, timestampMs, pcrs, nonce, userData, publicKey, binding: readBinding(userData) };
}

async function holdAgainst(claims: Claims, policy: Policy, step: Step, checks: Check[]): Promise<void> {
  if (policy.nonce === undefined) {
    checks.push({ name: "nonce", state: "not-asked", detail: "not asked: this may be a replay of an old one" });
  } else {
    const nonce = bytesOf(policy.nonce);
    await step("nonce", "the one that was asked for: made for you, now", () => {
      if (nonce.length === 0 || claims.nonce === null || !equal(claims.nonce, nonce)) {
        refuse("ATTEST_WRONG_NONCE");
      }
    });
  }
  await checkPcrs(claims, policy, step, checks);
  if (policy.moduleId !== undefined && policy.moduleId !== claims.moduleId) {
    await step("module", "", () => refuse("EVIDENCE_WRONG_MODULE"));
  }
  if (policy.userData !== undefined) {
    const wanted = bytesOf(policy.userData);
    await step("user data", "as expected", () => {
      if (!equal(claims.userData ?? new Uint8Array(0), wanted)) {
        refuse("EVIDENCE_WRONG_USER_DATA");
      }
    });
  }
  await checkMission(claims, policy, step);
  await checkBound(claims, policy.deploymentId, "deployment", "deploymentId", "EVIDENCE_WRONG_DEPLOYMENT", step);
  await checkBound(claims, policy.logKey, "log key", "logKey", "EVIDENCE_WRONG_LOG_KEY", step);
}

/** An empty list is no expectation: it would accept anything, and says so. */
async function checkPcrs(claims: Claims, policy: Policy, step: Step, checks: Check[]): Promise<void> {
  const wanted = Object.entries(policy.pcrs ?? {}).map(([index, value]) => [Number(index), bytesOf(value)] as const);
  if (wanted.length === 0) {
    checks.push({ name: "measurements", state: "not-asked", detail: "not asked: any code of its maker would pass" });
    return;
  }
  await step("measurements", `${wanted.map(([index]) => `PCR${index}`).join(" ")} as expected`, () => {
    for (const [index, value] of wanted) {
      const found = claims.pcrs.get(index) ?? refuse("ATTEST_MISSING_PCR");
      /* A zero measurement is what debug mode shows: nobody may expect it. */
      if (!equal(found, value) || isZero(value)) {
        refuse("ATTEST_WRONG_PCR");
      }
    }
  });
}

/** The mission counts where PCR16 holds it, SHA384(0^48 ‖ hash): user data is what the code says. */
async function checkMission(claims: Claims, policy: Policy, step: Step): Promise<void> {
  const wanted = policy.missionHash === undefined ? null : bytesOf(policy.missionHash);
  const claimed = claims.binding?.missionHash ?? wanted;
  if (claimed === null) {
    return;
  }
  await step("mission", "measured in PCR16", async () => {
    const extended = await crypto.subtle.digest("SHA-384", concat(new Uint8Array(48), claimed));
    const found = claims.pcrs.get(16) ?? refuse("EVIDENCE_WRONG_MISSION");
    if (!equal(found, new Uint8Array(extended)) || (wanted !== null && !equal(wanted, claimed))) {
      refuse("EVIDENCE_WRONG_MISSION");
    }
  });
}

async function checkBound(claims: Claims, value: Uint8Array | string | undefined, name: string, field: keyof Binding,
                          reason: Reason, step: Step): Promise<void> {
  if (value === undefined) {
    return;
  }
  const wanted = bytesOf(value);
  await step(name, "the expected one", () => {
    const binding = claims.binding ?? refuse("EVIDENCE_NOT_BOUND");
    if (!equal(binding[field], wanted)) {
      refuse(reason);
    }
  });
}

/** A conclusion as the JSON of `zcp verify --json` has it. */
export function toJson(conclusion: Conclusion): Record<string, unknown> {
  const { claims } = conclusion;
  const pcrs = Object.fromEntries([...(claims?.pcrs ?? [])].map(([index, value]) => [index, toHex(value)]));
  const common = { valid: conclusion.valid, reason: conclusion.reason === null ? "" : reasons[conclusion.reason],
                   hardware: conclusion.hardware, pcrs, checks: conclusion.checks };
  return claims === null
    ? { ...common, reason_name: conclusion.reason }
    : { ...common, module_id: claims.moduleId, timestamp_ms: claims.timestampMs };
}

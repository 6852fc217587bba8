/** What a ZeroCopy enclave says in user_data: whose it is, and what it vouches for. */
import { Reader } from "./bytes.js";
import * as cbor from "./cbor.js";
import { Refusal, refuse } from "./reasons.js";

export interface Binding {
  deploymentId: Uint8Array;
  identity: Uint8Array;
  logKey: Uint8Array;
  tlsSpkiSha256: Uint8Array;
  missionHash: Uint8Array;
  bootId: Uint8Array;
  genesisSha256: Uint8Array;
}

/** In the order of their keys, 1 to 7. */
const layout: [keyof Binding, number][] = [
  ["deploymentId", 32], ["identity", 33], ["logKey", 32], ["tlsSpkiSha256", 32], ["missionHash", 32], ["bootId", 16],
  ["genesisSha256", 32],
];

/** Exactly one canonical binding, or null. */
export function readBinding(userData: Uint8Array | null): Binding | null {
  if (userData === null) {
    return null;
  }
  try {
    return parse(userData);
  } catch (error) {
    if (error instanceof Refusal) {
      return null;
    }
    throw error;
  }
}

function parse(bytes: Uint8Array): Binding {
  const reader = new Reader(bytes, () => refuse("EVIDENCE_NOT_BOUND"));
  const fields: Partial<Binding> = {};
  const map = cbor.head(reader, true);
  if (map.type !== cbor.MAP || map.value !== layout.length) {
    return reader.fail();
  }
  layout.forEach(([name, len], i) => {
    const key = cbor.head(reader, true);
    const value = cbor.string(reader, cbor.BYTES, len, true);
    if (key.type !== cbor.UINT || key.value !== i + 1 || value.length !== len) {
      reader.fail();
    }
    fields[name] = value;
  });
  reader.end();
  return fields as Binding;
}

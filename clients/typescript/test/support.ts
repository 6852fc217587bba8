/** What the tests are given: a gateway in front of a running enclave, and a local node. */
import { ZeroCopyClient } from "../src/index.js";

export function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: clients/typescript/test/gateway_test.py runs these tests`);
  }
  return value;
}

export const treasury = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
export const stranger = "0x00000000000000000000000000000000DeaDBeef";

/** A client of the deployment whose mission allows all (`open`), or of the one with limits (`strict`). */
export function clientOf(which: "open" | "strict" | "review"): ZeroCopyClient {
  return new ZeroCopyClient({ url: given(`ZCP_TEST_${which.toUpperCase()}`), token: given("ZCP_TEST_TOKEN") });
}

export const typed = {
  domain: { name: "Mail", version: "1", chainId: 31337, verifyingContract: treasury },
  types: { Person: [{ name: "name", type: "string" }, { name: "wallet", type: "address" }] },
  message: { name: "Cow", wallet: treasury },
} as const;

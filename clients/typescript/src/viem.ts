/** An account of viem whose key is in the enclave. */
import {
  hashMessage, hashTypedData, type Hex, isAddressEqual, keccak256, type LocalAccount, parseSignature, recoverAddress,
  serializeTransaction, stringToBytes, type TransactionSerializable, toBytes,
} from "viem";
import { toAccount } from "viem/accounts";
import type { ZeroCopyClient } from "./client.js";
import { ZcpNotVerified } from "./errors.js";

/** Looks the key's address up, and makes the account. */
export async function zeroCopyAccount(client: ZeroCopyClient, key: string): Promise<LocalAccount> {
  const { address } = await client.key(key);
  if (address === undefined) {
    throw new TypeError(`${key} is no key of Ethereum`);
  }
  const held = async (hash: Hex, signature: Hex, what: string): Promise<Hex> => {
    if (!isAddressEqual(await recoverAddress({ hash, signature }), address)) {
      throw new ZcpNotVerified("CLIENT_WRONG_SIGNATURE", `the signature is not this key's over this ${what}`, "see what listens at the gateway's address");
    }
    return signature;
  };
  return toAccount({
    address,
    async signMessage({ message }) {
      const raw = typeof message === "string" ? stringToBytes(message) : typeof message.raw === "string" ? toBytes(message.raw) : message.raw;
      const { signature } = await client.signMessage(key, raw);
      return held(hashMessage({ raw }), signature, "message");
    },
    async signTransaction(transaction, options) {
      const serializer = (options?.serializer ?? serializeTransaction) as typeof serializeTransaction;
      // What is signed of a transaction with blobs are their hashes, not the blobs.
      const signable = (transaction.type === "eip4844" ? { ...transaction, sidecars: false } : transaction) as TransactionSerializable;
      const unsigned = serializer(signable);
      const { signature } = await client.signTx(key, unsigned);
      await held(keccak256(unsigned), signature, "transaction");
      return serializer(transaction as TransactionSerializable, parseSignature(signature)) as Hex;
    },
    async signTypedData(parameters) {
      const { signature } = await client.signTypedData(key, JSON.parse(JSON.stringify(withDomain(parameters), decimal)) as object);
      return held(hashTypedData(parameters as Parameters<typeof hashTypedData>[0]), signature, "typed data");
    },
  }) as LocalAccount;
}

type TypedData = { domain?: object; types?: object; primaryType?: unknown; message?: object };

/** Whole numbers beyond 2^53 travel as texts. */
function decimal(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

const domainFields: [string, string][] = [
  ["name", "string"], ["version", "string"], ["chainId", "uint256"], ["verifyingContract", "address"], ["salt", "bytes32"],
];

/** viem lets the domain's type be left out; eth_signTypedData_v4 does not. */
function withDomain(parameters: unknown): object {
  const { domain = {}, types = {}, primaryType, message } = parameters as TypedData;
  const EIP712Domain = domainFields.filter(([name]) => name in domain).map(([name, type]) => ({ name, type }));
  return { domain, types: { EIP712Domain, ...types }, primaryType, message };
}

/** A signer of ethers (v6) whose key is in the enclave. */
import {
  AbstractSigner, copyRequest, getAddress, type Provider, recoverAddress, resolveAddress, resolveProperties, Transaction, type TransactionLike,
  type TransactionRequest, type TypedDataDomain, TypedDataEncoder, type TypedDataField, toUtf8Bytes, hashMessage,
} from "ethers";
import type { ZeroCopyClient } from "./client.js";
import { ZcpNotVerified } from "./errors.js";
import type { Hex } from "./types.js";

export class ZeroCopySigner extends AbstractSigner {
  /** As `create` makes it, which looks the address up. */
  constructor(readonly client: ZeroCopyClient, readonly key: string, readonly address: string, provider: Provider | null = null) {
    super(provider);
    this.address = getAddress(address);
  }

  static async create(client: ZeroCopyClient, key: string, provider: Provider | null = null): Promise<ZeroCopySigner> {
    const { address } = await client.key(key);
    if (address === undefined) {
      throw new TypeError(`${key} is no key of Ethereum`);
    }
    return new ZeroCopySigner(client, key, address, provider);
  }

  override async getAddress(): Promise<string> {
    return this.address;
  }

  override connect(provider: Provider | null): ZeroCopySigner {
    return new ZeroCopySigner(this.client, this.key, this.address, provider);
  }

  override async signTransaction(request: TransactionRequest): Promise<string> {
    const tx = Transaction.from(await this.#resolve(request));
    const { signed } = await this.client.signTx(this.key, tx.unsignedSerialized as Hex);
    const made = Transaction.from(signed);
    if (made.unsignedSerialized !== tx.unsignedSerialized || made.from !== this.address) {
      throw notOurs("transaction");
    }
    return made.serialized;
  }

  /** Names become addresses; `from` must be ours and is no part of a transaction. */
  async #resolve(request: TransactionRequest): Promise<TransactionLike<string>> {
    const { to, from, ...rest } = await resolveProperties(copyRequest(request));
    if (from != null && getAddress(await resolveAddress(from, this.provider)) !== this.address) {
      throw new TypeError("the transaction is from another address");
    }
    const resolved = to == null ? {} : { to: await resolveAddress(to, this.provider) };
    return { ...rest, ...resolved } as TransactionLike<string>;
  }

  override async signMessage(message: string | Uint8Array): Promise<string> {
    const bytes = typeof message === "string" ? toUtf8Bytes(message) : message;
    const { signature } = await this.client.signMessage(this.key, bytes);
    return this.#held(hashMessage(bytes), signature, "message");
  }

  override async signTypedData(domain: TypedDataDomain, types: Record<string, TypedDataField[]>, value: Record<string, unknown>): Promise<string> {
    const resolved = await TypedDataEncoder.resolveNames(domain, types, value, (name) => resolveAddress(name, this.provider) as Promise<string>);
    const payload = TypedDataEncoder.getPayload(resolved.domain, types, resolved.value) as object;
    const { signature } = await this.client.signTypedData(this.key, payload);
    return this.#held(TypedDataEncoder.hash(resolved.domain, types, resolved.value), signature, "typed data");
  }

  /** The signature, if it is this key's over what was meant. */
  #held(digest: string, signature: string, what: string): string {
    if (recoverAddress(digest, signature) !== this.address) {
      throw notOurs(what);
    }
    return signature;
  }
}

function notOurs(what: string): ZcpNotVerified {
  return new ZcpNotVerified("CLIENT_WRONG_SIGNATURE", `the signature is not this key's over this ${what}`, "see what listens at the gateway's address");
}

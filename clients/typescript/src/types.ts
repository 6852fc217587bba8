/** What is asked and answered, as the REST interface has it (`GET /openapi.json`). */

/** Hexadecimal with 0x. */
export type Hex = `0x${string}`;

export type Curve = "secp256k1" | "p256" | "ed25519";
export type Chain = "evm" | "bitcoin" | "bitcoin-test" | "bitcoin-regtest" | "solana" | "cosmos" | `cosmos:${string}`;

/** A key of the enclave. */
export interface Key {
  name: string;
  kind: Curve | "hmac-sha256" | "hmac-sha384" | "hmac-sha512" | "rsa";
  curve?: Curve;
  public_key: string;
  /** Of a secp256k1 key that signs for Ethereum. */
  address?: Hex;
  tier: string;
  nonce: string;
  origin: "generated" | "imported";
  state: "active" | "disabled";
  owner: string;
  uses: number;
  created_ms: number;
  birth: string;
}

export interface Status {
  phase: "sealed" | "genesis" | "serving" | "halted";
  platform: string;
  hardware: boolean;
  deployment_id: string;
  principal: string;
  mission?: string;
  mission_hash?: string;
  boot_id?: string;
  log_entries?: number;
  log_head?: string;
  keys?: number;
  signatures?: number;
  denials?: number;
  rollback?: string;
  isolation?: Record<string, boolean>;
}

/** An allowed request: what was signed, by which rule, and where the log has it. */
export interface Signature {
  decision: "allow";
  digest: Hex;
  /** Ethereum's curve: r ‖ s ‖ v with v of 27 or 28. Others: 64 bytes. Venues' requests have theirs within. */
  signature: Hex;
  /** What goes out, where that is more than the signature: a whole transaction, a venue's whole request. */
  signed?: Hex;
  rule: string;
  entry: number;
  leaf: string;
}

/** What may be signed, in the forms that the enclave reads. It computes what is signed from them alone. */
export type Intent =
  | { use: "tx"; key: string; payload: Hex | Uint8Array; chain?: Chain }
  | { use: "message"; key: string; payload: Hex | Uint8Array | { text: string }; chain?: Chain | "none" }
  | { use: "typed-data"; key: string; typedData: object; chainId?: number }
  | { use: "order"; key: string; order: Order }
  | { use: "digest"; key: string; payload: Hex | Uint8Array };

/** An order at a venue. Numbers are texts and reach the venue digit for digit; docs/venues.md has every field. */
export interface Order {
  venue: string;
  action:
    | "order-place" | "order-amend" | "order-cancel" | "order-cancel-all"
    | "venue-read" | "venue-withdraw" | "venue-transfer" | "venue-admin";
  account?: string;
  market?: string;
  asset?: string;
  network?: string;
  side?: "buy" | "sell";
  type?: "limit" | "market" | "stop-limit" | "stop-market";
  time_in_force?: "gtc" | "ioc" | "fok" | "gtd";
  price?: string;
  trigger_price?: string;
  quantity?: string;
  quote_quantity?: string;
  amount?: string;
  reduce_only?: true;
  post_only?: true;
  test_network?: true;
  client_id?: string;
  order_id?: string;
  to?: string;
  tag?: string;
  call?: string;
  time_ms?: number;
  window_ms?: number;
  expiry_ms?: number;
}

/** A signed request for a venue: nothing but the host is missing. */
export interface VenueRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A line of the log, what is public of it. */
export interface LogEntry {
  sequence: number;
  time: string;
  kind: string;
  decision?: "allow" | "deny" | "review";
  previous: string;
  boot_id: string;
  key_id?: string;
  key_uses?: number;
  digest?: Hex;
}

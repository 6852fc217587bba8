/** Everything that the REST interface does, with types: each call is one request. */
import { setTimeout as sleep } from "node:timers/promises";
import { verifyFresh, type Attested, type Pin } from "./attest.js";
import { valueOf } from "./answer.js";
import { fromHex, toHex } from "./bytes.js";
import { ZcpPending } from "./errors.js";
import { readVenueRequest } from "./order.js";
import { type Options, Transport, unreadable } from "./transport.js";
import type { Chain, Curve, Hex, Intent, Key, LogEntry, Order, Signature, Status, VenueRequest } from "./types.js";

/** A signature whose whole result, the transaction or the request, is there. */
export type Signed = Signature & { signed: Hex };

export class ZeroCopyClient {
  readonly #transport: Transport;

  constructor(options: Options) {
    this.#transport = new Transport(options);
  }

  /** Lets go of its idle connections. */
  close(): void {
    this.#transport.close();
  }

  async #get(path: string): Promise<Record<string, unknown>> {
    return valueOf(await this.#transport.ask("GET", path));
  }

  async #post(path: string, body: object): Promise<Record<string, unknown>> {
    return valueOf(await this.#transport.ask("POST", path, body));
  }

  async status(): Promise<Status> {
    return (await this.#get("/v1/status")) as unknown as Status;
  }

  /** All keys, page by page. */
  async *keys(): AsyncGenerator<Key, void, void> {
    for (let from: unknown = 0; typeof from === "number"; ) {
      const page: Record<string, unknown> = await this.#get(`/v1/keys?from=${from}`);
      yield* page["keys"] as Key[];
      if (typeof page["next"] === "number" && page["next"] <= from) {
        throw unreadable(200, "its pages do not go on");
      }
      from = page["next"];
    }
  }

  async key(name: string): Promise<Key> {
    return (await this.#get(`/v1/keys/${encodeURIComponent(name)}`)) as unknown as Key;
  }

  async createKey(name: string, curve: Curve, more: { tier?: "hot" | "warm" | "cold"; nonce?: "hedged" | "deterministic" } = {}): Promise<Key> {
    return (await this.#post("/v1/keys", { name, curve, ...more })) as unknown as Key;
  }

  /** For good. */
  async disableKey(key: string): Promise<Key> {
    return (await this.#post("/v1/keys/disable", { key })) as unknown as Key;
  }

  /** Signs, or throws ZcpDenied, ZcpPending or another ZcpError; never resolves without a signature. */
  async sign(intent: Intent): Promise<Signature> {
    const answer = await this.#post(`/v1/sign/${intent.use}`, bodyOf(intent));
    if (answer["decision"] !== "allow" || fromHex(answer["signature"]) === null) {
      throw unreadable(200, "it allows nothing and refuses nothing");
    }
    return answer as unknown as Signature;
  }

  async #signWhole(intent: Intent): Promise<Signed> {
    const answer = await this.sign(intent);
    if (fromHex(answer.signed) === null) {
      throw unreadable(200, "what was signed is missing");
    }
    return answer as Signed;
  }

  signTx(key: string, payload: Hex | Uint8Array, chain: Chain = "evm"): Promise<Signed> {
    return this.#signWhole({ use: "tx", key, payload, chain });
  }

  signMessage(key: string, message: string | Uint8Array): Promise<Signature> {
    return this.sign({ use: "message", key, payload: typeof message === "string" ? { text: message } : message });
  }

  signTypedData(key: string, typedData: object): Promise<Signature> {
    return this.sign({ use: "typed-data", key, typedData });
  }

  signDigest(key: string, digest: Hex | Uint8Array): Promise<Signature> {
    return this.sign({ use: "digest", key, payload: digest });
  }

  /** The venue's request, composed and signed inside. */
  async signOrder(key: string, order: Order): Promise<VenueRequest> {
    const { signed } = await this.#signWhole({ use: "order", key, order });
    return readVenueRequest(fromHex(signed)!);
  }

  /** Asks the enclave who it is with a nonce of our own, and verifies the answer here; throws ZcpNotVerified. */
  attest(pin: Pin): Promise<Attested> {
    return verifyFresh(pin, async (nonce) => (await this.#post("/v1/attest", { nonce }))["document"]);
  }

  /** The end of the log. */
  async audit(n = 10): Promise<LogEntry[]> {
    return (await this.#get(`/v1/audit?n=${n}`))["entries"] as LogEntry[];
  }

  /** The kill switch: nothing is signed until `resume`. The log entry's number. */
  async halt(reason?: string): Promise<number> {
    return (await this.#post("/v1/halt", reason === undefined ? {} : { reason }))["entry"] as number;
  }

  async resume(): Promise<number> {
    return (await this.#post("/v1/resume", {}))["entry"] as number;
  }
}

function bodyOf(intent: Intent): object {
  switch (intent.use) {
    case "order":
      return { key: intent.key, order: intent.order };
    case "typed-data":
      return { key: intent.key, typed_data: intent.typedData, ...(intent.chainId === undefined ? {} : { chain_id: intent.chainId }) };
    case "digest":
      return { key: intent.key, payload: toHex(intent.payload) };
    default: {
      const { key, payload, chain } = intent;
      const what = typeof payload === "object" && "text" in payload ? { text: payload.text } : { payload: toHex(payload) };
      return { key, ...what, ...(chain === undefined || chain === "none" ? {} : { chain }) };
    }
  }
}

/** Asks until people have approved: `ask` is called anew while it throws ZcpPending. What else it throws ends it. */
export async function untilApproved<T>(ask: () => Promise<T>, { everyMs = 5000, forMs = 600_000, signal }: { everyMs?: number; forMs?: number; signal?: AbortSignal } = {}): Promise<T> {
  const end = Date.now() + forMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ZcpPending) || Date.now() + everyMs > end) {
        throw error;
      }
    }
    await sleep(everyMs, undefined, signal === undefined ? {} : { signal });
  }
}

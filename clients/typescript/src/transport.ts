/** HTTP to one gateway: TCP on this machine, TLS beyond it, or a Unix socket; connections are kept. */
import * as http from "node:http";
import * as https from "node:https";
import { ZcpError, ZcpUnreachable } from "./errors.js";

const ANSWER_MAX = 4 << 20;

export interface Options {
  /** "http://127.0.0.1:8600", "https://…", or "unix:/run/zerocopy/rest.sock". */
  url: string;
  /** The token of an identity of the gateway. */
  token?: string;
  /** PEM. `ca` is who vouches for the gateway, `cert` and `key` are the caller's own. */
  tls?: { ca?: string; cert?: string; key?: string; servername?: string };
  /** For one request, from its first byte to the last of its answer; 30 s. */
  timeoutMs?: number;
}

export interface Reply {
  status: number;
  body: unknown;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** What of the options every request has. Throws a TypeError for options that would send a secret in clear. */
function destination({ url, tls }: Options): http.RequestOptions & { secure: boolean } {
  if (url.startsWith("unix:")) {
    return { secure: false, socketPath: url.slice("unix:".length), host: "localhost" };
  }
  const parsed = new URL(url);
  const secure = parsed.protocol === "https:";
  if (!secure && parsed.protocol !== "http:") {
    throw new TypeError(`${url}: http, https or unix`);
  }
  if (parsed.pathname !== "/" || parsed.search !== "" || parsed.username !== "") {
    throw new TypeError(`${url}: an address without path, query or user`);
  }
  if (!secure && (tls !== undefined || !isLoopback(parsed.hostname))) {
    throw new TypeError(`${url}: beyond this machine the gateway is asked over https alone`);
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, "");
  return { secure, host, port: parsed.port === "" ? (secure ? 443 : 80) : Number(parsed.port), ...tls };
}

export class Transport {
  readonly #options: http.RequestOptions;
  readonly #module: typeof http | typeof https;
  readonly #agent: http.Agent;
  readonly #headers: http.OutgoingHttpHeaders;
  readonly #timeoutMs: number;

  constructor(options: Options) {
    const { secure, ...rest } = destination(options);
    this.#options = rest;
    this.#module = secure ? https : http;
    this.#agent = new this.#module.Agent({ keepAlive: true, maxSockets: 64 });
    this.#headers = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
    this.#timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** Lets go of idle connections. */
  close(): void {
    this.#agent.destroy();
  }

  ask(method: "GET" | "POST", path: string, body?: unknown): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const failed = (cause: Error) => reject(cause instanceof ZcpError ? cause : unreachable(cause));
      const data = body === undefined ? undefined : JSON.stringify(body);
      const headers = { ...this.#headers, ...(data === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(data) }) };
      const request = this.#module.request({ ...this.#options, agent: this.#agent, method, path, headers });
      const timer = setTimeout(() => request.destroy(new Error(`no answer within ${this.#timeoutMs} ms`)), this.#timeoutMs);
      request.on("close", () => clearTimeout(timer));
      request.on("error", failed);
      request.on("response", (response) => {
        collect(response).then(resolve, failed);
      });
      request.end(data);
    });
  }
}

function unreachable(cause: Error): ZcpUnreachable {
  return new ZcpUnreachable("CLIENT_UNREACHABLE", `the gateway does not answer: ${cause.message}`,
                            "see that `zcp gateway rest` runs at this address", 0, null, { cause });
}

async function collect(response: http.IncomingMessage): Promise<Reply> {
  const parts: Buffer[] = [];
  let len = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    len += part.length;
    if (len > ANSWER_MAX) {
      response.destroy();
      throw unreadable(response.statusCode ?? 0, "it is too long");
    }
    parts.push(part);
  }
  try {
    return { status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown };
  } catch {
    throw unreadable(response.statusCode ?? 0, "it is not JSON");
  }
}

export function unreadable(status: number, why: string): ZcpError {
  return new ZcpError("CLIENT_BAD_ANSWER", `the answer is not the gateway's: ${why}`, "see what listens at this address", status);
}

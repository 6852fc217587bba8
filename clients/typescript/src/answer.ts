/** From an answer's status and body to a value, or to the error that says what it says. */
import { type Margin, type Settled, ZcpDenied, ZcpError, ZcpNotVerified, ZcpPending, ZcpUnreachable } from "./errors.js";
import { type Reply, unreadable } from "./transport.js";

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(from: Fields, name: string): string {
  return typeof from[name] === "string" ? from[name] : "";
}

/** A limit of nothing against a measure of nothing is no margin: the refusal is not about an amount. */
function marginOf(value: unknown): Margin | null {
  if (!isObject(value)) {
    return null;
  }
  const [measured, limit] = [text(value, "measured"), text(value, "limit")];
  if (!/^-?\d+$/.test(measured) || !/^-?\d+$/.test(limit) || (measured === "0" && limit === "0")) {
    return null;
  }
  return { measured: BigInt(measured), limit: BigInt(limit), asset: text(value, "asset") };
}

function settledOf(body: Fields): Settled {
  return {
    rule: text(body, "rule"), reason: text(body, "reason"), why: text(body, "why"), margin: marginOf(body["margin"]),
    entry: typeof body["entry"] === "number" ? body["entry"] : null,
  };
}

function errorOf(status: number, error: Fields): ZcpError {
  const message = `${text(error, "what")}: ${text(error, "why")}`;
  const Kind = status === 502 ? ZcpNotVerified : status === 503 ? ZcpUnreachable : ZcpError;
  const offset = typeof error["offset"] === "number" ? error["offset"] : null;
  return new Kind(text(error, "reason"), message, text(error, "next"), status, offset);
}

/** The body of a success. Everything else throws: nothing that is not a success passes for one. */
export function valueOf({ status, body }: Reply): Fields {
  if (!isObject(body)) {
    throw unreadable(status, "it is no object");
  }
  if (body["decision"] === "review") {
    throw new ZcpPending(text(body, "pending"), settledOf(body));
  }
  if (body["decision"] === "deny") {
    throw new ZcpDenied(settledOf(body));
  }
  if (isObject(body["error"])) {
    throw errorOf(status, body["error"]);
  }
  if (status !== 200 && status !== 201) {
    throw unreadable(status, `it has status ${status} and no error`);
  }
  return body;
}

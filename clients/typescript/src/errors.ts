/** What goes wrong, by kind: policy says no, people must say yes first, or there is no answer to trust. */

/** How far a request was from its limit, in base units of the asset (or plain counts, where `asset` is empty). */
export interface Margin {
  measured: bigint;
  limit: bigint;
  asset: string;
}

/** What all errors of this package share. `reason` is a stable name for programs, the message is for people. */
export class ZcpError extends Error {
  override name = "ZcpError";

  constructor(
    readonly reason: string,
    message: string,
    /** What to do next, where the enclave knows. */
    readonly next = "",
    /** The HTTP status; 0 where there was no answer. */
    readonly status = 0,
    /** The byte of the payload that could not be read, where it is known. */
    readonly offset: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What policy says when it does not allow: the rule that settled it (empty: no rule allows it), and the margin. */
export interface Settled {
  rule: string;
  reason: string;
  why: string;
  margin: Margin | null;
  /** The log entry that has it; null where the log counts denials together. */
  entry: number | null;
}

function describe(word: string, { rule, why, margin }: Settled): string {
  const by = rule === "" ? "" : ` by rule ${rule}`;
  const unit = margin !== null && margin.asset !== "" ? ` base units of ${margin.asset}` : "";
  const numbers = margin === null ? "" : ` (measured ${margin.measured}, limit ${margin.limit}${unit})`;
  return `${word}${by}: ${why}${numbers}`;
}

/** The mission refuses. Asking again does not help, unless time or the mission changes. */
export class ZcpDenied extends ZcpError {
  override name = "ZcpDenied";
  readonly rule: string;
  readonly why: string;
  readonly margin: Margin | null;
  readonly entry: number | null;

  constructor(settled: Settled) {
    super(settled.reason, describe("denied", settled), "see the rule in the mission", 403);
    ({ rule: this.rule, why: this.why, margin: this.margin, entry: this.entry } = settled);
  }
}

/** People must approve first (`zcp approve`). To poll is to ask the same again: see `untilApproved`. */
export class ZcpPending extends ZcpError {
  override name = "ZcpPending";
  readonly rule: string;
  readonly why: string;
  readonly margin: Margin | null;
  readonly entry: number | null;

  constructor(readonly id: string, settled: Settled) {
    super(settled.reason, `${describe("approval is needed", settled)}; pending as ${id}`, "ask again once it is approved", 202);
    ({ rule: this.rule, why: this.why, margin: this.margin, entry: this.entry } = settled);
  }
}

/** What answers is not the enclave that was pinned, or what it answered is not what was asked for. */
export class ZcpNotVerified extends ZcpError {
  override name = "ZcpNotVerified";
}

/** Nobody answers, or not in time. Whether a signature was made is not known. */
export class ZcpUnreachable extends ZcpError {
  override name = "ZcpUnreachable";
}

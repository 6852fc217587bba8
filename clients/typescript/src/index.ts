export { type Attested, type Pin, readPin } from "./attest.js";
export { type Signed, untilApproved, ZeroCopyClient } from "./client.js";
export { type Margin, type Settled, ZcpDenied, ZcpError, ZcpNotVerified, ZcpPending, ZcpUnreachable } from "./errors.js";
export { type Options } from "./transport.js";
export type { Chain, Curve, Hex, Intent, Key, LogEntry, Order, Signature, Status, VenueRequest } from "./types.js";

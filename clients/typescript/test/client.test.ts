import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { readPin, untilApproved, ZcpDenied, ZcpError, ZcpNotVerified, ZcpPending, ZcpUnreachable, ZeroCopyClient } from "../src/index.js";
import { clientOf, given, treasury } from "./support.js";

const transaction = "0x02e6018001028252089470997970c51812dc3a010c7d01b50e0d17dc79c8872386f26fc1000080c0";

test("status and keys: what runs", async () => {
  const client = clientOf("open");
  const status = await client.status();
  assert.equal(status.phase, "serving");
  assert.equal(status.principal, "admin");
  const made = await client.createKey("one-more", "ed25519");
  const names = [];
  for await (const key of client.keys()) {
    names.push(key.name);
  }
  assert(names.includes("one-more") && names.includes("desk-ethers"));
  assert.equal((await client.key("one-more")).public_key, made.public_key);
  assert.equal((await client.disableKey("one-more")).state, "disabled");
  await assert.rejects(client.key("no-such-key"), (error: unknown) => error instanceof ZcpError && error.status === 404);
  assert((await client.audit(3)).length === 3);
});

test("TLS and Unix socket: the same client", async () => {
  const tls = { ca: given("ZCP_TEST_CA") };
  const token = given("ZCP_TEST_TOKEN");
  for (const options of [{ url: given("ZCP_TEST_TLS"), token, tls }, { url: given("ZCP_TEST_UNIX"), token }]) {
    const client = new ZeroCopyClient(options);
    assert.equal((await client.status()).phase, "serving");
    assert.equal((await client.signTx("desk-ethers", transaction)).decision, "allow");
    client.close();
  }
  await assert.rejects(new ZeroCopyClient({ url: given("ZCP_TEST_TLS"), token }).status(), ZcpUnreachable);
});

test("addresses that would send a token in clear: refused", () => {
  for (const url of ["http://example.com", "http://10.0.0.1:8600", "ftp://127.0.0.1", "http://127.0.0.1:1/x", "http://a@127.0.0.1"]) {
    assert.throws(() => new ZeroCopyClient({ url, token: "t" }), TypeError, url);
  }
});

test("refusals: typed, and never a signature", async () => {
  const strict = clientOf("strict");
  await assert.rejects(strict.signDigest("desk", new Uint8Array(32)), (error: unknown) => error instanceof ZcpDenied || (error instanceof ZcpError && error.status === 403));
  await assert.rejects(strict.signTx("desk", "0x02c0"), (error: unknown) => error instanceof ZcpError && error.status === 400);
  await assert.rejects(strict.signTx("desk", "0xz" as `0x${string}`), TypeError);
  const stranger = new ZeroCopyClient({ url: given("ZCP_TEST_STRICT"), token: "nobody-knows-this-token-at-all" });
  await assert.rejects(stranger.status(), (error: unknown) => error instanceof ZcpError && error.status === 401);
});

test("untilApproved: asks again while it is pending, and no longer than told", async () => {
  const client = clientOf("review");
  const ask = () => client.signTx("desk", transaction);
  await assert.rejects(untilApproved(ask, { everyMs: 10, forMs: 30 }), ZcpPending);
  await assert.rejects(untilApproved(ask, { everyMs: 10, signal: AbortSignal.abort() }), { name: "AbortError" });
  await assert.rejects(untilApproved(ask, { everyMs: 60_000, signal: AbortSignal.timeout(200) }), { name: /AbortError|TimeoutError/ });
  let asked = 0;
  const approved = await untilApproved(async () => {
    asked += 1;
    return asked < 3 ? ask() : "yes";
  }, { everyMs: 1 });
  assert.equal(approved, "yes");
});

test("attest: the pinned deployment verifies, others do not", async () => {
  const client = clientOf("open");
  const pin = await readPin(given("ZCP_TEST_DEPLOYMENT"));
  const { hardware, conclusion } = await client.attest(pin);
  assert.equal(hardware, false);
  assert.equal(conclusion.valid, true);
  const reasonOf = async (other: typeof pin) => client.attest(other).then(() => "", (error: unknown) => (error instanceof ZcpNotVerified ? error.reason : String(error)));
  assert.equal(await reasonOf({ ...pin, deploymentId: "00".repeat(32) }), "EVIDENCE_WRONG_DEPLOYMENT");
  assert.equal(await reasonOf({ ...pin, pcrs: { 0: "11".repeat(48) } }), "ATTEST_WRONG_PCR");
  assert.equal(await reasonOf({ ...pin, missionHash: "22".repeat(32) }), "EVIDENCE_WRONG_MISSION");
  const { root, ...hardwareAlone } = pin;
  assert(root !== undefined);
  assert.equal(await reasonOf(hardwareAlone), "ATTEST_FOREIGN_ROOT");
  await assert.rejects(client.attest({ ...pin, pcrs: {} }), TypeError);
});

/** Something that is no gateway, and answers what it is told to. */
async function pretend(status: number, body: string, run: (client: ZeroCopyClient) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as { port: number };
  const client = new ZeroCopyClient({ url: `http://127.0.0.1:${address.port}` });
  try {
    await run(client);
  } finally {
    client.close();
    server.close();
  }
}

test("a replayed document: refused for its nonce", async () => {
  const pin = await readPin(given("ZCP_TEST_DEPLOYMENT"));
  const { document } = await clientOf("open").attest(pin);
  await pretend(200, JSON.stringify({ document: Buffer.from(document).toString("base64") }), async (client) => {
    await assert.rejects(client.attest(pin), (error: unknown) => error instanceof ZcpNotVerified && error.reason === "ATTEST_WRONG_NONCE");
  });
});

test("answers that are none of a gateway: errors, never signatures", async () => {
  const bodies: [number, string][] = [
    [200, "{}"], [200, "[]"], [200, "null"], [200, "hello"], [200, '{"decision":"allow"}'], [500, "{}"], [204, "{}"],
    [200, '{"decision":"allow","signature":"0xzz"}'], [200, '{"decision":"allow","signature":"0x00"}'],
    [202, '{"decision":"review"}'], [403, '{"decision":"deny","margin":{"measured":"x","limit":"1"}}'],
    [200, '{"decision":"deny","signature":"0x00","signed":"0x00"}'],
    [200, `{"decision":"allow","signature":"0x00","signed":"0x00","x":"${"y".repeat(5 << 20)}"}`],
  ];
  for (const [status, body] of bodies) {
    await pretend(status, body, async (client) => {
      await assert.rejects(client.signTx("desk", transaction), ZcpError, body.slice(0, 80));
      await assert.rejects(client.signOrder("desk", { venue: "okx", action: "order-cancel-all" }), ZcpError);
    });
  }
});

test("nobody there, or nobody who answers in time: ZcpUnreachable", async () => {
  await assert.rejects(new ZeroCopyClient({ url: "http://127.0.0.1:1" }).status(), ZcpUnreachable);
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as { port: number };
  await assert.rejects(new ZeroCopyClient({ url: `http://127.0.0.1:${port}`, timeoutMs: 50 }).status(), ZcpUnreachable);
  silent.closeAllConnections();
  silent.close();
  assert.notEqual(treasury, "");
});

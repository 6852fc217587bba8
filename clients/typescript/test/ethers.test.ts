import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ethers } from "ethers";
import { ZcpDenied, ZcpNotVerified, ZcpPending } from "../src/index.js";
import { ZeroCopySigner } from "../src/ethers.js";
import { clientOf, given, stranger, treasury, typed } from "./support.js";

const provider = new ethers.JsonRpcProvider(given("ZCP_TEST_NODE"));
after(() => provider.destroy());

test("sendTransaction: mined by a node", async () => {
  const client = clientOf("open");
  const signer = await ZeroCopySigner.create(client, "desk-ethers", provider);
  const sent = await signer.sendTransaction({ to: treasury, value: 1000n });
  const receipt = await sent.wait();
  assert.equal(receipt?.status, 1);
  assert.equal(receipt?.from, signer.address);
  client.close();
});

test("messages and typed data: recover to the key's address", async () => {
  const signer = await ZeroCopySigner.create(clientOf("open"), "desk-ethers");
  for (const message of ["hello", "", "é", new Uint8Array([0, 255])]) {
    assert.equal(ethers.verifyMessage(message, await signer.signMessage(message)), signer.address);
  }
  const types = { Person: [...typed.types.Person] };
  const signature = await signer.signTypedData(typed.domain, types, typed.message);
  assert.equal(ethers.verifyTypedData(typed.domain, types, typed.message, signature), signer.address);
});

test("transactions of each kind: the one that was asked for", async () => {
  const signer = await ZeroCopySigner.create(clientOf("open"), "desk-ethers");
  const common = { to: treasury, value: 1n, nonce: 7, gasLimit: 50000n, chainId: 31337 };
  for (const request of [
    { ...common, type: 0, gasPrice: 10n ** 9n },
    { ...common, type: 1, gasPrice: 10n ** 9n, accessList: [{ address: treasury, storageKeys: [] }] },
    { ...common, type: 2, maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 1n },
  ]) {
    const made = ethers.Transaction.from(await signer.signTransaction(request));
    assert.equal(made.from, signer.address);
    assert.equal(made.nonce, 7);
    assert.equal(made.type, request.type);
  }
  await assert.rejects(signer.signTransaction({ ...common, from: stranger }), TypeError);
});

test("above the limit: ZcpDenied with the rule and the margin", async () => {
  const signer = await ZeroCopySigner.create(clientOf("strict"), "desk", provider);
  const request = { to: treasury, value: 2n * 10n ** 18n, nonce: 0, gasLimit: 21000n, maxFeePerGas: 2n, maxPriorityFeePerGas: 1n, chainId: 1, type: 2 };
  await assert.rejects(signer.signTransaction(request), (error: unknown) => {
    assert(error instanceof ZcpDenied);
    assert.equal(error.rule, "trader-sends-eth/ETH-per-tx");
    assert.equal(error.reason, "POLICY_PER_TX");
    assert.deepEqual(error.margin, { measured: 2000000000000042000n, limit: 10n ** 18n, asset: "ETH" });
    assert.match(error.message, /denied by rule .*above the limit/);
    return true;
  });
});

test("what people must approve: ZcpPending with the id", async () => {
  const signer = await ZeroCopySigner.create(clientOf("review"), "desk");
  const request = { to: treasury, value: 1n, nonce: 0, gasLimit: 21000n, maxFeePerGas: 2n, maxPriorityFeePerGas: 1n, chainId: 1, type: 2 };
  await assert.rejects(signer.signTransaction(request), (error: unknown) => {
    assert(error instanceof ZcpPending);
    assert.match(error.id, /^review-\d+$/);
    return true;
  });
});

test("another key's signature: refused, not handed on", async () => {
  const client = clientOf("open");
  const other = await ZeroCopySigner.create(client, "desk-viem");
  const wrong = new ZeroCopySigner(client, "desk-ethers", other.address);
  await assert.rejects(wrong.signMessage("hello"), ZcpNotVerified);
  await assert.rejects(wrong.signTypedData(typed.domain, { Person: [...typed.types.Person] }, typed.message), ZcpNotVerified);
  await assert.rejects(wrong.signTransaction({ to: treasury, nonce: 0, gasLimit: 21000n, gasPrice: 1n, chainId: 1 }), ZcpNotVerified);
});

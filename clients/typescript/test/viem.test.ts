import assert from "node:assert/strict";
import { test } from "node:test";
import { createPublicClient, createWalletClient, http, parseTransaction, recoverTransactionAddress, verifyMessage, verifyTypedData } from "viem";
import { foundry } from "viem/chains";
import { ZcpDenied } from "../src/index.js";
import { zeroCopyAccount } from "../src/viem.js";
import { clientOf, given, treasury, typed } from "./support.js";

const transport = http(given("ZCP_TEST_NODE"));

test("sendTransaction: mined by a node", async () => {
  const account = await zeroCopyAccount(clientOf("open"), "desk-viem");
  const wallet = createWalletClient({ account, chain: foundry, transport });
  const reader = createPublicClient({ chain: foundry, transport, pollingInterval: 100 });
  const receipt = await reader.waitForTransactionReceipt({ hash: await wallet.sendTransaction({ to: treasury, value: 1000n }) });
  assert.equal(receipt.status, "success");
  assert.equal(receipt.from.toLowerCase(), account.address.toLowerCase());
});

test("messages and typed data: verify for the account", async () => {
  const account = await zeroCopyAccount(clientOf("open"), "desk-viem");
  const { address } = account;
  for (const message of ["hello", "é", { raw: "0x00ff" }, { raw: new Uint8Array([1, 2]) }] as const) {
    assert(await verifyMessage({ address, message, signature: await account.signMessage({ message }) }));
  }
  const data = { ...typed, primaryType: "Person" } as const;
  assert(await verifyTypedData({ address, ...data, signature: await account.signTypedData(data) }));
  const large = { domain: typed.domain, types: { Sum: [{ name: "amount", type: "uint256" }] }, primaryType: "Sum", message: { amount: 2n ** 200n } } as const;
  assert(await verifyTypedData({ address, ...large, signature: await account.signTypedData(large) }));
});

test("transactions of each kind: recover to the account", async () => {
  const account = await zeroCopyAccount(clientOf("open"), "desk-viem");
  const common = { to: treasury, value: 1n, nonce: 7, gas: 50000n, chainId: 31337 } as const;
  for (const transaction of [
    { ...common, type: "legacy", gasPrice: 10n ** 9n },
    { ...common, type: "eip2930", gasPrice: 10n ** 9n, accessList: [] },
    { ...common, type: "eip1559", maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 1n },
  ] as const) {
    const serializedTransaction = await account.signTransaction(transaction) as Parameters<typeof recoverTransactionAddress>[0]["serializedTransaction"];
    assert.equal((await recoverTransactionAddress({ serializedTransaction })).toLowerCase(), account.address.toLowerCase());
    assert.equal(parseTransaction(serializedTransaction).type, transaction.type);
  }
});

test("above the limit: ZcpDenied reaches the caller of viem", async () => {
  const account = await zeroCopyAccount(clientOf("strict"), "desk");
  const request = { to: treasury, value: 2n * 10n ** 18n, nonce: 0, gas: 21000n, maxFeePerGas: 2n, maxPriorityFeePerGas: 1n, chainId: 1, type: "eip1559" } as const;
  await assert.rejects(account.signTransaction(request), (error: unknown) => error instanceof ZcpDenied && error.margin?.limit === 10n ** 18n);
});

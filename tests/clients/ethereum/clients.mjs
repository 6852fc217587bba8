// What a user of ethers, viem or web3 would write, pointed at the gateway: clients.mjs LIBRARY URL ADDRESS
// Prints one line of JSON for each thing that was done.
import { strict as assert } from "node:assert";

const [library, url, address] = process.argv.slice(2);
const to = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const done = (what, more = {}) => console.log(JSON.stringify({ library, what, ...more }));

const typed = {
  domain: { name: "Mail", version: "1", chainId: 31337, verifyingContract: to },
  types: { Person: [{ name: "name", type: "string" }, { name: "wallet", type: "address" }] },
  message: { name: "Cow", wallet: to },
};

async function withEthers() {
  const { ethers } = await import("ethers");
  const provider = new ethers.JsonRpcProvider(url);
  const signer = await provider.getSigner(address);
  assert.equal(await signer.getAddress(), address);
  const signature = await signer.signMessage("hello");
  assert.equal(ethers.verifyMessage("hello", signature), address);
  done("message");
  const typedSignature = await signer.signTypedData(typed.domain, typed.types, typed.message);
  assert.equal(ethers.verifyTypedData(typed.domain, typed.types, typed.message, typedSignature), address);
  done("typed data");
  const sent = await signer.sendTransaction({ to, value: 1000n });
  const receipt = await sent.wait();
  assert.equal(receipt.status, 1);
  assert.equal(receipt.from, address);
  done("mined", { hash: receipt.hash });
  provider.destroy();
}

async function withViem() {
  const { createPublicClient, createWalletClient, http, verifyMessage, verifyTypedData } = await import("viem");
  const { foundry } = await import("viem/chains");
  const wallet = createWalletClient({ account: address, chain: foundry, transport: http(url) });
  const reader = createPublicClient({ chain: foundry, transport: http(url) });
  assert.deepEqual(await wallet.getAddresses(), [address]);
  const signature = await wallet.signMessage({ message: "hello" });
  assert(await verifyMessage({ address, message: "hello", signature }));
  done("message");
  const data = { ...typed, primaryType: "Person" };
  const typedSignature = await wallet.signTypedData(data);
  assert(await verifyTypedData({ address, ...data, signature: typedSignature }));
  done("typed data");
  const hash = await wallet.sendTransaction({ to, value: 1000n });
  const receipt = await reader.waitForTransactionReceipt({ hash });
  assert.equal(receipt.status, "success");
  done("mined", { hash });
}

async function withWeb3() {
  const { Web3 } = await import("web3");
  const web3 = new Web3(url);
  assert.deepEqual(await web3.eth.getAccounts(), [address]);
  const signature = await web3.eth.personal.sign("0x68656c6c6f", address, "");
  assert.equal(web3.eth.accounts.recover("hello", signature), address);
  done("message");
  const receipt = await web3.eth.sendTransaction({ from: address, to, value: 1000n, gas: 21000n });
  assert.equal(receipt.status, 1n);
  done("mined", { hash: receipt.transactionHash });
  const { raw } = await web3.eth.signTransaction({
    from: address, to, value: "0x1", gas: "0x5208", nonce: "0x63", chainId: "0x7a69", gasPrice: "0x77359400", data: "0x",
  });
  assert.equal(web3.eth.accounts.recoverTransaction(raw), address);
  done("signed");
}

// A transaction that the mission refuses: the provider's error, as an application gets it.
async function refusedByEthers() {
  const { ethers } = await import("ethers");
  const provider = new ethers.JsonRpcProvider(url);
  const signer = await provider.getSigner(address);
  try {
    await signer.sendTransaction({ to: "0x00000000000000000000000000000000DeaDBeef", value: 1n });
  } catch (error) {
    done("refused", { code: error.info?.error?.code ?? error.error?.code, message: error.info?.error?.message ?? error.message,
                      data: error.info?.error?.data ?? error.error?.data });
    provider.destroy();
    return;
  }
  throw new Error("it was sent");
}

await { ethers: withEthers, viem: withViem, web3: withWeb3, refused: refusedByEthers }[library]();
process.exit(0);

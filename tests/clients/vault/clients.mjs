// node clients.mjs URL TOKEN: what a program that uses node-vault does with Transit. Throws at the first thing that is wrong.
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import nodeVault from 'node-vault';

const [endpoint, token] = process.argv.slice(2);
const vault = nodeVault({ apiVersion: 'v1', endpoint, token });
const input = Buffer.from('hello').toString('base64');

const health = await vault.health();
assert.equal(health.initialized, true);
assert.equal(health.sealed, false);
assert.equal((await vault.status()).sealed, false);
assert.equal((await vault.tokenLookupSelf()).data.display_name, 'desk');

await vault.write('transit/keys/node-p256', { type: 'ecdsa-p256' });
await vault.write('transit/keys/node-ed25519', { type: 'ed25519' });
// The client sends the method LIST.
const { keys } = (await vault.list('transit/keys')).data;
assert(keys.includes('node-p256') && keys.includes('node-ed25519'), keys);

const key = createPublicKey((await vault.read('transit/keys/node-p256')).data.keys['1'].public_key);
const signed = (await vault.write('transit/sign/node-p256/sha2-256', { input })).data.signature;
assert(verify('sha256', Buffer.from('hello'), key, Buffer.from(signed.slice('vault:v1:'.length), 'base64')));
assert.equal((await vault.write('transit/verify/node-p256/sha2-256', { input, signature: signed })).data.valid, true);

const raw = Buffer.from((await vault.read('transit/keys/node-ed25519')).data.keys['1'].public_key, 'base64');
const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
const ed25519 = createPublicKey({ key: spki, format: 'der', type: 'spki' });
const batch = await vault.write('transit/sign/node-ed25519', { batch_input: [{ input }, { input: '!' }] });
const [good, bad] = batch.data.batch_results;
assert(verify(null, Buffer.from('hello'), ed25519, Buffer.from(good.signature.slice('vault:v1:'.length), 'base64')));
assert.match(bad.error, /base64/);

await assert.rejects(vault.write('transit/keys/node-aes', { type: 'aes256-gcm96' }), (error) => {
  assert.equal(error.response.statusCode, 400);
  assert.match(error.message, /unknown key type aes256-gcm96/);
  return true;
});
await assert.rejects(nodeVault({ endpoint, token: 's.a-token-that-nobody-has' }).read('transit/keys/node-p256'), (error) => {
  assert.equal(error.response.statusCode, 403);
  assert.match(error.message, /permission denied/);
  return true;
});
console.log('done');

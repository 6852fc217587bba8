// node clients.mjs KMS_URL REST_URL TOKEN: unmodified clients of AWS KMS, and a validator of OpenAPI documents.
// Credentials come from the environment, where the SDK looks for them. Throws at the first thing that is wrong.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  CreateAliasCommand, CreateKeyCommand, DescribeKeyCommand, DisableKeyCommand, EnableKeyCommand, GetPublicKeyCommand, KMSClient,
  ListAliasesCommand, ListResourceTagsCommand, ScheduleKeyDeletionCommand, SignCommand, TagResourceCommand, VerifyCommand,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import rumblefish from '@rumblefishdev/eth-signer-kms';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Transaction, recoverAddress, verifyMessage } from 'ethers';
import lucas from 'ethers-aws-kms-signer';

const [kmsUrl, restUrl, token] = process.argv.slice(2);
const region = 'eu-west-1';
const kms = new KMSClient({ endpoint: kmsUrl, region, maxAttempts: 2 });

async function refused(name, promise) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.name, name, error.message);
    assert.ok(error.message.length > 10);
    return true;
  });
}

async function publicKey(id) {
  const { PublicKey: der, KeySpec: spec } = await kms.send(new GetPublicKeyCommand({ KeyId: id }));
  return { spec, key: createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }) };
}

async function sdk() {
  const message = Buffer.from('a message of the SDK');
  const digest = createHash('sha256').update(message).digest();
  for (const [id, SigningAlgorithm] of [['key-p256', 'ECDSA_SHA_256'], ['key-secp256k1', 'ECDSA_SHA_256'], ['key-ed25519', 'ED25519_SHA_512']]) {
    const { key } = await publicKey(id);
    const raw = await kms.send(new SignCommand({ KeyId: id, Message: message, SigningAlgorithm }));
    const how = id === 'key-ed25519' ? null : 'sha256';
    assert.ok(verify(how, message, key, Buffer.from(raw.Signature)));
    const checked = await kms.send(new VerifyCommand({ KeyId: id, Message: message, SigningAlgorithm, Signature: raw.Signature }));
    assert.equal(checked.SignatureValid, true);
    if (how) {
      const signed = await kms.send(new SignCommand({ KeyId: id, Message: digest, MessageType: 'DIGEST', SigningAlgorithm }));
      assert.ok(verify('sha256', message, key, Buffer.from(signed.Signature)));
    }
  }
  const made = await kms.send(new CreateKeyCommand({ KeyUsage: 'SIGN_VERIFY', KeySpec: 'ECC_SECG_P256K1', Description: 'by the SDK' }));
  const { KeyId, Arn, CreationDate } = made.KeyMetadata;
  assert.ok(CreationDate instanceof Date && Math.abs(CreationDate - Date.now()) < 600_000);
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/sdk', TargetKeyId: Arn }));
  await kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] }));
  assert.deepEqual((await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags, [{ TagKey: 'a', TagValue: 'b' }]);
  assert.equal((await kms.send(new DescribeKeyCommand({ KeyId: 'alias/sdk' }))).KeyMetadata.Arn, Arn);
  const aliases = (await kms.send(new ListAliasesCommand({ KeyId }))).Aliases.map((alias) => alias.AliasName);
  assert.ok(aliases.includes('alias/sdk'));
  const listed = [];
  for await (const page of paginateListKeys({ client: kms, pageSize: 2 }, {})) {
    listed.push(...page.Keys.map((key) => key.KeyId));
  }
  assert.ok(listed.includes(KeyId) && new Set(listed).size === listed.length);
  await kms.send(new EnableKeyCommand({ KeyId }));
  await kms.send(new DisableKeyCommand({ KeyId }));
  await refused('DisabledException', kms.send(new SignCommand({ KeyId, Message: message, SigningAlgorithm: 'ECDSA_SHA_256' })));
  const gone = await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  assert.ok(gone.DeletionDate > new Date());
  await refused('NotFoundException', kms.send(new DescribeKeyCommand({ KeyId: 'no-such-key' })));
  await refused('KMSInvalidSignatureException', kms.send(new VerifyCommand({
    KeyId: 'key-p256', Message: message, SigningAlgorithm: 'ECDSA_SHA_256', Signature: Buffer.from('3006020101020101', 'hex') })));
  const stranger = new KMSClient({ endpoint: kmsUrl, region, credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x'.repeat(40) } });
  await refused('UnrecognizedClientException', stranger.send(new DescribeKeyCommand({ KeyId: 'key-p256' })));
}

const transfer = { to: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8', value: 1n, nonce: 0, gasLimit: 21000n, chainId: 1 };

async function signers(address) {
  const modern = new rumblefish.KMSSigner(null, address, 'key-secp256k1', kms);
  assert.equal(verifyMessage('hello', await modern.signMessage('hello')).toLowerCase(), address.toLowerCase());
  const { accessKeyId, secretAccessKey } = await kms.config.credentials();
  const older = new lucas.AwsKmsSigner({ accessKeyId, secretAccessKey, region, endpoint: kmsUrl, keyId: 'key-secp256k1' });
  assert.equal((await older.getAddress()).toLowerCase(), address.toLowerCase());
  assert.equal(verifyMessage('hello', await older.signMessage('hello')).toLowerCase(), address.toLowerCase());
  const raw = await older.signTransaction({ ...transfer, value: 1, gasLimit: 21000, type: 2, maxFeePerGas: 10, maxPriorityFeePerGas: 1 });
  const signed = Transaction.from(raw);
  assert.equal(signed.from.toLowerCase(), address.toLowerCase());
  assert.equal(recoverAddress(signed.unsignedHash, signed.signature).toLowerCase(), address.toLowerCase());
}

async function openapi() {
  const document = await (await fetch(`${restUrl}/openapi.json`)).json();
  const found = await new Validator().validate(document);
  assert.ok(found.valid, JSON.stringify(found.errors));
  const status = await (await fetch(`${restUrl}/v1/keys/key-secp256k1`, { headers: { authorization: `Bearer ${token}` } })).json();
  return status.address;
}

const address = await openapi();
await sdk();
await signers(address);
console.log('@aws-sdk/client-kms, two signers of Ethereum and an OpenAPI validator: satisfied');

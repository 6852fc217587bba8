// Transactions of every type, made and signed by ethers, made again by viem, read and signed by us.
import assert from 'node:assert/strict';
import { SigningKey, Transaction, computeAddress, concat, getBytes, keccak256 } from 'ethers';
import { serializeTransaction } from 'viem';
import { hashAuthorization } from 'viem/utils';
import { encodeRlp, toBeArray } from 'ethers';

const strip = (hex) => hex.slice(2).toLowerCase();
const number = (value) => encodeNumber(BigInt(value));

function encodeNumber(value) {
    return value === 0n ? '0x' : toBeArray(value);
}

function randomKey(random) {
    return new SigningKey('0x' + (random.bits(255) + 1n).toString(16).padStart(64, '0'));
}

function randomAccessList(random) {
    return Array.from({ length: random.below(3) }, () => ({
        address: random.bytes(20),
        storageKeys: Array.from({ length: random.below(3) }, () => random.bytes(32)),
    }));
}

function randomAuthorization(random) {
    const key = randomKey(random);
    const chainId = random.chance(3) ? 0n : random.number(53);
    const tuple = { address: random.bytes(20), chainId, nonce: random.number(53) };
    const payload = concat(['0x05', encodeRlp([number(chainId), tuple.address, number(tuple.nonce)])]);
    const signature = key.sign(keccak256(payload));
    return { ...tuple, payload, signature, authority: computeAddress(key.publicKey) };
}

function randomTransaction(random) {
    const type = random.below(5);
    const tip = random.number(64);
    const to = type >= 3 || !random.chance(8) ? random.bytes(20) : null;
    const fields = {
        type,
        chainId: type === 0 && random.chance(3) ? 0n : 1n + random.number(52),
        nonce: Number(random.number(48)),
        gasLimit: random.number(63),
        to,
        value: random.number(128),
        data: random.bytes(random.pick([0, 1, 4, 36, 68, 300])),
    };
    if (type <= 1) {
        fields.gasPrice = random.number(96);
    } else {
        fields.maxPriorityFeePerGas = tip;
        fields.maxFeePerGas = tip + random.number(64);
    }
    if (type >= 1) {
        fields.accessList = randomAccessList(random);
    }
    if (type === 3) {
        fields.maxFeePerBlobGas = random.number(64);
        fields.blobVersionedHashes = Array.from({ length: 1 + random.below(6) }, () => '0x01' + random.bytes(31).slice(2));
    }
    if (type === 4) {
        fields.authorizationList = Array.from({ length: 1 + random.below(3) }, () => randomAuthorization(random));
    }
    return fields;
}

const viemTypes = ['legacy', 'eip2930', 'eip1559', 'eip4844', 'eip7702'];

function viemSerialized(fields) {
    const { type, gasLimit, gasPrice, chainId, authorizationList, ...rest } = fields;
    const transaction = { ...rest, type: viemTypes[type], gas: gasLimit, to: fields.to ?? undefined };
    if (gasPrice !== undefined) {
        transaction.gasPrice = gasPrice;
    }
    if (chainId !== 0n) {
        transaction.chainId = Number(chainId);
    }
    if (authorizationList !== undefined) {
        transaction.authorizationList = authorizationList.map((tuple) => ({
            address: tuple.address,
            chainId: Number(tuple.chainId),
            nonce: Number(tuple.nonce),
            r: tuple.signature.r,
            s: tuple.signature.s,
            yParity: tuple.signature.yParity,
        }));
    }
    return serializeTransaction(transaction);
}

function checkFields(said, fields) {
    const fee = fields.maxFeePerGas ?? fields.gasPrice;
    const blobFee = (fields.maxFeePerBlobGas ?? 0n) * 131072n * BigInt(fields.blobVersionedHashes?.length ?? 0);
    const paid = said.movements.find((movement) => movement.kind === 'fee');
    assert.equal(said.type, fields.type);
    assert.equal(BigInt(said.nonce), BigInt(fields.nonce));
    assert.equal(BigInt(said.chain), fields.chainId);
    assert.equal(BigInt(said.gas), fields.gasLimit);
    assert.equal(BigInt(said.price), fee);
    assert.equal(BigInt(said.tip), fields.maxPriorityFeePerGas ?? 0n);
    assert.equal(BigInt(said.value), fields.value);
    assert.equal(BigInt(paid.amount), fee * fields.gasLimit + blobFee);
    assert.equal(said.to, fields.to === null ? '' : strip(fields.to));
    assert.equal(said.data, fields.data.length / 2 - 1);
    assert.equal(said.keys, (fields.accessList ?? []).reduce((sum, entry) => sum + entry.storageKeys.length, 0));
    const controls = said.movements.filter((movement) => movement.kind === 'control');
    assert.deepEqual(controls.map((movement) => [movement.from, movement.to]),
        (fields.authorizationList ?? []).map((tuple) => [strip(tuple.authority), strip(tuple.address)]));
}

async function checkAuthorizations(driver, fields) {
    for (const tuple of fields.authorizationList ?? []) {
        const said = await driver.ask({ authorization: strip(tuple.payload) });
        const wanted = hashAuthorization({ address: tuple.address, chainId: Number(tuple.chainId), nonce: Number(tuple.nonce) });
        assert.equal(said.digest, strip(wanted));
    }
}

export async function compareTransactions(random, driver, count) {
    for (let i = 0; i < count; i++) {
        const fields = randomTransaction(random);
        const key = randomKey(random);
        const from = computeAddress(key.publicKey);
        const transaction = Transaction.from(fields);
        const unsigned = transaction.unsignedSerialized;
        assert.equal(viemSerialized(fields), unsigned);
        transaction.signature = key.sign(transaction.unsignedHash);
        const { r, s, yParity } = transaction.signature;
        const said = await driver.ask({ unsigned: strip(unsigned), from: strip(from), rs: strip(concat([r, s])), parity: yParity });
        assert.equal(said.error, undefined);
        assert.equal(said.digest, strip(transaction.unsignedHash));
        assert.equal(said.signed, strip(transaction.serialized));
        checkFields(said, fields);
        const read = await driver.ask({ signed: strip(transaction.serialized) });
        assert.equal(read.error, undefined);
        assert.equal(read.account, strip(from));
        assert.equal(read.digest, said.digest);
        checkFields(read, fields);
        await checkAuthorizations(driver, fields);
        const cut = getBytes(unsigned).length - 1;
        const short = await driver.ask({ unsigned: strip(unsigned).slice(0, 2 * cut), from: strip(from) });
        assert.notEqual(short.error, undefined);
    }
    return count;
}

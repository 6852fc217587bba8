// Every method that the product knows, and types of no method, encoded by ethers and viem.
import assert from 'node:assert/strict';
import { AbiCoder, FunctionFragment, Interface, ParamType } from 'ethers';
import { encodeFunctionData } from 'viem';

const coder = AbiCoder.defaultAbiCoder();

function randomValue(random, type) {
    if (type.baseType === 'array') {
        const count = type.arrayLength >= 0 ? type.arrayLength : random.below(4);
        return Array.from({ length: count }, () => randomValue(random, type.arrayChildren));
    }
    if (type.baseType === 'tuple') {
        return type.components.map((item) => randomValue(random, item));
    }
    const size = Number(/\d+$/.exec(type.baseType)?.[0] ?? 256);
    if (type.baseType.startsWith('uint')) {
        return random.number(size);
    }
    if (type.baseType.startsWith('int')) {
        return random.number(size) - (1n << BigInt(size - 1)) * BigInt(random.below(2)) >> 1n;
    }
    switch (type.baseType) {
    case 'address':
        return random.bytes(20);
    case 'bool':
        return random.chance(2);
    case 'string':
        return ['', 'text', 'a text that is longer than a single word of the encoding'][random.below(3)];
    case 'bytes':
        return random.bytes(random.pick([0, 1, 31, 32, 33, 100]));
    default:
        return random.bytes(size);
    }
}

// The leaves in order, as the walk gives them.
function leavesOf(type, value, out) {
    if (type.baseType === 'array') {
        value.forEach((item) => leavesOf(type.arrayChildren, item, out));
    } else if (type.baseType === 'tuple') {
        type.components.forEach((item, i) => leavesOf(item, value[i], out));
    } else if (type.baseType === 'string') {
        out.push(Buffer.from(value).toString('hex'));
    } else if (type.baseType === 'bytes') {
        out.push(value.slice(2));
    } else {
        out.push(coder.encode([type.baseType], [value]).slice(2));
    }
    return out;
}

function programOf(type) {
    if (type.baseType === 'array') {
        const head = type.arrayLength >= 0 ? [0x71, type.arrayLength] : [0x70];
        return [...head, ...programOf(type.arrayChildren)];
    }
    if (type.baseType === 'tuple') {
        return [0x72, type.components.length, ...type.components.flatMap(programOf)];
    }
    const size = Number(/\d+$/.exec(type.baseType)?.[0] ?? 0);
    const named = { address: 0x61, bool: 0x62, bytes: 0x63, string: 0x64 }[type.baseType];
    if (named !== undefined) {
        return [named];
    }
    if (type.baseType.startsWith('bytes')) {
        return [0x40 + size];
    }
    return [(type.baseType.startsWith('uint') ? 0 : 0x20) + size / 8];
}

function randomType(random, depth) {
    if (depth < 3 && random.chance(3)) {
        const items = Array.from({ length: 1 + random.below(4) }, () => randomType(random, depth + 1));
        return `tuple(${items.join(',')})`;
    }
    if (depth < 3 && random.chance(4)) {
        return randomType(random, depth + 1) + random.pick(['[]', '[1]', '[3]']);
    }
    const size = 1 + random.below(32);
    return random.pick(['address', 'bool', 'bytes', 'string', 'uint256', `uint${size * 8}`, `int${size * 8}`, `bytes${size}`]);
}

async function checkLeaves(driver, program, data, types, values) {
    const said = await driver.ask({ types: program, data });
    assert.equal(said.error, undefined);
    assert.equal(said.left, 0);
    const wanted = types.flatMap((type, i) => leavesOf(type, values[i], []));
    assert.deepEqual(said.leaves.map((leaf) => leaf.value), wanted);
}

// A change anywhere is refused or changes a leaf: no byte is left unaccounted for.
async function checkDamage(random, driver, program, data) {
    const at = 2 * random.below(data.length / 2);
    const byte = (parseInt(data.slice(at, at + 2), 16) ^ 1 << random.below(8)).toString(16).padStart(2, '0');
    const before = await driver.ask({ types: program, data });
    const after = await driver.ask({ types: program, data: data.slice(0, at) + byte + data.slice(at + 2) });
    assert.notDeepEqual(after, before);
}

export async function compareMethods(random, driver, rounds) {
    const { methods } = await driver.ask({ methods: true });
    let cases = 0;
    for (const { signature, types } of methods) {
        const fragment = FunctionFragment.from('function ' + signature);
        const abi = new Interface([fragment]);
        assert.equal(Buffer.from(fragment.inputs.flatMap(programOf)).toString('hex'), types, signature);
        for (let i = 0; i < rounds; i++) {
            const values = fragment.inputs.map((type) => randomValue(random, type));
            const data = abi.encodeFunctionData(fragment, values);
            const viemAbi = [{ ...JSON.parse(fragment.format('json')), outputs: [] }];
            assert.equal(encodeFunctionData({ abi: viemAbi, functionName: fragment.name, args: viemValues(fragment.inputs, values) }), data);
            await checkLeaves(driver, types, data.slice(10), fragment.inputs, values);
            if (data.length > 10) {
                await checkDamage(random, driver, types, data.slice(10));
            }
            cases++;
        }
    }
    return cases;
}

// viem takes numbers of up to 48 bits as such and unnamed tuples as arrays.
function viemValues(types, values) {
    const convert = (type, value) => {
        if (type.baseType === 'array') {
            return value.map((item) => convert(type.arrayChildren, item));
        }
        if (type.baseType === 'tuple') {
            return type.components.map((item, i) => convert(item, value[i]));
        }
        const size = Number(/^u?int(\d+)$/.exec(type.baseType)?.[1] ?? 256);
        return size <= 48 ? Number(value) : value;
    };
    return types.map((type, i) => convert(type, values[i]));
}

export async function compareTypes(random, driver, count) {
    for (let i = 0; i < count; i++) {
        const types = Array.from({ length: 1 + random.below(4) }, () => ParamType.from(randomType(random, 0)));
        const program = types.flatMap(programOf);
        if (program.length > 96) {
            continue;
        }
        const values = types.map((type) => randomValue(random, type));
        const data = coder.encode(types, values).slice(2);
        const hex = Buffer.from(program).toString('hex');
        await checkLeaves(driver, hex, data, types, values);
        if (data.length > 0) {
            await checkDamage(random, driver, hex, data);
        }
    }
    return count;
}

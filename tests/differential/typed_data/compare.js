// node compare.js DRIVER [COUNT [SEED]]: the digests of the enclave's code against ethers, viem and
// MetaMask's eth-sig-util, over generated typed data.
import {spawn} from "node:child_process";
import {createInterface} from "node:readline";
import {TypedDataEncoder} from "ethers";
import {hashTypedData} from "viem";
import sigUtil from "@metamask/eth-sig-util";
import {domainType, makeKnown, makeTypedData, Random} from "./generate.js";

const [driverPath, countText, seedText] = process.argv.slice(2);
const count = Number(countText ?? 5000);
const seed = Number(seedText ?? 712);
const driver = spawn(driverPath, [], {stdio: ["pipe", "pipe", "inherit"]});
const answers = createInterface({input: driver.stdout})[Symbol.asyncIterator]();
let failures = 0;
const counted = {ethers: 0, viem: 0, metamask: 0, known: 0, refused: 0, v3: 0};

async function ask(semantics, data) {
    driver.stdin.write(JSON.stringify({semantics, data}) + "\n");
    return JSON.parse((await answers.next()).value);
}

function fail(what, data, got, wanted) {
    failures++;
    if (failures <= 5) {
        console.error(`FAILED ${what}: got ${JSON.stringify(got)}, wanted ${wanted}\n${JSON.stringify(data)}`);
    }
}

// What JSON does to a value, viem does not: numbers as text become numbers.
function forViem(types, type, value) {
    const array = type.match(/^(.*)\[\d*\]$/);
    if (array) return value.map(element => forViem(types, array[1], element));
    if (types[type]) {
        return Object.fromEntries(types[type].map(({name, type: t}) => [name, forViem(types, t, value[name])]));
    }
    return /^u?int/.test(type) ? BigInt(value) : value;
}

function byViem(data) {
    const {types, primaryType, domain, message} = data;
    return hashTypedData({types: {...types, EIP712Domain: domainType(domain)}, primaryType,
        domain: {...domain, ...(domain.chainId !== undefined ? {chainId: BigInt(domain.chainId)} : {})},
        message: forViem(types, primaryType, message)});
}

function byMetaMask(data, version) {
    const whole = {...data, types: {...data.types, EIP712Domain: domainType(data.domain)}};
    return "0x" + sigUtil.TypedDataUtils.eip712Hash(whole, version).toString("hex");
}

async function compare(data, cycles) {
    const got = await ask(4, data);
    const wanted = {};
    if (!cycles) wanted.ethers = TypedDataEncoder.hash(data.domain, data.types, data.message);
    wanted.viem = byViem(data);
    wanted.metamask = byMetaMask(data, "V4");
    for (const [who, digest] of Object.entries(wanted)) {
        counted[who]++;
        if (got.digest !== digest) fail(who, data, got, digest);
    }
}

// Members that are missing: structs under v4, anything under v3.
async function compareMissing(random, data) {
    const members = data.types[data.primaryType];
    const hasArrays = Object.values(data.types).flat().some(member => member.type.includes("["));
    const missing = {...data, message: {...data.message}};
    for (const member of members) if (random.chance(30)) delete missing.message[member.name];
    if (!hasArrays) {
        counted.v3++;
        const got = await ask(3, missing);
        const wanted = byMetaMask(missing, "V3");
        if (got.digest !== wanted) fail("v3", missing, got, wanted);
    }
    const structs = members.filter(member => data.types[member.type]);
    if (structs.length > 0) {
        const nulled = {...data, message: {...data.message}};
        for (const member of structs) {
            if (random.chance(50)) nulled.message[member.name] = null;
            else delete nulled.message[member.name];
        }
        const got = await ask(4, nulled);
        const wanted = byMetaMask(nulled, "V4");
        if (got.digest !== wanted) fail("null", nulled, got, wanted);
    }
}

async function compareKnown(random) {
    const {data, operation} = makeKnown(random);
    const got = await ask(4, data);
    const wanted = TypedDataEncoder.hash(data.domain, data.types, data.message);
    counted.known++;
    if (got.digest !== wanted || got.operation !== operation) fail("known", data, got, `${wanted} ${operation}`);
}

// Values that do not fit their type: ethers throws, and so do we.
const bad = {
    uint8: [256, -1, "0x100", "1.5", 1.5, "", "x", null, true], int8: [128, -129, "-0x81"],
    uint256: ["0x1" + "0".repeat(64), (1n << 256n).toString(), -1], int256: [(1n << 255n).toString(), (-(1n << 255n) - 1n).toString()],
    address: ["0x" + "11".repeat(19), "0x" + "11".repeat(21), "vitalik.eth", "0x8ba1f109551bD432803012645Ac136ddd64DBa73", 5],
    bytes4: ["0x1122334455", "11223344", "0x112233zz", 5], bytes: ["0x1", "text", 7], string: [5, {}, []],
    "uint8[2]": [[1], [1, 2, 3], 5, {}], "uint8[]": [[256], 7], Inner: [5, "x", []],
};

async function compareRefused() {
    for (const [type, values] of Object.entries(bad)) {
        for (const value of values) {
            const data = {types: {T: [{name: "x", type}], Inner: [{name: "y", type: "uint8"}]}, primaryType: "T",
                domain: {}, message: {x: value}};
            const got = await ask(4, data);
            counted.refused++;
            if (got.error === undefined || !got.error.includes("message.x")) fail("refused", data, got, "an error");
        }
    }
}

const random = new Random(seed);
await compareRefused();
for (let i = 0; i < count; i++) {
    const cycles = random.chance(25);
    const data = makeTypedData(random, cycles);
    await compare(data, cycles);
    await compareMissing(random, data);
    if (i % 5 === 0) await compareKnown(random);
}
driver.stdin.end();
console.log(`seed ${seed}: ${JSON.stringify(counted)}, ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;

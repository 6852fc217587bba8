// Typed data out of a seeded generator: types that refer to each other, values of every kind at the
// edges of their ranges, arrays in arrays.

/** Mulberry32: the same numbers for the same seed everywhere. */
export class Random {
    constructor(seed) {
        this.state = seed >>> 0;
    }

    next() {
        this.state = (this.state + 0x6d2b79f5) >>> 0;
        let t = this.state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return (t ^ (t >>> 14)) >>> 0;
    }

    below(n) {
        return this.next() % n;
    }

    chance(percent) {
        return this.below(100) < percent;
    }

    pick(list) {
        return list[this.below(list.length)];
    }

    bytes(len) {
        let text = "0x";
        for (let i = 0; i < len; i++) text += this.below(256).toString(16).padStart(2, "0");
        return text;
    }
}

const characters = ["a", "Z", "0", " ", "\n", "\t", "\"", "\\", "é", "ß", "漢", "🚀", "\u202e", "\u0000", "{"];
const identifiers = ["to", "from", "amount", "details", "token", "spender", "_x", "$y", "camelCase", "A1",
    "longer_name_of_a_member", "z", "domain", "name", "message", "types"];

function text(random) {
    let out = "";
    for (let n = random.below(random.chance(10) ? 200 : 12); n > 0; n--) out += random.pick(characters);
    return out;
}

function unsigned(random, bits) {
    const top = 1n << BigInt(bits);
    switch (random.below(5)) {
        case 0: return 0n;
        case 1: return top - 1n;
        case 2: return BigInt(random.below(256)) % top;
        default: return BigInt(random.bytes(bits / 8));
    }
}

function signed(random, bits) {
    const half = 1n << BigInt(bits - 1);
    switch (random.below(5)) {
        case 0: return -half;
        case 1: return half - 1n;
        case 2: return -1n;
        default: return unsigned(random, bits) - half;
    }
}

// As wallets are given numbers: JSON number, decimal text, hex text.
function written(random, value) {
    const small = value <= 9007199254740991n && value >= -9007199254740991n;
    switch (random.below(3)) {
        case 0: if (small) return Number(value); // else as the next
        case 1: return value.toString();
        default: return value >= 0n ? "0x" + value.toString(16) : value.toString();
    }
}

function leafType(random) {
    switch (random.below(8)) {
        case 0: return "address";
        case 1: return "bool";
        case 2: return "string";
        case 3: return "bytes";
        case 4: return "bytes" + (1 + random.below(32));
        case 5: return "int" + 8 * (1 + random.below(32));
        default: return "uint" + 8 * (1 + random.below(32));
    }
}

function suffix(random, dims) {
    let out = "";
    for (let i = 0; i < dims; i++) out += random.chance(50) ? "[]" : `[${1 + random.below(3)}]`;
    return out;
}

function dimsOf(random) {
    return random.chance(70) ? 0 : 1 + random.below(3);
}

/** Struct types; with `cycles` they may refer to themselves, through arrays of any length. */
function makeTypes(random, cycles) {
    const count = 1 + random.below(5);
    const names = [];
    const used = new Set();
    for (let i = 0; i < count; i++) {
        let name;
        do {
            name = random.pick(["Person", "Mail", "Group", "Order", "Item", "_T", "a", "Zz", "Bulk"]) + random.below(100);
        } while (used.has(name));
        used.add(name);
        names.push(name);
    }
    const types = {};
    for (let i = 0; i < count; i++) {
        const members = [];
        const taken = new Set();
        const add = type => {
            let name = random.pick(identifiers);
            while (taken.has(name)) name += random.below(10);
            taken.add(name);
            members.push({name, type});
        };
        for (let n = random.below(6); n > 0; n--) add(leafType(random) + suffix(random, dimsOf(random)));
        // Each type but the first is used by the one before it.
        if (i + 1 < count) add(names[i + 1] + suffix(random, dimsOf(random)));
        if (i + 2 < count && random.chance(40)) add(names[i + 2] + suffix(random, dimsOf(random)));
        if (cycles && random.chance(60)) add(random.pick(names.slice(0, i + 1)) + "[]");
        if (members.length === 0) add("uint256");
        types[names[i]] = members;
    }
    return {types, primaryType: names[0]};
}

function leafValue(random, type) {
    if (type === "address") return random.bytes(20);
    if (type === "bool") return random.chance(50);
    if (type === "string") return text(random);
    if (type === "bytes") return random.bytes(random.below(random.chance(10) ? 300 : 40));
    if (type.startsWith("bytes")) return random.bytes(Number(type.slice(5)));
    if (type.startsWith("uint")) return written(random, unsigned(random, Number(type.slice(4))));
    return written(random, signed(random, Number(type.slice(3))));
}

function valueOf(random, types, type, depth, state) {
    const array = type.match(/^(.*)\[(\d*)\]$/);
    state.values++;
    state.depth = Math.max(state.depth, depth);
    if (array) {
        const few = depth > 6 || state.values > 150;
        const count = array[2] !== "" ? Number(array[2]) : few ? 0 : random.below(3);
        return Array.from({length: count}, () => valueOf(random, types, array[1], depth + 1, state));
    }
    if (!types[type]) return leafValue(random, type);
    const object = {};
    for (const member of types[type]) {
        object[member.name] = valueOf(random, types, member.type, depth + 1, state);
    }
    return object;
}

function makeDomain(random) {
    const domain = {};
    if (random.chance(60)) domain.name = text(random);
    if (random.chance(60)) domain.version = random.below(9).toString();
    if (random.chance(60)) domain.chainId = random.chance(80) ? random.below(100000) : Number(unsigned(random, 48));
    if (random.chance(60)) domain.verifyingContract = random.bytes(20);
    if (random.chance(20)) domain.salt = random.bytes(32);
    return domain;
}

const domainTypes = {name: "string", version: "string", chainId: "uint256", verifyingContract: "address", salt: "bytes32"};

/** EIP712Domain of the members that are there, for those who want it spelled out. */
export function domainType(domain) {
    return Object.keys(domainTypes).filter(name => name in domain).map(name => ({name, type: domainTypes[name]}));
}

/** Within the limits that the enclave sets on values and depth. */
export function makeTypedData(random, cycles) {
    for (;;) {
        const {types, primaryType} = makeTypes(random, cycles);
        const domain = makeDomain(random);
        const state = {values: 0, depth: 0};
        const message = valueOf(random, types, primaryType, 0, state);
        if (state.values <= 600 && state.depth <= 14) return {types, primaryType, domain, message};
    }
}

const permitDetails = [["token", "address"], ["amount", "uint160"], ["expiration", "uint48"], ["nonce", "uint48"]];
const tokenPermissions = [["token", "address"], ["amount", "uint256"]];
const members = pairs => pairs.map(([name, type]) => ({name, type}));

/** Structures whose meaning the product knows; each comes with the number of its operation. */
export const known = [
    {operation: 12, primaryType: "Permit", types: {Permit: members([["owner", "address"], ["spender", "address"],
        ["value", "uint256"], ["nonce", "uint256"], ["deadline", "uint256"]])}},
    {operation: 12, primaryType: "Permit", types: {Permit: members([["holder", "address"], ["spender", "address"],
        ["nonce", "uint256"], ["expiry", "uint256"], ["allowed", "bool"]])}},
    {operation: 12, primaryType: "PermitSingle", types: {PermitSingle: members([["details", "PermitDetails"],
        ["spender", "address"], ["sigDeadline", "uint256"]]), PermitDetails: members(permitDetails)}},
    {operation: 12, primaryType: "PermitBatch", types: {PermitBatch: members([["details", "PermitDetails[]"],
        ["spender", "address"], ["sigDeadline", "uint256"]]), PermitDetails: members(permitDetails)}},
    {operation: 12, primaryType: "PermitTransferFrom", types: {PermitTransferFrom: members([["permitted", "TokenPermissions"],
        ["spender", "address"], ["nonce", "uint256"], ["deadline", "uint256"]]), TokenPermissions: members(tokenPermissions)}},
    {operation: 12, primaryType: "PermitBatchTransferFrom", types: {PermitBatchTransferFrom: members([
        ["permitted", "TokenPermissions[]"], ["spender", "address"], ["nonce", "uint256"], ["deadline", "uint256"]]),
        TokenPermissions: members(tokenPermissions)}},
    {operation: 12, primaryType: "PermitWitnessTransferFrom", types: {PermitWitnessTransferFrom: members([
        ["permitted", "TokenPermissions"], ["spender", "address"], ["nonce", "uint256"], ["deadline", "uint256"],
        ["witness", "Witness"]]), TokenPermissions: members(tokenPermissions), Witness: members([["user", "address"]])}},
    {operation: 2, primaryType: "TransferWithAuthorization", types: {TransferWithAuthorization: members([["from", "address"],
        ["to", "address"], ["value", "uint256"], ["validAfter", "uint256"], ["validBefore", "uint256"], ["nonce", "bytes32"]])}},
    {operation: 10, primaryType: "OrderComponents", types: {
        OrderComponents: members([["offerer", "address"], ["zone", "address"], ["offer", "OfferItem[]"],
            ["consideration", "ConsiderationItem[]"], ["orderType", "uint8"], ["startTime", "uint256"],
            ["endTime", "uint256"], ["zoneHash", "bytes32"], ["salt", "uint256"], ["conduitKey", "bytes32"],
            ["counter", "uint256"]]),
        OfferItem: members([["itemType", "uint8"], ["token", "address"], ["identifierOrCriteria", "uint256"],
            ["startAmount", "uint256"], ["endAmount", "uint256"]]),
        ConsiderationItem: members([["itemType", "uint8"], ["token", "address"], ["identifierOrCriteria", "uint256"],
            ["startAmount", "uint256"], ["endAmount", "uint256"], ["recipient", "address"]])}},
];

export function makeKnown(random) {
    const {operation, types, primaryType} = random.pick(known);
    const domain = {name: "Known", chainId: 1 + random.below(1000), verifyingContract: "0x" + "11".repeat(20)};
    const message = valueOf(random, types, primaryType, 0, {values: 0, depth: 0});
    // Seaport has six kinds of items.
    for (const item of [...(message.offer ?? []), ...(message.consideration ?? [])]) item.itemType = random.below(6);
    return {data: {types, primaryType, domain, message}, operation};
}

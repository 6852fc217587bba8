"""A firm adds its own contract by data: an ERC-7730 file in the mission. Its calls are read, rules look at their
arguments, and what stands in the file is part of the mission's hash. Conditions on token transfers work the same way.
"""
import json
import os
import subprocess
import sys
import tempfile

ZCP = os.path.join(sys.argv[1], "zcp")
# Public keys of RFC 8032's test vectors: nobody signs here.
RISK = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
DESK = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
VAULT = "0x00000000000000000000000000000000000000c1"
FRIEND = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
CLEAR = {
    "context": {"contract": {"deployments": [{"chainId": 1, "address": VAULT}]}},
    "metadata": {"owner": "Example Trading"},
    "display": {"formats": {"lockUp(address token,uint256 amount,uint48 until)": {
        "intent": "Lock up",
        "fields": [
            {"path": "amount", "label": "Amount", "format": "tokenAmount", "params": {"tokenPath": "token"}},
            {"path": "until", "label": "Locked until", "format": "date", "params": {"encoding": "timestamp"}},
        ],
        "movements": [{"kind": "out", "token": "token", "from": "@.from", "to": "@.to", "amount": "amount"}],
    }}},
}
MISSION = f"""mission: clear
version: 1
principals:
  risk: {{organisation: Example Trading, key: "{RISK}", roles: [founder, approver]}}
  desk: {{organisation: Example Trading, key: "{DESK}", roles: signer}}
quorum: {{founders: 1, resume: 1}}
assets:
  ETH: {{chain: ethereum, native: true, decimals: 18}}
  USDC: {{chain: ethereum, contract: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", decimals: 6}}
contracts:
  vault: {{chain: ethereum, address: "{VAULT}"}}
recipients:
  friend: {{chain: ethereum, address: "{FRIEND}"}}
clear-signing: [contracts/vault.json]
rules:
  lock:
    allow: contract-call
    who: desk
    keys: any
    chains: ethereum
    assets: [ETH, USDC]
    to: vault
    contracts: vault
    methods: any
    if: Amount <= 1000
  pay:
    allow: [token-transfer, approve]
    who: desk
    keys: any
    chains: ethereum
    assets: [ETH, USDC]
    to: friend
    contracts: any
    methods: any
    if: "#1 <= 500"
"""
LOCK = "{evm: {to: vault, call: 'lockUp(address,uint256,uint48)', with: [USDC, %s, 1900000000]}}"
SEND = "{evm: {to: USDC, call: '%s(address,uint256)', with: [friend, %s]}}"
CASES = [
    ("the firm's own method", LOCK % "1000", "allow", "lock"),
    ("one too many", LOCK % "1001", "deny", ""),
    ("more behind the arguments", LOCK.replace("1900000000]", "1900000000, 7]") % "1000", "deny", ""),
    ("too few arguments", "{evm: {to: vault, call: 'lockUp(address,uint256,uint48)', with: [USDC, 1000]}}", "deny", ""),
    ("another method", "{evm: {to: vault, call: 'lockUp(address)', with: [USDC]}}", "deny", ""),
    ("the method elsewhere", LOCK.replace("to: vault", "to: friend") % "1000", "deny", ""),
    ("a transfer", SEND % ("transfer", 500), "allow", "pay"),
    ("a transfer of one more", SEND % ("transfer", 501), "deny", ""),
    ("an allowance", SEND % ("approve", 500), "allow", "pay"),
    ("an allowance of one more", SEND % ("approve", 501), "deny", ""),
]


def zcp(folder, *words, data=None):
    return subprocess.run([ZCP, *words, "--dir", folder], capture_output=True, text=True, timeout=60, input=data)


def expect(condition, what, run):
    if not condition:
        sys.exit(f"FAILED: {what}\n{run.args}\n{run.returncode}\n{run.stdout}{run.stderr}")


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text if isinstance(text, str) else json.dumps(text))
    return path


def shown(folder, mission):
    run = zcp(folder, "mission", "show", mission, "--json")
    expect(run.returncode == 0, "the mission compiles", run)
    return json.loads(run.stdout)


def decoding(folder, mission):
    """`tx decode` reads it by the compiled mission, with the labels of the file."""
    compiled = os.path.join(folder, "mission.cbor")
    run = zcp(folder, "mission", "compile", mission, "-o", compiled)
    expect(run.returncode == 0, "the mission compiles to a file", run)
    words = ["a0b86991c6218b36c1d19d4a2e9eb0ce3606eb48".rjust(64, "0"), f"{1000:064x}", f"{1900000000:064x}"]
    selector = shown(folder, mission)["clear_signing"][0]["selector"][2:]
    for extra, flags in (("", []), ("00" * 32, ["unknown-calldata", "partial-decode"])):
        data = bytes.fromhex(selector + "".join(words) + extra)
        body = "01808080830186a094" + VAULT[2:] + "80" + "b8" + f"{len(data):02x}" + data.hex() + "c0"
        tx = "0x02f8" + f"{len(body) // 2:02x}" + body
        run = zcp(folder, "tx", "decode", "--mission", compiled, "--json", data=tx)
        expect(run.returncode == 0, "the call decodes", run)
        decoded = json.loads(run.stdout)
        expect(set(decoded["flags"]) <= set(flags) and ("partial-decode" in decoded["flags"]) == bool(extra), "flags", run)
        labels = [argument["label"] for argument in decoded["intent"]["arguments"]]
        expect(labels == ["Amount", "token", "Locked until", "Locked until"], "labelled arguments", run)
        expect("Locked until: 1900000000" in decoded["text"] and "2030-03-17" in decoded["text"], "in words", run)


def differences(folder, mission):
    other = write(folder, "other/clear.yaml", MISSION)
    write(folder, "other/contracts/vault.json", json.dumps(CLEAR).replace("Locked until", "Free from"))
    run = zcp(folder, "mission", "diff", mission, other)
    expect("read in another way" in run.stdout and "Free from" in run.stdout, "diff tells it", run)
    expect(shown(folder, other)["hash"] != shown(folder, mission)["hash"], "the file is part of the hash", run)
    plain = write(folder, "plain.yaml", MISSION.replace("clear-signing: [contracts/vault.json]\n", ""))
    run = zcp(folder, "mission", "diff", plain, mission, "--json")
    expect('"wider"' in run.stdout and "is read now" in run.stdout, "a new description widens", run)


def refusals(folder, mission):
    for text, why in ((json.dumps(CLEAR).replace("uint48", "uint49"), "uint49"), ("{", "not JSON"), (None, "vault.json")):
        path = write(folder, "contracts/vault.json", text or "")
        if text is None:
            os.remove(path)
        run = zcp(folder, "mission", "check", mission)
        expect(run.returncode == 1 and why in run.stderr + run.stdout, f"refused: {why}", run)
    write(folder, "contracts/vault.json", CLEAR)
    for files, why in (("['../vault.json']", "stands beside"), ("[/etc/hostname]", "stands beside"),
                       ("[contracts/vault.json, contracts/vault.json]", "another file describes 'lockUp'")):
        write(folder, "clear.yaml", MISSION.replace("[contracts/vault.json]", files))
        run = zcp(folder, "mission", "check", mission)
        expect(run.returncode == 1 and why in run.stderr + run.stdout, f"refused: {files}", run)


def main():
    with tempfile.TemporaryDirectory() as folder:
        mission = write(folder, "clear.yaml", MISSION)
        write(folder, "contracts/vault.json", CLEAR)
        write(folder, "clear.test.yaml", "".join(
            f"- name: {name}\n  as: desk\n  key: desk-1\n  request: {request}\n  expect: {answer}\n"
            + (f"  rule: {rule}\n" if rule else "") for name, request, answer, rule in CASES))
        run = zcp(folder, "mission", "test", mission)
        expect(run.returncode == 0, "the cases hold", run)
        run = zcp(folder, "mission", "show", mission)
        expect("lockUp" in run.stdout and '"Locked until"' in run.stdout and "moves (out)" in run.stdout, "shown", run)
        decoding(folder, mission)
        differences(folder, mission)
        refusals(folder, mission)
    print("clear signing: read, judged, measured, shown")


main()

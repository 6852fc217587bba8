"""`zcp mission test` and `zcp mission diff`: the starter missions hold to their cases, and slips are found."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ZCP = os.path.join(sys.argv[1], "zcp")
MISSIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "missions")
# Public keys of RFC 8032's test vectors: nobody signs here.
KEYS = {
    "risk": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "quoter": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "treasurer": "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "agent": "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
    "bot": "ec172b93ad5e563f4932c70e1245034c35467ef2efd4d64ebf819683467e2bf5",
}


def zcp(folder, *words):
    return subprocess.run([ZCP, *words, "--dir", folder], capture_output=True, text=True, timeout=60)


def expect(condition, what, run):
    if not condition:
        sys.exit(f"FAILED: {what}\n{run.args}\n{run.returncode}\n{run.stdout}{run.stderr}")


def starters(folder):
    for name in ("market-maker", "treasury", "ai-agent", "defi-bot"):
        mission = os.path.join(MISSIONS, name + ".yaml")
        run = zcp(folder, "mission", "test", mission, "--json")
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        expect(run.returncode == 0 and lines[-1]["failed"] == 0, f"{name} holds to its cases", run)
        expect(lines[-1]["cases"] >= 8 and len(lines) == lines[-1]["cases"] + 1, f"{name} has 8 cases", run)
        run = zcp(folder, "mission", "show", mission)
        expect(run.returncode == 0 and run.stdout, f"{name} explains itself", run)


def edited(folder, old, new):
    """A copy of the treasury with one edit, and its cases beside it."""
    path = os.path.join(folder, "treasury.yaml")
    with open(os.path.join(MISSIONS, "treasury.yaml"), encoding="utf-8") as file:
        text = file.read()
    assert old in text
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))
    shutil.copy(os.path.join(MISSIONS, "treasury.test.yaml"), folder)
    shutil.copytree(os.path.join(MISSIONS, "models"), os.path.join(folder, "models"), dirs_exist_ok=True)
    return path


def diffs(folder):
    mission = os.path.join(MISSIONS, "treasury.yaml")
    run = zcp(folder, "mission", "diff", mission, mission, "--json")
    expect(run.returncode == 0 and run.stdout == "", "a mission is the same as itself", run)
    for old, new, effect, words in [
        ("50,000 USDC per tr", "60,000 USDC per tr", "wider", "limit raised: 50,000 USDC → 60,000 USDC"),
        ("50,000 USDC per tr", "40,000 USDC per tr", "narrower", "limit lowered: 50,000 USDC → 40,000 USDC"),
        ("20 signatures", "21 signatures", "wider", "signatures: 20 → 21"),
        ("to: [payroll, settlement, broker]", "to: [payroll, broker]", "narrower", "to: drops settlement"),
        ("keys: treasury-*", "keys: any", "wider", "keys: any, no longer only treasury-*"),
        ("deny: [approve, permit]", "deny: approve", "wider", "operations: drops permit"),
        ("roles: signer", "roles: [signer, key-admin]", "wider", "gains the roles"),
    ]:
        run = zcp(folder, "mission", "diff", mission, edited(folder, old, new), "--json")
        changes = [json.loads(line) for line in run.stdout.splitlines()]
        expect(run.returncode == 0 and any(c["effect"] == effect and words in c["text"] for c in changes),
               f"{old} -> {new} is {effect}: {words}", run)


def slips(folder):
    path = edited(folder, "50,000 USDC per tr", "60,000 USDC per tr")
    run = zcp(folder, "mission", "test", path)
    expect(run.returncode == 1 and "FAIL" in run.stdout, "a raised limit fails a case", run)
    cases = os.path.join(folder, "slip.yaml")
    for text, words in [
        ("- {name: a, as: nobody, key: k, expect: deny, request: {message: a}}", "is not a principal"),
        ("- {name: a, as: treasurer, key: k, expect: maybe, request: {message: a}}", "is no answer"),
        ("- {name: a, as: treasurer, key: k, expect: deny, rule: x, request: {message: a}}", "is not a rule"),
        ("- {name: a, as: treasurer, key: k, expect: deny, at: noon, request: {message: a}}", "a time reads"),
        ("- {name: a, as: treasurer, key: k, expect: deny, request: {evm: {to: payrol}}}", "neither a name"),
        ("- {name: a, as: treasurer, key: k, expect: deny, request: {letter: a}}", "a request is one of"),
        ("[]", "no cases"),
    ]:
        with open(cases, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        run = zcp(folder, "mission", "test", os.path.join(MISSIONS, "treasury.yaml"), "--cases", cases)
        expect(run.returncode == 1 and words in run.stderr and "slip.yaml:1:" in run.stderr, words, run)
    with open(cases, "w", encoding="utf-8") as file:
        file.write('- {name: a, as: treasurer, key: k, expect: deny, request: {evm: "0xff"}}\n')
    run = zcp(folder, "mission", "test", os.path.join(MISSIONS, "treasury.yaml"), "--cases", cases)
    expect(run.returncode == 1 and "refused" in run.stdout, "what no decoder reads is no denial", run)


with tempfile.TemporaryDirectory() as place:
    os.mkdir(os.path.join(place, "credentials"))
    for principal, key in KEYS.items():
        with open(os.path.join(place, "credentials", principal + ".pub"), "w", encoding="utf-8") as out:
            out.write(key)
    starters(place)
    diffs(place)
    slips(place)
print("ok")

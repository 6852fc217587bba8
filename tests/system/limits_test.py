"""Limits under pressure: a thousand at once sign exactly as many as allowed, and no restart refills anything."""
import threading
import time

from support import case, evm, libzcp
from support.deployment import DENIED
from support.evm import ETH

THREADS = 20
REQUESTS = 1000
LIMIT = 10

MISSION = """
mission: limits
version: 1
principals:
  admin: {organisation: Test, key: local, roles: [founder, key-admin, approver]}
  one:   {organisation: Test, key: local, roles: signer}
  two:   {organisation: Test, key: local, roles: signer}
quorum: {founders: 1, resume: 1}
assets:
  ETH: {chain: ethereum, native: true, decimals: 18}
rules:
"""

RULE = """\
  {who}-{what}:
    allow: transfer
    who: {who}
    keys: {what}-*
    chains: ethereum
    assets: ETH
    to: any
    limits:
      - {limit}
"""
MISSION += "".join(RULE.format(who=who, what=what, limit=limit)
                   for who, what, limit in (("one", "rate", "10 signatures per 1d"), ("two", "rate", "10 signatures per 1d"),
                                            ("one", "window", "10 ETH per 1d"), ("one", "each", "1 ETH per transaction")))

def tenth(nonce, fee=2):
    """Costs a tenth of the window exactly: its value and its highest fee."""
    return evm.eip1559(nonce, value=ETH - 21000 * fee, fee=fee)


class Limits(case.SystemTest):
    def setUp(self):
        self.d = self.deploy(MISSION)
        self.library = libzcp.Library(case.build)

    def key(self, name):
        self.d.json("key", "create", name, "--curve", "secp256k1")
        return name

    def ask(self, principal, key, tx):
        """Asks once through the command line: the answer's JSON, allowed or not."""
        answer = self.d.zcp("sign", "tx", "--as", principal, "--key", key, "--json", stdin=tx)
        self.assertIn(answer.code, (0, DENIED), str(answer))
        return answer.json

    def storm(self, principal, key, transaction):
        """REQUESTS different transactions from THREADS pipelined sessions at once: the signatures and the refusals."""
        signed, refused, broken = [], [], []
        together = threading.Barrier(THREADS)
        each = REQUESTS // THREADS

        def work(number):
            try:
                with self.library.open(self.d.dir, principal, timeout_ms=30000, no_reconnect=True) as session:
                    together.wait(30)
                    for i in range(each):
                        session.send(key, transaction(number * each + i))
                    for _ in range(each):
                        signature, denial = session.receive()
                        (signed if signature else refused).append(signature or denial)
            except Exception as error:  # reported below, in the test's own thread
                broken.append(error)
                together.abort()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(broken, [])
        self.assertEqual(len(signed) + len(refused), REQUESTS)
        return signed, refused

    def allowed_in_log(self):
        return sum(entry.get("decision") == "allow" for entry in self.d.lines("audit", "tail", "-n", "100000"))

    def test_rate__thousand_at_once__exactly_ten(self):
        key = self.key("rate-1")
        signed, refused = self.storm("one", key, evm.eip1559)
        self.assertEqual(len(signed), LIMIT)
        self.assertEqual(len({bytes(signature.digest) for signature in signed}), LIMIT)
        self.assertEqual(len({signature.entry for signature in signed}), LIMIT)
        self.assertEqual({denial.reason for denial in refused}, {b"POLICY_RATE"})
        self.assertEqual({denial.rule for denial in refused}, {b"one-rate/signatures-per-1d"})
        self.assertEqual({(denial.measured, denial.limit) for denial in refused}, {(b"11", b"10")})
        self.assertEqual(self.allowed_in_log(), LIMIT)
        self.assertIs(self.d.json("audit", "verify")["valid"], True)
        # Refusals are logged under a quota: a thousand of them don't make a thousand entries.
        self.assertLess(self.d.json("status")["log_entries"], 200)

    def test_window__thousand_at_once__exactly_ten(self):
        key = self.key("window-1")
        signed, refused = self.storm("one", key, tenth)
        self.assertEqual(len(signed), LIMIT)
        self.assertEqual({denial.reason for denial in refused}, {b"POLICY_WINDOW"})
        self.assertEqual(self.ask("one", key, evm.eip1559(2000, value=0))["decision"], "deny", "not even a fee is left")

    def test_scope__another_agent_or_key__has_its_own(self):
        rate, window, each = self.key("rate-1"), self.key("window-1"), self.key("each-1")
        for nonce in range(LIMIT):
            self.assertEqual(self.ask("one", rate, evm.eip1559(nonce))["decision"], "allow")
        self.assertEqual(self.ask("one", rate, evm.eip1559(99))["reason"], "POLICY_RATE")
        self.assertEqual(self.ask("two", rate, evm.eip1559(100))["decision"], "allow", "the limit is the first agent's")
        self.assertEqual(self.ask("one", window, tenth(0))["decision"], "allow", "the limit is the other key's")
        for key in (window, each):
            self.assertEqual(self.ask("two", key, evm.eip1559(0))["reason"], "POLICY_NO_RULE")
        self.assertEqual(self.ask("one", each, evm.eip1559(0, value=2 * ETH))["reason"], "POLICY_PER_TX")
        second = self.key("rate-2")
        self.assertEqual(self.ask("one", second, evm.eip1559(0))["reason"], "POLICY_RATE", "a new key refills nothing")

    def test_nonce_replaced__charged_once_at_the_maximum(self):
        key = self.key("window-1")
        for fee in (2, 3, 4, 5):
            self.assertEqual(self.ask("one", key, tenth(7, fee=fee))["decision"], "allow")
        self.assertEqual(self.ask("one", key, evm.eip1559(7, value=0))["decision"], "allow", "to cancel costs nothing more")
        again = self.ask("one", key, tenth(7))
        self.assertEqual(again["decision"], "allow", "what was charged once is not charged again")
        for nonce in range(100, 109):
            self.assertEqual(self.ask("one", key, tenth(nonce))["decision"], "allow", f"nonce {nonce}")
        self.assertEqual(self.ask("one", key, tenth(109))["reason"], "POLICY_WINDOW")
        # To replace by more is charged what is more, and there is no more.
        self.assertEqual(self.ask("one", key, evm.eip1559(7, value=ETH))["reason"], "POLICY_WINDOW")
        # The same nonce of another chain or account is another thing: no free ride.
        other = self.key("window-2")
        self.assertEqual(self.ask("one", other, tenth(7))["reason"], "POLICY_WINDOW")

    def test_same_transaction__asked_often__charged_once_even_by_rate(self):
        key = self.key("rate-1")
        answers = [self.ask("one", key, evm.eip1559(0)) for _ in range(15)]
        self.assertEqual({answer["decision"] for answer in answers}, {"allow"})
        self.assertEqual(len({answer["digest"] for answer in answers}), 1)
        for nonce in range(1, LIMIT):
            self.assertEqual(self.ask("one", key, evm.eip1559(nonce))["decision"], "allow")
        self.assertEqual(self.ask("one", key, evm.eip1559(LIMIT))["reason"], "POLICY_RATE")
        self.assertEqual(self.ask("one", key, evm.eip1559(0))["decision"], "allow")
        # Another transaction with a nonce that was used is one more signature.
        self.assertEqual(self.ask("one", key, evm.eip1559(0, value=2))["reason"], "POLICY_RATE")

    def test_restart__spent_stays_spent(self):
        rate, window = self.key("rate-1"), self.key("window-1")
        spent = 0
        for end in ("down", "up", "zcpd", "enclave", "core", "front"):
            for _ in range(2 if end in ("down", "zcpd", "core") else 1):
                self.assertEqual(self.ask("one", rate, evm.eip1559(spent))["decision"], "allow")
                self.assertEqual(self.ask("one", window, tenth(spent))["decision"], "allow")
                spent += 1
            boot = self.d.boot()
            if end == "down":
                self.d.restart()
            elif end == "up":
                self.d.kill("up")
                self.wait_until_gone()
                self.d.start()
            else:
                self.d.kill(end)
                self.d.wait(boot=boot)
            self.assertNotEqual(self.d.boot(), boot)
        for nonce in range(spent, LIMIT):
            self.assertEqual(self.ask("one", rate, evm.eip1559(nonce))["decision"], "allow")
            self.assertEqual(self.ask("one", window, tenth(nonce))["decision"], "allow")
        self.assertEqual(self.ask("one", rate, evm.eip1559(LIMIT))["reason"], "POLICY_RATE")
        self.assertEqual(self.ask("one", window, tenth(LIMIT))["reason"], "POLICY_WINDOW")
        self.assertEqual(self.ask("one", window, tenth(0))["decision"], "allow", "replacement is remembered too")
        self.assertIs(self.d.json("audit", "verify")["valid"], True)

    def wait_until_gone(self):
        """Everything ends with the supervisor: nothing is left that would hold the folder."""
        until = time.monotonic() + 10
        while self.d.control(command="status") is not None:
            self.assertLess(time.monotonic(), until, "zcpd lives on without its supervisor")
            time.sleep(0.02)

    def test_kill_under_load__never_more_than_the_limit(self):
        key = self.key("rate-1")
        stop = threading.Event()
        signed, trouble = set(), []

        def work(number):
            nonce = number
            while not stop.is_set():
                try:
                    with self.library.open(self.d.dir, "one", timeout_ms=5000) as session:
                        while not stop.is_set():
                            try:
                                signed.add(bytes(session.sign(key, evm.eip1559(nonce)).digest))
                            except libzcp.ZcpError as error:
                                if error.result != libzcp.DENIED:
                                    raise
                            nonce += THREADS
                except libzcp.ZcpError as error:
                    if error.result != libzcp.UNREACHABLE:
                        trouble.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for victim in ("core", "zcpd", "front", "core"):
            boot = self.d.boot()
            self.d.kill(victim)
            self.d.wait(boot=boot)
        stop.set()
        for thread in threads:
            thread.join()
        self.assertEqual(trouble, [])
        self.assertLessEqual(len(signed), LIMIT)
        self.assertEqual(self.allowed_in_log(), LIMIT)
        self.assertIs(self.d.json("audit", "verify")["valid"], True)


if __name__ == "__main__":
    case.main(120)

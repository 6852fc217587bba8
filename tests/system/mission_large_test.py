"""A mission with 100,000 addresses in its lists: compiled, loaded, obeyed, and there again after a restart."""
import hashlib

from support import case, evm
from support.deployment import DENIED, DONE

ADDRESSES = 100_000
MISSION = """
mission: large
version: 1
principals:
  admin: {{organisation: Test, key: local, roles: [founder, key-admin, approver]}}
  payer: {{organisation: Test, key: local, roles: signer}}
quorum: {{founders: 1, resume: 1}}
assets:
  WEI: {{chain: ethereum, native: true, decimals: 0}}
rules:
  sanctioned:
    deny: anything
    to: [{denied}]
  pay:
    allow: transfer
    who: payer
    keys: any
    chains: ethereum
    assets: WEI
    to: [{allowed}]
    limits:
      - 500 WEI per transaction
      - 1,000 WEI per 1h
      - 100 signatures per 1h
"""


def address(number):
    return hashlib.sha256(b"%d" % number).digest()[:20]


def listed(numbers):
    return ", ".join('"0x%s"' % address(number).hex() for number in numbers)


class Large(case.SystemTest):
    def pay(self, number, nonce, value):
        answer = self.d.zcp("sign", "tx", "--as", "payer", "--key", "k", "--json",
                            stdin=evm.eip1559(nonce, value, to=address(number)))
        return answer.code, answer.json.get("rule")

    def test_mission__100000_addresses__decides_by_each_list_before_and_after_a_restart(self):
        self.d = self.deploy(MISSION.format(allowed=listed(range(ADDRESSES // 2)),
                                            denied=listed(range(ADDRESSES // 2, ADDRESSES))))
        self.d.json("key", "create", "k", "--curve", "secp256k1", "--as", "admin")
        self.assertEqual(self.pay(0, 0, 400)[0], DONE)
        self.assertEqual(self.pay(ADDRESSES // 2 - 1, 1, 400)[0], DONE)
        self.assertEqual(self.pay(7, 2, 501), (DENIED, "pay/WEI-per-tx"))
        self.assertEqual(self.pay(7, 2, 201), (DENIED, "pay/WEI-per-1h"))
        self.assertEqual(self.pay(ADDRESSES // 2, 2, 1), (DENIED, "sanctioned"))
        self.assertEqual(self.pay(ADDRESSES, 2, 1), (DENIED, ""))
        self.d.restart()
        self.assertEqual(self.pay(ADDRESSES - 1, 2, 1), (DENIED, "sanctioned"))
        self.assertEqual(self.pay(7, 2, 201), (DENIED, "pay/WEI-per-1h"))
        self.assertEqual(self.pay(7, 2, 200)[0], DONE)


if __name__ == "__main__":
    case.main(100)

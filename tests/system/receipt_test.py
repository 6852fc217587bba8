"""A client holds its receipts against the published log: it kept its word, or it is caught."""
import ctypes
import shutil
import time

from hostile_support import library
from support import case
from support.deployment import OPEN
from support.libzcp import CHAIN_NONE, Error, MESSAGE, OK, P256, Signature

FAILED, NOT_VERIFIED = 1, 4


class Receipts(case.SystemTest):
    def setUp(self):
        self.d = self.deploy(OPEN)
        self.shared = library(case.build)
        self.session = self.shared.open(self.d.dir, "admin").__enter__()
        self.addCleanup(self.session.__exit__)
        self.session.key_create("k", P256)
        function = self.shared.lib.zcp_receipt_check
        function.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(Signature),
                             ctypes.POINTER(ctypes.c_uint64), ctypes.POINTER(Error)]
        function.restype = ctypes.c_int

    def check(self, receipt, folder=None):
        size, error = ctypes.c_uint64(), Error()
        result = self.shared.lib.zcp_receipt_check(self.session.handle, str(folder or self.d.dir / "log").encode(),
                                                   ctypes.byref(receipt), ctypes.byref(size), ctypes.byref(error))
        return result, size.value, error

    def covered(self, receipt):
        until = time.monotonic() + 15
        result, size, error = self.check(receipt)
        while result == FAILED and time.monotonic() < until:
            time.sleep(0.1)
            result, size, error = self.check(receipt)
        return result, size, error

    def sign(self, count):
        return [self.session.sign("k", f"{number}".encode(), MESSAGE, CHAIN_NONE) for number in range(count)]

    def test_receipts__of_a_few_hundred_signatures__are_all_in_the_log(self):
        receipts = self.sign(700)
        for number in (len(receipts) - 1, *range(0, len(receipts), 7)):
            result, size, error = self.covered(receipts[number])
            self.assertEqual(result, OK, error.why)
            self.assertGreater(size, receipts[number].entry)

    def test_receipt__of_an_entry_that_is_not_there__is_caught(self):
        receipt = self.sign(3)[1]
        self.assertEqual(self.covered(receipt)[0], OK)
        receipt.leaf[5] ^= 1
        self.assertEqual(self.check(receipt)[0], NOT_VERIFIED)

    def test_log__tile_changed__is_caught(self):
        receipts = self.sign(20)
        self.assertEqual(self.covered(receipts[-1])[0], OK)
        copy = self.d.home / "copy"
        shutil.copytree(self.d.dir / "log", copy)
        for tile in (copy / "tile" / "0").rglob("*"):
            if tile.is_file():
                data = bytearray(tile.read_bytes())
                data[33] ^= 1
                tile.write_bytes(data)
        self.assertEqual(self.check(receipts[-1], copy)[0], NOT_VERIFIED)

    def test_log__checkpoint_of_another_deployment__is_caught(self):
        receipt = self.sign(1)[0]
        other = self.deploy(OPEN)
        other.wait_checkpoint()
        self.assertEqual(self.check(receipt, other.dir / "log")[0], NOT_VERIFIED)


if __name__ == "__main__":
    case.main(100)

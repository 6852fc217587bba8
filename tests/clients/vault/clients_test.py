"""node-vault, unmodified: keys, signatures, batches and errors of Transit."""
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "system"))

from support import case  # noqa: E402
from support.deployment import OPEN  # noqa: E402
from support.gateway import Gateway, identity  # noqa: E402

TOKEN = "s.a-token-of-more-than-16-characters"


class NodeVault(case.SystemTest):
    def test_transit__everything_that_a_client_does__works(self):
        d = self.deploy(OPEN)
        gateway = Gateway(d, "vault", identities=[identity("desk", "admin", token=TOKEN)])
        self.addCleanup(gateway.stop)
        done = subprocess.run([os.environ["ZC_NODE"], "clients.mjs", f"http://127.0.0.1:{gateway.port['vault']}", TOKEN],
                              cwd=os.environ["ZC_PACKAGES"], capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
        self.assertEqual(done.stdout, b"done\n")


if __name__ == "__main__":
    case.main(100)

"""The frame of a system test: `python3 X_test.py BUILD_DIR`, exit 0, 1, or 77 for a skip that is explained."""
import signal
import sys
import unittest
from pathlib import Path

from support.deployment import DONE, STARTER, Deployment, run

SKIP = 77
PROGRAMS = ("zcp", "zcpd", "zcp-enclave", "libzcp.so")
build = Path(".")


class SystemTest(unittest.TestCase):
    """Its deployments end with the test, or with the class if the class made them, also after a failure."""

    maxDiff = None

    def deploy(self, mission=STARTER, start=True, **options):
        made = Deployment(build, mission, **options)
        self.addCleanup(made.close)
        return made.start() if start else made

    @classmethod
    def deploy_for_class(cls, mission=STARTER):
        made = Deployment(build, mission)
        cls.addClassCleanup(made.close)
        return made.start()

    def run_zcp(self, *arguments, **options):
        return run(build, *arguments, **options)

    def expect(self, answer, code=DONE, *words):
        """The exit code, and words that standard error must have whatever its line breaks."""
        self.assertEqual(answer.code, code, str(answer))
        for word in words:
            self.assertIn(word, answer.error_text, str(answer))
        return answer

    def expect_error(self, answer, code, *words):
        """An error with --json: what failed, why, and what to do next."""
        self.assertEqual(answer.code, code, str(answer))
        self.assertEqual(answer.out, b"", f"an error writes nothing to standard output: {answer}")
        error = answer.error
        for part in ("what", "why", "next"):
            self.assertTrue(error[part].strip(), f"the error does not say {part}: {answer}")
        self.assertEqual(error["exit"], code)
        whole = " ".join(error[part] for part in ("what", "why", "next"))
        for word in words:
            self.assertIn(word, whole)
        return error


class _Result(unittest.TextTestResult):
    current = None

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        _Result.current = self


def _out_of_time(_number, _frame):
    """Fails the test that runs, whose cleanups then run, and starts no other."""
    if _Result.current is not None:
        _Result.current.stop()
    raise TimeoutError("the test took longer than its time, or was asked to end")


def main(seconds):
    """Runs the tests of the calling program; after `seconds` it ends them, so that they still clean up."""
    global build
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} BUILD_DIR [TEST…]")
    build = Path(sys.argv.pop(1)).resolve()
    missing = [name for name in PROGRAMS if not (build / name).exists()]
    if missing:
        sys.exit(f"{build} lacks {', '.join(missing)}: build it first")
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.signal(signal.SIGTERM, _out_of_time)
    signal.alarm(seconds)
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=_Result)
    result = unittest.main(module="__main__", exit=False, testRunner=runner).result
    if not result.wasSuccessful():
        sys.exit(1)
    skipped_all = result.skipped and len(result.skipped) >= result.testsRun
    sys.exit(SKIP if skipped_all else 0)

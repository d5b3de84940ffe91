"""The program `diadoc`: `python -m diadoc`, or the console script."""

import signal
import sys

from . import _diadoc


def main() -> int:
    # Python would keep Ctrl-C for itself until the program has ended.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _diadoc.main(["diadoc", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())

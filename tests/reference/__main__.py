"""Run the server: ``python tests/reference`` or ``python -m tests.reference``."""

import os
import sys

if __name__ == "__main__":
    # Running a folder puts the folder itself on the path; our imports start at the project's root.
    folder = os.path.dirname(os.path.realpath(__file__))
    sys.path[0] = os.path.dirname(os.path.dirname(folder))

    from tests.reference.cli import main

    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads a list has seen enough, as `head` does; nothing is left to flush at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)

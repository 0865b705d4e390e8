"""Run the server: ``python tests/reference`` or ``python -m tests.reference``."""

import os.path
import sys

if __name__ == "__main__":
    # Running a folder puts the folder itself on the path; our imports start at the project's root.
    folder = os.path.dirname(os.path.realpath(__file__))
    sys.path[0] = os.path.dirname(os.path.dirname(folder))

    from tests.reference.cli import main

    sys.exit(main())

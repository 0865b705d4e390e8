"""Starts Connexion's mock server: serve.py DOCUMENT PORT.

Connexion brings some thirty packages that have no business in the environment of the suite. The first
start puts them into a virtual environment of their own, in .cache beside the target file.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENT = "connexion[flask,uvicorn]==3.3.0"
HERE = Path(__file__).resolve().parent
CONSTRAINTS = HERE / "constraints.txt"
# What `connexion run` does, without its watching for changed files
SERVE = """
import sys
import uvicorn
from connexion.cli import create_app
port = int(sys.argv.pop())
uvicorn.run(create_app(), host="127.0.0.1", port=port, log_level="warning")
"""


def interpreter() -> Path:
    """The Python that has Connexion, installed if it is not there yet."""
    wanted = f"{sys.version} {REQUIREMENT} {CONSTRAINTS.read_text(encoding='utf-8')}"
    folder = (
        HERE.parent / ".cache" / f"connexion-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    )
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    complete = folder / "complete"  # a start that was cut short leaves a folder without it
    if not complete.exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "--constraint", CONSTRAINTS, REQUIREMENT], check=True)
        complete.touch()
    return python


def main() -> int:
    document, port = sys.argv[1:]
    os.environ["PYTHONPATH"] = str(HERE)
    os.environ["BEARERINFO_FUNC"] = "hook.info"
    command = [str(interpreter()), "-W", "ignore", "-c", SERVE, "run", document, "--mock=all", port]
    if os.name != "nt":
        os.execv(command[0], command)  # the server takes this process over: stopping one stops both
    return subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main())

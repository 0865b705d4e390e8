"""Certificates that are good, expired, or for somebody else, made by the openssl command."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

CONFIG = """\
[ca]
default_ca = made
[made]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
subjectAltName = {name}
basicConstraints = critical,CA:TRUE
[req]
distinguished_name = nobody
[nobody]
"""

GOOD = ("20200101000000Z", "20991231000000Z")
EXPIRED = ("20200101000000Z", "20200201000000Z")


def certificate(
    folder: Path, name: str = "IP:127.0.0.1", dates: tuple[str, str] = GOOD
) -> ssl.SSLContext:
    """Make `cert.pem`, signed by itself, in a folder; the context of a server that shows it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.txt").touch()
    (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder, name=name), "utf-8")
    key, asked, made = folder / "key.pem", folder / "request.pem", folder / "cert.pem"
    config = ["-config", str(folder / "openssl.cnf")]
    new = ["-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    _openssl("req", *config, *new, "-subj", "/CN=target", "-keyout", str(key), "-out", str(asked))
    when = ["-startdate", dates[0], "-enddate", dates[1]]
    signing = ["-batch", "-selfsign", "-notext", "-keyfile", str(key)]
    _openssl("ca", *config, *signing, *when, "-in", str(asked), "-out", str(made))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60)

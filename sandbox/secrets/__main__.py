"""python -m sandbox.secrets: Azure Key Vault and Google Secret Manager on loopback over HTTPS, until Ctrl-C.

The certificate signs itself and lies in <home>/sandbox/secrets/certificate.pem; clients trust it by REQUESTS_CA_BUNDLE.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sandbox import foreign, serving
from sandbox.secrets.server import Server


def main() -> int:
    """Serve. Exit code 2 when the port is taken."""
    parser = foreign.parser("secrets", 8443, __doc__ or "")
    parser.add_argument("--azure-secret", action="append", default=[], help="NAME=value (may be repeated)")
    parser.add_argument(
        "--google-secret", action="append", default=[], help="PROJECT/NAME=value (may be repeated)"
    )
    given = parser.parse_args()
    server = Server()
    for text in given.azure_secret:
        name, _, value = text.partition("=")
        server.azure[name] = [value]
    for text in given.google_secret:
        name, _, value = text.partition("=")
        project, _, secret = name.partition("/")
        server.google[f"projects/{project}/secrets/{secret}"] = [value.encode()]
    folder = given.home / "sandbox" / "secrets"
    certificate, key = write_certificate(folder)
    return serving.serve(
        server.app,
        given.port,
        "Secrets stand-in ready: https://127.0.0.1:{port} (nothing is kept; certificate in "
        + str(certificate)
        + "). Ctrl-C ends it.",
        ssl_certfile=str(certificate),
        ssl_keyfile=str(key),
    )


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of its own for 127.0.0.1 and localhost, for a year, and its key; renewed at each start."""
    folder.mkdir(parents=True, exist_ok=True)
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "customer-360 sandbox")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=365))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    key.touch(mode=0o600)
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    return certificate, key


if __name__ == "__main__":
    sys.exit(main())

"""Certificates for receivers that tests start, signed by an authority that only these tests believe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Pair:
    """Files: a certificate with its key, and the certificate of who signed it."""

    chain: Path
    authority: Path


def make_pair(folder: Path, name: str) -> Pair:
    """Make a certificate for a host of this name, valid for a day."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _builder("Tests", "Tests", root_key).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    own = _builder(name, "Tests", key).add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
    chain, authority = folder / "chain.pem", folder / "authority.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(secret + _pem(own.sign(root_key, hashes.SHA256())))
    authority.write_bytes(_pem(root.sign(root_key, hashes.SHA256())))
    return Pair(chain, authority)


def _builder(name: str, issuer: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    began = datetime.now(UTC) - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=1))
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)

"""The test authority: one root that signs the certificate whose key signs notifications. Nobody else trusts it."""

from __future__ import annotations

import base64
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from masthead.simulator.clock import moment, real
from masthead.simulator.store import Json, Store

# PayPal's own name: who checks it must look at who signed it, too.
NAME = "messageverificationcerts.paypal.com"
_YEARS = timedelta(days=3650)
_SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def keys(store: Store) -> Json:
    """Return the authority of this state as PEM, made on first use: root, certificate, key, and a stranger's key."""
    with store.transaction():
        kept: Json | None = store.setting("paypal_authority")
        if kept is None:
            kept = _make()
            store.set_setting("paypal_authority", kept)
    return kept


def _make() -> Json:
    root_key, leaf_key, stranger = (rsa.generate_private_key(65537, 2048) for _ in range(3))
    root_name, leaf_name = _name("Masthead simulator test authority"), _name(NAME)
    root_id = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    root = (
        _builder(root_name, root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_SIGNS_CERTIFICATES, critical=True)
        .add_extension(root_id, critical=False)
    )
    leaf = (
        _builder(leaf_name, root_name, leaf_key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(root_id), critical=False)
    )
    return {
        "root": _pem(root.sign(root_key, hashes.SHA256())),
        "certificate": _pem(leaf.sign(root_key, hashes.SHA256())),
        "key": _secret(leaf_key),
        "stranger": _secret(stranger),
        "serial": x509.random_serial_number(),
    }


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey) -> x509.CertificateBuilder:
    now = moment(real())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _secret(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def certificate_path(store: Store) -> str:
    """Return where the certificate is served."""
    return f"/v1/notifications/certs/CERT-{keys(store)['serial'] % 16**12:012x}"


def sign(store: Store, message: bytes, *, stranger: bool = False) -> str:
    """Sign a message by RSA and SHA-256, as PayPal's algorithm of that name; with a stranger's key where asked."""
    pem = keys(store)["stranger" if stranger else "key"].encode()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the authority's key is RSA")
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()

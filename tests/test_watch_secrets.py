"""Which files are kept out as secrets, and which are not."""

from __future__ import annotations

import pytest

from indexer.watch.secrets import has_secret_shape, is_secret_name

KEY = b"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n"

SECRET = """
.env a/.env .env.local .env.production config/.env-prod prod.env .ENV .envrc
id_rsa .ssh/id_ed25519 server.key certs/ca.PEM a.p12 a.pfx a.jks release.keystore me.ppk
.netrc .pgpass .npmrc .pypirc .git-credentials .htpasswd
credentials.json a/credentials .aws/credentials .aws/config .docker/config.json .kube/config
client_secret.json service-account.json secrets.yaml config/master.key prod.tfstate vault.kdbx
"""


@pytest.mark.parametrize(
    "path",
    SECRET.split(),
)
def test_secret_names(path: str) -> None:
    assert is_secret_name(path)


ORDINARY = """
a.py .env.example .env.sample id_rsa.pub env.py environment.ts .env.d.ts keys.py monkey.py credentials.py
secrets.py docs/credentials.md key.go config.json app/config keyboard.json .envoy.py README.md
"""


@pytest.mark.parametrize(
    "path",
    ORDINARY.split(),
)
def test_ordinary_names(path: str) -> None:
    assert not is_secret_name(path)


@pytest.mark.parametrize(
    "content",
    [
        b"-----BEGIN PRIVATE KEY-----\n" + KEY,
        b"-----BEGIN RSA PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED\r\n\r\n" + KEY,
        b"x = '''-----BEGIN OPENSSH PRIVATE KEY-----\n" + KEY,
        b'{"private_key": "-----BEGIN PRIVATE KEY-----\\n' + KEY,
        b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n" + KEY,
        b"key = AKIA" + b"Z7QK3JX2WMPL5RTB",
        b"token: ghp_" + b"1a2B3c4D5e6F7g8H9i0J1k2L3m4N5o6P7q8R",
        b"xoxb-" + b"123456789012-abcDEF123456",
    ],
)
def test_secret_shapes(content: bytes) -> None:
    assert has_secret_shape(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\xff" * 100,
        b"if line == '-----BEGIN PRIVATE KEY-----': raise ValueError",
        b"-----BEGIN PUBLIC KEY-----\n" + KEY,
        b"-----BEGIN CERTIFICATE-----\n" + KEY,
        b"AKIAIOSFODNN7EXAMPLE",
        b"ghp_" + b"x" * 36,
        b"high_ghosts npm_config_registry",
    ],
)
def test_ordinary_content(content: bytes) -> None:
    assert not has_secret_shape(content)

"""Files that hold secrets, told by name or by the shape of their content. They are listed, never stored.

The rules err on the side of keeping out: a file of documentation that quotes a whole private key is kept
out too. Public halves and examples (`id_rsa.pub`, `.env.example`) are let in by name; their content is
looked at like any other's.
"""

from __future__ import annotations

import re
from typing import Final

import re2

#: Exact names, in lower case.
# fmt: off
_NAMES: Final = frozenset({
    ".netrc", "_netrc", ".pgpass", "pgpass.conf", ".my.cnf", ".mylogin.cnf", ".npmrc", ".yarnrc.yml",
    ".pypirc", ".dockercfg", ".htpasswd", ".git-credentials", ".boto", ".s3cfg", ".vault-token",
    ".terraformrc", "credentials", "credentials.json", "credentials.toml", "credentials.yml",
    "credentials.yaml", "credentials.tfrc.json", "application_default_credentials.json",
    "client_secret.json", "client_secrets.json", "secrets.json", "secrets.yml", "secrets.yaml",
    "secrets.toml", "secret.json", "secret.yml", "secret.yaml", "service-account.json",
    "service_account.json", "master.key", "kubeconfig", "id_rsa", "id_dsa", "id_ecdsa", "id_ecdsa_sk",
    "id_ed25519", "id_ed25519_sk", "wallet.dat",
})
# fmt: on
#: Names with a known folder in front of them.
_PLACED: Final = (
    ".docker/config.json",
    ".kube/config",
    ".aws/config",
    ".cargo/credentials",
    ".gem/credentials",
)
# fmt: off
_SUFFIXES: Final = (
    ".pem", ".key", ".p12", ".pfx", ".p8", ".pk8", ".jks", ".keystore", ".bcfks", ".ppk", ".kdbx",
    ".ovpn", ".tfstate", ".tfstate.backup", ".agekey", ".mobileprovision",
)
# fmt: on
#: Suffixes that say "there is nothing to hide in here".
_HARMLESS: Final = (".example", ".sample", ".template", ".tmpl", ".dist", ".pub", ".defaults", ".schema")
#: What `.env` files in other words are called: .env, .env.local, production.env.
_ENV: Final = re.compile(r"^\.env(?:rc)?$|^\.env[.\-_]|^[^/]+\.env$")
_SOURCE_OF_ENV: Final = re.compile(r"\.(?:d\.ts|ts|js|mjs|cjs|py|rb|go|rs|java|md)$")

_PRIVATE_KEY: Final = re.compile(
    rb"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    rb"[ \t]*(?:\\[rn]|[\r\n\"']|\s)[\s\S]{0,400}?[A-Za-z0-9+/=]{32}"
)
#: Tokens whose issuers gave them a prefix and a length, so that they can be found in text.
_TOKENS: Final = re.compile(
    rb"\b(?:"
    rb"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"  # AWS access key id
    rb"|gh[pousr]_[A-Za-z0-9]{36,}"  # GitHub
    rb"|github_pat_[A-Za-z0-9_]{60,}"
    rb"|glpat-[A-Za-z0-9_\-]{20,}"  # GitLab
    rb"|xox[abprs]-[0-9A-Za-z\-]{24,}"  # Slack
    rb"|sk_live_[0-9A-Za-z]{24,}"  # Stripe
    rb"|npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])"
    rb"|pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_\-]{50,}"
    rb"|AGE-SECRET-KEY-1[0-9A-Z]{58}"
    rb")"
)
#: A placeholder, as documentation and tests write it: EXAMPLE somewhere, or one character over and over.
_PLACEHOLDER: Final = re.compile(rb"EXAMPLE|example|XXXX|xxxx|(.)\1{7}")
#: What all of them begin with, for one quick pass (600 MB/s) over files that hold none.
_STARTS: Final = re2.compile(
    rb"-----BEGIN |A[KS]IA|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk_live_|npm_|pypi-AgE|AGE-SECRET-KEY-"
)


def is_secret_name(path: str) -> bool:
    """Whether a file of this name is a secret whatever it contains; case does not matter."""
    lower = path.lower()
    name = lower.rpartition("/")[2]
    if name.endswith(_HARMLESS):
        return False
    if name in _NAMES or name.endswith(_SUFFIXES):
        return True
    if any(lower == placed or lower.endswith("/" + placed) for placed in _PLACED):
        return True
    return _ENV.search(name) is not None and _SOURCE_OF_ENV.search(name) is None


def has_secret_shape(content: bytes) -> bool:
    """Whether a private key or a token with a known prefix stands in `content`, placeholders aside."""
    if _STARTS.search(content) is None:
        return False
    if _PRIVATE_KEY.search(content):
        return True
    return any(_PLACEHOLDER.search(match[0]) is None for match in _TOKENS.finditer(content))

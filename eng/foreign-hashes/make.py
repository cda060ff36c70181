"""Hashes by Debian's Python libraries, one JSON object a line: who made it, the password, the hash."""
import json

import argon2
import bcrypt
import django
import passlib
from django.conf import settings
from django.contrib.auth import hashers
from passlib import hash as schemes

PASSWORDS = ["correct horse 42", "pässwörd ＡＢＣ ﬁ 🔑", "x" * 80]

settings.configure(PASSWORD_HASHERS=[
    f"django.contrib.auth.hashers.{name}PasswordHasher"
    for name in ["PBKDF2", "PBKDF2SHA1", "Argon2", "BCryptSHA256", "BCrypt"]
])
django.setup()


def show(by, password, text):
    print(json.dumps({"by": by, "password": password, "hash": text}))


for password in PASSWORDS:
    for prefix in [b"2a", b"2b"]:
        show(f"bcrypt {bcrypt.__version__}", password, bcrypt.hashpw(password.encode(), bcrypt.gensalt(4 if prefix == b"2a" else 10, prefix)).decode())
    for ident in ["2a", "2b", "2y"]:
        show(f"passlib {passlib.__version__}", password, schemes.bcrypt.using(rounds=5, ident=ident).hash(password))
    for version in [1, 2]:
        show(f"passlib {passlib.__version__}", password, schemes.bcrypt_sha256.using(rounds=5, version=version).hash(password))
    for scheme in [schemes.pbkdf2_sha1, schemes.pbkdf2_sha256, schemes.pbkdf2_sha512]:
        show(f"passlib {passlib.__version__}", password, scheme.hash(password))
    show(f"passlib {passlib.__version__}", password, schemes.scrypt.using(rounds=13).hash(password))
    for kind in ["I", "D", "ID"]:
        show(f"passlib {passlib.__version__}", password, schemes.argon2.using(type=kind, memory_cost=1024, rounds=2, parallelism=2).hash(password))
    for kind in [argon2.Type.I, argon2.Type.D, argon2.Type.ID]:
        show(f"argon2-cffi {argon2.__version__}", password, argon2.PasswordHasher(type=kind).hash(password))
    for algorithm in ["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "bcrypt"]:
        hasher = hashers.get_hasher(algorithm)
        hasher.rounds = 6  # of bcrypt: the cost is the library's business, the form is ours
        show(f"Django {django.get_version()}", password, hasher.encode(password, hasher.salt()))

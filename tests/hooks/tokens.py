"""Tokens of a client of CDS Hooks, signed by the openssl program."""
import base64
import json
import os
import subprocess
import time
import uuid


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, check=True,
                          capture_output=True).stdout


def raw_of(der):
    """r and s of an ECDSA signature side by side, 48 bytes each."""
    assert der[0] == 0x30
    at, numbers = 2 + (der[1] & 0x80 and der[1] & 0x7f), []
    for _ in range(2):
        assert der[at] == 2
        length = der[at + 1]
        numbers.append(der[at + 2:at + 2 + length].lstrip(b"\0").rjust(48, b"\0"))
        at += 2 + length
    return b"".join(numbers)


class Key:
    def __init__(self, folder, kid, algorithm="ES384"):
        self.kid, self.algorithm = kid, algorithm
        self.path = os.path.join(folder, kid + ".pem")
        kind = (["EC", "-pkeyopt", "ec_paramgen_curve:P-384"] if algorithm == "ES384"
                else ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
        openssl("genpkey", "-algorithm", *kind, "-out", self.path)

    def jwk(self):
        der = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")
        if self.algorithm == "ES384":  # the public point stands uncompressed at the end
            assert der[-97] == 4
            numbers = {"kty": "EC", "crv": "P-384", "x": url64(der[-96:-48]), "y": url64(der[-48:])}
        else:
            text = openssl("rsa", "-in", self.path, "-noout", "-modulus").decode()
            numbers = {"kty": "RSA", "n": url64(bytes.fromhex(text.strip().split("=")[1])),
                       "e": url64(b"\x01\x00\x01")}
        return {**numbers, "kid": self.kid, "use": "sig", "alg": self.algorithm}

    def token(self, audience, issuer="https://sandbox.cds-hooks.org", jku=None, **changes):
        now = int(time.time())
        header = {"alg": self.algorithm, "typ": "JWT", "kid": self.kid,
                  "jku": jku or issuer + "/.well-known/jwks.json"}
        claims = {"iss": issuer, "aud": audience, "exp": now + 300, "iat": now,
                  "jti": str(uuid.uuid4()), **changes}
        signed = ".".join(url64(json.dumps(part).encode()) for part in (header, claims))
        signature = openssl("dgst", "-sha384", "-sign", self.path, data=signed.encode())
        if self.algorithm == "ES384":
            signature = raw_of(signature)
        return f"{signed}.{url64(signature)}"

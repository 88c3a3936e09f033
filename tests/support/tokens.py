"""An identity provider of a test's own: keys as it publishes them, and tokens, by the openssl
command."""
import base64
import hashlib
import hmac
import json
import os
import subprocess

ISSUER = "https://id.test"
AUDIENCE = "clientele"


def encode(data):
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _part(value):
    return encode(json.dumps(value).encode())


class Provider:
    """Signs with an RSA key of NAME.key in a folder; jwks.json has its public half."""

    def __init__(self, folder, name="provider"):
        self.name = name
        self.key = os.path.join(folder, f"{name}.key")
        self.jwks = os.path.join(folder, "jwks.json")
        self._openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
                      "-out", self.key)
        self.public_pem = self._openssl("pkey", "-in", self.key, "-pubout")
        modulus = self._openssl("rsa", "-in", self.key, "-noout", "-modulus").decode()
        self.modulus = bytes.fromhex(modulus.split("=")[1].strip())

    @staticmethod
    def _openssl(*args, data=None):
        return subprocess.run(["openssl", *args], input=data, check=True,
                              capture_output=True).stdout

    def public_key(self):
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.name,
                "n": encode(self.modulus), "e": "AQAB"}

    def publish(self, *others):
        """Replaces jwks.json by one with its key and those of `others`."""
        keys = [provider.public_key() for provider in (self, *others)]
        with open(self.jwks + ".new", "w", encoding="utf-8") as file:
            json.dump({"keys": keys}, file)
        os.replace(self.jwks + ".new", self.jwks)

    def token(self, now, header=None, sign="RS256", **claims):
        """A token that is sound but for what `header` and `claims` change (None = left out)."""
        header = {"alg": "RS256", "typ": "JWT", "kid": self.name, **(header or {})}
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "exp": now + 3600, **claims}
        text = ".".join((_part(header),
                         _part({k: v for k, v in claims.items() if v is not None})))
        if sign == "none":
            return text + "."
        if sign == "HS256":  # with the public key for a secret, as the attack has it
            signature = hmac.new(self.public_pem, text.encode(), hashlib.sha256).digest()
        else:
            signature = self._openssl("dgst", "-sha256", "-sign", self.key, data=text.encode())
        return f"{text}.{encode(signature)}"

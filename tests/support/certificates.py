"""A certificate authority of a test's own, by the openssl command."""
import os
import subprocess

NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def _openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True)


class Authority:
    """NAME.pem and NAME.key in a folder, and what it signs beside them."""

    def __init__(self, folder, name="ca"):
        self.folder, self.name = folder, name
        self.certificate = self.path(f"{name}.pem")
        _openssl("req", "-x509", *NEW_KEY, "-days", "2", "-subj", f"/CN={name}",
                 "-keyout", self.path(f"{name}.key"), "-out", self.certificate)

    def path(self, name):
        return os.path.join(self.folder, name)

    def sign(self, name, *alternative_names, days=2):
        """Makes NAME.pem and NAME.key for names such as "DNS:a.test" and "IP:127.0.0.1", each in one
        step as a rotation does it; returns their paths."""
        request, extensions = self.path(f"{name}.csr"), self.path(f"{name}.ext")
        with open(extensions, "w", encoding="utf-8") as file:
            file.write("subjectAltName=" + ",".join(alternative_names) + "\n")
        _openssl("req", *NEW_KEY, "-subj", f"/CN={name}", "-keyout", self.path(f"{name}.new-key"),
                 "-out", request)
        _openssl("x509", "-req", "-days", str(days), "-in", request, "-CA", self.certificate,
                 "-CAkey", self.path(f"{self.name}.key"), "-CAcreateserial",
                 "-extfile", extensions, "-out", self.path(f"{name}.new-pem"))
        pair = self.path(f"{name}.pem"), self.path(f"{name}.key")
        os.replace(self.path(f"{name}.new-pem"), pair[0])
        os.replace(self.path(f"{name}.new-key"), pair[1])
        return pair

"""Certificates of the tests' own, made by openssl."""
import pathlib
import subprocess

DAYS = "2"


def openssl(*words, text=""):
    subprocess.run(["openssl", *map(str, words)], check=True, input=text, text=True,
                   capture_output=True)


class Authority:
    """Signs certificates; its own is ca.crt in its folder."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self.certificate = self._folder / "ca.crt"
        openssl("req", "-x509", *self._new_key("ca"), "-subj", "/CN=test authority", "-days", DAYS,
                "-out", self.certificate)

    def _new_key(self, name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                self._folder / f"{name}.key")

    def issue(self, name, dns_names):
        """A certificate for these names; returns the paths of the certificate and its key."""
        certificate, key = self._folder / f"{name}.crt", self._folder / f"{name}.key"
        request = self._folder / f"{name}.csr"
        openssl("req", *self._new_key(name), "-subj", f"/CN={name}", "-out", request)
        names = ",".join(f"DNS:{dns_name}" for dns_name in dns_names)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey",
                self._folder / "ca.key", "-CAcreateserial", "-days", DAYS, "-extfile", "/dev/stdin",
                "-out", certificate, text=f"subjectAltName={names}\n")
        return certificate, key

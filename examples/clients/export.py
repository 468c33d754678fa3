#!/usr/bin/env python3
"""Asks for the export of a signed-in user's data and fetches it.

    RIGHTSDESK_TOKEN=rdk_… ./export.py https://rights.example.org user=1842 export.zip

The token needs requests:create, requests:assert, requests:read and archives:read. Needs Python 3.9
and nothing else, and minisign for the signature. With --listen PORT and RIGHTSDESK_WEBHOOK_SECRET it
waits for the webhook archive.ready instead of looking again and again.
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
import zipfile

ENDED = {"refused", "withdrawn", "lapsed"}


class Desk:
    """The API of one Rightsdesk."""

    def __init__(self, base: str, token: str):
        self.base = base.rstrip("/")
        self.token = token

    def open(self, path: str, body=None, headers=None):
        """Calls the API; what it refuses is raised with its reason."""
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(f"{self.base}/api/v1{path}", data, headers)
        try:
            return urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            if error.code in (429, 503):
                time.sleep(int(error.headers.get("Retry-After", "5")))
                raise ConnectionError(error.reason) from error
            if error.code == 416:
                raise
            raise SystemExit(f"{error.code}: {error.read().decode(errors='replace')}") from error

    def call(self, path: str, body=None, headers=None):
        """As open, as JSON, and again where the line breaks: every call here may be repeated."""
        for pause in (1, 2, 4, 8, 16, None):
            try:
                with self.open(path, body, headers) as answer:
                    return json.load(answer)
            except (OSError, http.client.HTTPException):
                if pause is None:
                    raise
                time.sleep(pause)

    def ask(self, subject: str, assertion=None) -> dict:
        """Asks for an export of whoever is known by subject, such as user=1842."""
        kind, _, value = subject.partition("=")
        who = {"email": value} if kind == "email" else {"identifiers": {kind: value}}
        body = {"right": "export", "verification": "asserted", **who}
        if assertion:
            body["assertion"] = assertion
        # Drawn once: a call that is repeated after a broken line is the same request.
        return self.call("/requests", body, {"Idempotency-Key": str(uuid.uuid4())})

    def wait(self, request: dict, seconds: float) -> dict:
        """Looks again until the request has come to its end."""
        while request["status"] not in ENDED | {"fulfilled"}:
            time.sleep(seconds)
            request = self.call(f"/requests/{request['id']}")
        return request

    def fetch(self, request: dict, out: pathlib.Path) -> None:
        """Fetches the archive, from where the last try ended, until its SHA-256 is right."""
        archive = request["archive"]
        part = out.with_name(out.name + ".part")
        broken = 0
        with open(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            digest = hashlib.sha256()
            while block := file.read(1 << 20):
                digest.update(block)
            while file.tell() < archive["size"]:
                before = file.tell()
                try:
                    self.fetch_rest(request, file, digest)
                except (OSError, http.client.HTTPException) as error:
                    broken = 0 if file.tell() > before else broken + 1
                    if broken > 10:
                        raise SystemExit(f"given up: {error}") from error
                    time.sleep(min(broken, 5))
        if digest.hexdigest() != archive["sha256"]:
            part.unlink()
            raise SystemExit("the archive is not the one that was promised; start again")
        part.rename(out)

    def fetch_rest(self, request: dict, file, digest) -> None:
        """One try: asks for what is missing and writes what comes."""
        archive, start = request["archive"], file.tell()
        headers = {"Range": f"bytes={start}-", "If-Range": f'"{archive["sha256"]}"'} if start else {}
        with self.open(f"/requests/{request['id']}/archive", headers=headers) as answer:
            if start and answer.status != 206:
                raise SystemExit("another archive lies there by now; start again")
            while block := answer.read(1 << 16):
                file.write(block)
                digest.update(block)
        if file.tell() < archive["size"]:
            raise ConnectionError("the line broke")

    def verify(self, archive: pathlib.Path) -> None:
        """Checks the manifest's signature with the published key, and every file with the manifest."""
        with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(archive) as zipped:
            scratch = pathlib.Path(scratch)
            key = f"{self.base}/.well-known/rightsdesk-signing-key.pub"
            with urllib.request.urlopen(key, timeout=60) as answer:
                (scratch / "key.pub").write_bytes(answer.read())
            for name in ("manifest.json", "manifest.json.minisig"):
                zipped.extract(name, scratch)
            subprocess.run(
                ["minisign", "-V", "-q", "-p", scratch / "key.pub", "-m", scratch / "manifest.json"],
                check=True,
            )
            for entry in json.loads((scratch / "manifest.json").read_text())["entries"]:
                digest = hashlib.sha256()
                with zipped.open(entry["name"]) as file:
                    while block := file.read(1 << 20):
                        digest.update(block)
                if digest.hexdigest() != entry["sha256"]:
                    raise SystemExit(f"{entry['name']} is not what the manifest says")


def is_ours(secret: str, headers, body: bytes) -> bool:
    """Whether a message is signed with our secret (Standard Webhooks), and fresh."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    sent = headers.get("webhook-timestamp", "0")
    if not sent.isdigit() or abs(time.time() - int(sent)) > 300:
        return False
    signed = f"{headers.get('webhook-id', '')}.{sent}.".encode() + body
    ours = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(ours, one) for one in given)


class Listener:
    """Hears of what happens to requests. Opened before one is handed in, so that nothing is missed."""

    def __init__(self, port: int, secret: str):
        self.heard = heard = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(min(int(self.headers.get("Content-Length", "0")), 1 << 20))
                good = is_ours(secret, self.headers, body)
                if good:
                    message = json.loads(body)
                    heard.setdefault(message["data"]["id"], set()).add(message["type"])
                self.send_response(204 if good else 401)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", port), Handler)

    def wait(self, request: dict) -> None:
        """Until the request has come to its end."""
        ends = {"archive.ready", "request.fulfilled", "request.refused"}
        while not self.heard.get(request["id"], set()) & ends:
            self.server.handle_request()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("base", help="where Rightsdesk is, such as https://rights.example.org")
    arguments.add_argument("subject", help="who, by a key of a data map: user=1842")
    arguments.add_argument("out", type=pathlib.Path, help="the file to write")
    arguments.add_argument("--assertion", help="a signed assertion, where the token has a key")
    arguments.add_argument("--listen", type=int, metavar="PORT", help="wait for the webhook there")
    arguments.add_argument("--every", type=float, default=5, metavar="SECONDS", help="look so often")
    chosen = arguments.parse_args()
    token = os.environ.get("RIGHTSDESK_TOKEN") or sys.exit("RIGHTSDESK_TOKEN is not set")
    desk = Desk(chosen.base, token)
    listener = None
    if chosen.listen:
        secret = os.environ.get("RIGHTSDESK_WEBHOOK_SECRET")
        listener = Listener(chosen.listen, secret or sys.exit("RIGHTSDESK_WEBHOOK_SECRET is not set"))
    request = desk.ask(chosen.subject, chosen.assertion)
    print("request", request["reference"], file=sys.stderr)
    if listener:
        listener.wait(request)
    request = desk.wait(request, chosen.every)
    if request["status"] in ENDED:
        sys.exit(f"ended: {request['status']}")
    if "archive" not in request:
        sys.exit("nothing was found, or the archive is gone")
    desk.fetch(request, chosen.out)
    if shutil.which("minisign"):
        desk.verify(chosen.out)
    size = chosen.out.stat().st_size
    print(f"{chosen.out}: {size} bytes, sha256 and signature are right", file=sys.stderr)


if __name__ == "__main__":
    main()

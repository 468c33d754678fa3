#!/usr/bin/env python3
"""May we use this person's data? Reads the signed filter while the service is away.

    flags.py fetch URL TOKEN FILTER KEY     # once an hour; KEY is a secret, keep it apart from FILTER
    flags.py ask FILTER KEY SIGNING.pub PURPOSE KIND=VALUE...      # exit 0: yes, 1: no

Whatever goes wrong means no: a signature that does not hold, a filter that is outdated, a purpose
that it does not name. SIGNING.pub is /.well-known/rightsdesk-signing-key.pub; minisign verifies.
"""
import base64, hmac, json, os, subprocess, sys, tempfile, urllib.request
from datetime import datetime, timezone


def fetch(url, token, filter_path, key_path):
    call = urllib.request.Request(f"{url}/api/v1/flags/filter", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(call, timeout=60) as answer:
        body, key = answer.read(), answer.headers["Rightsdesk-Filter-Key"]
    for path, data in ((key_path, key.encode()), (filter_path, body)):
        with os.fdopen(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        os.replace(path + ".new", path)


def ask(filter_path, key_path, public_key, purpose, *names, now=None):
    outer = json.load(open(filter_path, encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        text, signature = os.path.join(folder, "filter"), os.path.join(folder, "filter.minisig")
        open(text, "w", newline="", encoding="utf-8").write(outer["filter"])
        open(signature, "w", newline="", encoding="utf-8").write(outer["signature"])
        if subprocess.run(["minisign", "-Vqm", text, "-x", signature, "-p", public_key]).returncode:
            return False
    lines = outer["filter"].splitlines()
    made_at, valid_until = (line.split(" ", 1)[1] for line in lines[1:3])
    end = datetime.fromisoformat(valid_until.replace("Z", "+00:00"))
    if lines[0] != "rightsdesk-filter/1" or lines[-1] != "end" or (now or datetime.now(timezone.utc)) >= end:
        return False
    key = base64.b64decode(open(key_path, encoding="ascii").read())
    for at, line in enumerate(lines):
        if line.startswith(f"purpose {purpose} "):
            rule, count = line.split(" ")[2:]
            listed = set(lines[at + 1 : at + 1 + int(count)])
            tags = (hmac.digest(key, "\n".join(name.split("=", 1)).encode(), "sha256") for name in names)
            entries = (hmac.digest(tag, f"{purpose}\n{made_at}".encode(), "sha256")[:16].hex() for tag in tags)
            found = any([entry in listed for entry in entries])
            return found if rule == "if_listed" else rule == "unless_listed" and not found
    return False


if __name__ == "__main__":
    if sys.argv[1] == "fetch":
        fetch(*sys.argv[2:6])
    else:
        sys.exit(0 if ask(*sys.argv[2:]) else 1)

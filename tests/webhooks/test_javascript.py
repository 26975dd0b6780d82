"""Receivers in JavaScript check our signatures with the library of the specification; needs node and its package, and says so if they are absent."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from app.webhooks.messages import Message
from app.webhooks.vault import new_secret

FOLDER = Path(__file__).parent / "javascript"
CHECK = """
const { Webhook } = require("standardwebhooks");
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
for (const one of asked) {
  try { console.log(JSON.stringify(new Webhook(one.secret).verify(one.body, one.headers))); } catch (error) { console.log("null"); }
}
"""


def _installed() -> bool:
    return shutil.which("node") is not None and (FOLDER / "node_modules" / "standardwebhooks").exists()


@pytest.mark.skipif(not _installed(), reason="node or its package standardwebhooks is not installed: npm ci in tests/webhooks/javascript")
def test_the_javascript_library_verifies_what_we_sign_and_nothing_else() -> None:
    now, secrets = datetime.now(UTC), [new_secret(), new_secret()]
    message = Message(UUID(int=1), "unit.changed", UUID(int=2), 7, now)
    headers, body = message.headers(secrets, now), message.body.decode()
    asked = [{"secret": secret, "headers": headers, "body": body} for secret in (*secrets, new_secret())]
    asked.append({"secret": secrets[0], "headers": headers, "body": body.replace("changed", "removed")})
    said = subprocess.run(
        ["node", "-e", CHECK],
        input=json.dumps(asked),
        cwd=FOLDER,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [json.loads(line) for line in said.stdout.splitlines()] == [json.loads(body), json.loads(body), None, None]

"""What schemathesis cannot know by the OpenAPI document: how a tablet signs, and what a batch is.

Two in three requests are signed as an enrolled tablet, so that what lies behind the signature is reached; the others come
as they were made up, altered signature headers among them. Must not: sign anything but as docs/protocol.md says.
"""

import base64
import hashlib
import json
import os
import random
import ssl
import time
import urllib.request
from urllib.parse import urlsplit

import schemathesis
import zstandard
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from requests.auth import AuthBase

COMPONENTS = '("@method" "@authority" "@path" "content-digest")'
SIGNATURE = ("content-digest", "signature-input", "signature")
KEY = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
URL = os.environ["VRS_BLACKBOX_URL"]
AUTHORITY = urlsplit(URL).netloc


def text(binary):
    return base64.urlsafe_b64encode(binary).rstrip(b"=").decode()


# The opened bundle: see "Bundles" in docs/protocol.md.
with open(os.environ["VRS_BLACKBOX_BUNDLE"], "rb") as file:
    BUNDLE = json.load(file)
TABLET = BUNDLE["tablet_id"]


def signed(method, path, body):
    digest = "sha-256=:%s:" % base64.b64encode(hashlib.sha256(body).digest()).decode()
    created = int(time.time())
    parameters = '%s;created=%d;expires=%d;keyid="%s";alg="ed25519"' % (COMPONENTS, created, created + 300, TABLET)
    base = '"@method": %s\n"@authority": %s\n"@path": %s\n"content-digest": %s\n"@signature-params": %s' % (
        method, AUTHORITY, path, digest, parameters)
    signature = base64.b64encode(KEY.sign(base.encode())).decode()
    return {"content-digest": digest, "signature-input": "vrs=" + parameters, "signature": "vrs=:%s:" % signature}


def enrol():
    body = json.dumps({"tablet_id": TABLET, "token": BUNDLE["enrolment_token"], "device_key": text(PUBLIC),
                       "program": "0.1.0"}).encode()
    headers = {"content-type": "application/json", **signed("POST", "/v1/enrolment", body)}
    request = urllib.request.Request(URL + "/v1/enrolment", body, headers)
    trusted = ssl.create_default_context(cafile=os.environ["VRS_BLACKBOX_AUTHORITY"])
    with urllib.request.urlopen(request, context=trusted) as answer:
        assert answer.status == 200


enrol()


class AsTheTablet(AuthBase):
    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        request.headers.update(signed(request.method, urlsplit(request.url).path, body))
        return request


@schemathesis.hook
def before_call(context, case, kwargs):
    # Where a signature header is left out on purpose, it stays left out.
    is_whole = all(name in {key.lower() for key in case.headers or {}} for name in SIGNATURE)
    if case.path.startswith("/v1/") and case.path != "/v1/clock" and is_whole and random.random() < 0.67:
        kwargs["auth"] = AsTheTablet()


@schemathesis.serializer("application/vnd.vrs.batch")
def batch(context, value):
    """Whatever was made up, as lines of a batch now and then, compressed now and then."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    kind = raw[:1] and raw[0] % 3
    if kind == 0:
        return raw
    if kind == 1:
        header = {"version": 1, "tablet_id": TABLET, "epoch": 1, "last_position": 1, "clock_offset_ms": 0,
                  "program": "0.1.0", "segments": [{"first": 1, "count": 1, "previous": text(bytes(32))}],
                  "head": text(bytes(32))}
        raw = json.dumps(header).encode() + b"\n" + raw.replace(b"\n", b" ")
    return zstandard.compress(raw)

"""What schemathesis has to know beyond the description."""

import re
import uuid

import schemathesis
from hypothesis import strategies as st

# Addresses as mail servers take them.
LABEL = st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True)
schemathesis.openapi.format(
    "email", st.builds("{}.{}@{}.example".format, LABEL, LABEL, LABEL)
)


WORD = re.compile("[a-z0-9_-]{1,40}")


def known(body):
    """Which purposes there are is a matter of the maps; a consent was given in the past."""
    if isinstance(body.get("purpose"), str) and WORD.fullmatch(body["purpose"]):
        body["purpose"] = "marketing"
    several = body.get("purposes")
    if isinstance(several, list) and all(isinstance(one, str) and WORD.fullmatch(one) for one in several):
        body["purposes"] = ["marketing"] * len(several)
    given = body.get("given_at")
    if isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]{8,}(Z|[+-]\d\d:\d\d)", given):
        body["given_at"] = "2020" + given[4:].replace("-02-29", "-02-28")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes good what no description can say: a key is for one body, a review lies in the future."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch("[!-~]{1,200}", key):
        case.headers["Idempotency-Key"] = key + uuid.uuid4().hex
    if isinstance(case.body, dict):
        known(case.body)
    review = case.body.get("review_at") if isinstance(case.body, dict) else None
    if isinstance(review, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]{8,}(Z|[+-]\d\d:\d\d)", review):
        case.body["review_at"] = "2090" + review[4:].replace("-02-29", "-02-28")

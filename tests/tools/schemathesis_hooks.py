"""What schemathesis has to know beyond the description: addresses as mail servers take them."""

import schemathesis
from hypothesis import strategies as st

LABEL = st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True)
schemathesis.openapi.format(
    "email", st.builds("{}.{}@{}.example".format, LABEL, LABEL, LABEL)
)

"""Section 7: receivers recompute the signature over the raw bytes."""

from openenrich.core.signature import sha1

KEY = "3f1c2d4e-0000-4000-8000-00000000abcd"
BODY = (
    b'{"id":"8d0f6c1e-5b1a-4a53-9a55-0d8f2f6b7c10","name":"Vector","status":"FINISHED","data":[],"cost":{"credits":0}}'
)


def test_the_published_vector_verifies() -> None:
    assert len(BODY) == 112
    assert sha1(KEY, BODY) == "a23492cb06a68c691fc4783120ecadc146d97039"


def test_another_key_or_one_byte_more_gives_another_signature() -> None:
    assert sha1(KEY, BODY + b"\n") != sha1(KEY, BODY)
    assert sha1(KEY[:-1], BODY) != sha1(KEY, BODY)

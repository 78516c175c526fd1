"""Company names compare without their legal forms, and say so when they cannot tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openenrich.core.companies import company_key, same_company


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Northwind Example", "northwind example"),
        ("Northwind, Inc.", "northwind"),
        ("Northwind LLC", "northwind"),
        ("Northwind L.L.C.", "northwind"),
        ("Northwind Co., Ltd.", "northwind"),
        ("Northwind Corp", "northwind"),
        ("Fjord Example AB", "fjord example"),
        ("Fjord Oy", "fjord"),
        ("Fjord A/S", "fjord"),
        ("Fjord AS", "fjord"),
        ("Muster GmbH", "muster"),
        ("Muster GmbH & Co. KG", "muster"),
        ("Müller & Söhne AG", "muller and sohne"),
        ("Exemple S.A.S.", "exemple"),
        ("Exemple SARL", "exemple"),
        ("Exemple S.A.", "exemple"),
        ("Esempio S.p.A.", "esempio"),
        ("Esempio S.r.l.", "esempio"),
        ("Voorbeeld B.V.", "voorbeeld"),
        ("Ejemplo S.A. de C.V.", "ejemplo"),
        ("Przyklad Sp. z o.o.", "przyklad"),
        ("Sample Pty Ltd", "sample"),
        ("Tatoe K.K.", "tatoe"),
        ("Northwind Group", "northwind group"),
        ("The Northwind Company", "northwind"),
        ("Sparks & Co.", "sparks"),
        ("Inc", "inc"),
        ("The", "the"),
        ("Sample's", "samples"),
        ("", ""),
        ("🚀", ""),
    ],
)
def test_the_key_drops_the_legal_form_and_nothing_else(name: str, expected: str) -> None:
    assert company_key(name) == expected


@given(
    st.text(max_size=30)
    | st.lists(
        st.sampled_from(["the", "The", "S.A.", "de", "C.V.", "Co.", "&", "GmbH", "x", "north", "A/S", "王"])
    ).map(" ".join)
)
def test_the_key_of_a_key_is_the_key(name: str) -> None:
    assert company_key(company_key(name)) == company_key(name)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Northwind Inc.", "NORTHWIND", True),
        ("Sparks & Daughters", "Sparks and Daughters Ltd", True),
        ("North Wind GmbH", "Northwind", True),
        ("Northwind", "Northwind Traders", None),
        ("Northwind", "Northwind Group", None),
        ("Northwind", "", None),
        (None, "Northwind", None),
        (None, None, None),
        ("Northwind", "Fjord Example AB", False),
        ("Northwind Traders", "Northwind Shipping", False),
    ],
)
def test_two_names_are_one_company_another_or_unknown(a: str | None, b: str | None, *, expected: bool | None) -> None:
    assert same_company(a, b) is expected
    assert same_company(b, a) is expected

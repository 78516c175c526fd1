"""Words and letters by which names become addresses: romanisations, particles, surnames that stand first, nicknames.

Tables only; ``address_names.py`` says what they mean. The lists hold what is common in business and no more: a name
that is missing loses a late guess, never its plain form.
"""

import re
from collections.abc import Mapping
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LONG_LETTERS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "ß": "ss", "þ": "th", "ð": "dh", "œ": "oe"}
)
"""Letters written as two, where the plain form (`names.folded`) leaves out the dots and strokes."""

SHORT_LETTERS: Final = str.maketrans({"æ": "a", "ß": "s", "þ": "t", "œ": "o"})
"""Letters written as one, where the plain form has two."""

CYRILLIC: Final = str.maketrans(
    {"й": "i", "ю": "iu", "я": "ia", "\u0445": "h", "ё": "yo", "ц": "c", "щ": "sch", "ь": "", "ъ": "", "ы": "i"}
)
"""The usual second romanisation of each Cyrillic letter that has one."""

PASSPORT: Final = str.maketrans({"й": "i", "ю": "iu", "я": "ia", "ё": "e", "ъ": "ie", "ц": "ts", "щ": "shch"})
"""As travel documents write Cyrillic (ICAO 9303), which many employers copy."""

UKRAINIAN: Final = str.maketrans({"\u0433": "h", "и": "y", "й": "i", "є": "ye", "ї": "yi", "ь": ""})
"""The same letters in Kyiv."""

PARTICLES: Final = _words("""
    von van der den de del della di da do dos das du des d la le lo el al bin ibn ben bint ter ten te t in ze zu zur
    zum vom af av y e i op het o mac mc ni nic ben abu abd bou st san santa saint
""")
"""Parts of a surname that a company may leave out, or write together with the rest."""

FAMILY_FIRST: Final = _words("CN TW HK MO SG JP KR KP HU VN")
"""Countries (ISO 3166-1) where the family name stands first at home."""

VIETNAMESE: Final = _words("nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly")

FAMILY_NAMES: Final = VIETNAMESE | _words("""
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng xie tang
    kim lee park choi jeong jung kang cho yoon jang lim han shin seo kwon hwang ahn song hong baek gim bak
    nagy kovacs toth szabo horvath varga kiss molnar nemeth farkas balogh papp takacs juhasz lakatos meszaros
    sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi
    matsumoto inoue kimura hayashi shimizu saito
""")
"""Keys of surnames whose bearers are written in both orders."""

ALSO_GIVEN: Final = _words("kim lin song han lee ma ho sun tang shin ly bui vu do le cho lim yang jung hong balogh ito")
"""Those of them that are first names as well, somewhere."""

SCRIPTS: Final = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
"""How Unicode begins the names of letters in which the family name stands first."""

_NICKNAMES: Final = """
    alexander alex sasha xander / alexandra alex sandra / andrew andy drew / anthony tony / antonio toni
    benjamin ben / catherine kate cathy / katherine kate kathy / charles charlie chuck / christian chris
    christopher chris / christine chris tina / daniel dan danny / david dave / deborah deb debbie / dennis denny
    donald don / douglas doug / edward ed eddie ted / elizabeth liz beth lisa / eugene gene / francis frank
    francisco paco / frederick fred / gabriel gabe / gerald jerry / gregory greg / harold harry / henry harry hank
    jacob jake / james jim jimmy / jeffrey jeff / jennifer jen jenny / jessica jess / johannes hannes / john jack
    jonathan jon / jose pepe / joseph joe / joshua josh / judith judy / katarzyna kasia / kenneth ken / lawrence larry
    leonard len / malgorzata gosia / margaret maggie meg peggy / matthew matt / matthias matt / maximilian max
    michael mike mick / mikhail misha / natalie nat / nathaniel nate nathan / nicholas nick / nikolai kolya
    pamela pam / patricia pat patty trish / patrick pat / peter pete / philip phil / phillip phil / rebecca becky
    raymond ray / richard rick rich dick / robert bob rob bobby / ronald ron / samantha sam / samuel sam
    sebastian seb / stephen steve / steven steve / susan sue / theodore ted theo / thomas tom tommy / timothy tim
    valentina valya / vincent vince / vladimir vlad / walter walt / wilhelm willi / william bill will billy liam
    wojciech wojtek / zachary zach
"""


def _nicknames() -> Mapping[str, tuple[str, ...]]:
    """Both ways: who is entered as Bob may have been given an address as Robert."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in re.split(r"[/\n]", _NICKNAMES.strip()):
        formal, *short = entry.split()
        found[formal] = (*found.get(formal, ()), *short)
        for name in short:
            found[name] = (*found.get(name, ()), formal)
    return found


NICKNAMES: Final = _nicknames()
"""Key of a first name -> other names that the same person may go by."""

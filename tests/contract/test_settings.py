"""The commented default file is the manual: it says everything, and nothing that is not so."""

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest

from openenrich.settings import Settings, SettingsProblemError, VendorSettings, environment_names, load

MANUAL = Path(__file__).parents[2] / "config.default.toml"
TEXT = MANUAL.read_text(encoding="utf-8")
WRITTEN: dict[str, Any] = tomllib.loads(TEXT)


def leaves(table: object, *above: str) -> Iterator[tuple[tuple[str, ...], object]]:
    """Path and default of every setting; vendors apart."""
    for field in msgspec.structs.fields(type(table)):  # type: ignore[arg-type]  # a struct
        value = getattr(table, field.name)
        if isinstance(value, msgspec.Struct):
            yield from leaves(value, *above, field.name)
        elif field.name != "vendors":
            yield (*above, field.name), value


def written(tables: dict[str, Any], *above: str) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from written(value, *above, name)
        else:
            yield (*above, name), value


DEFAULTS = dict(leaves(Settings()))
dotted = ".".join
every_setting = pytest.mark.parametrize("path", DEFAULTS, ids=dotted)


def at(settings: object, path: tuple[str, ...]) -> object:
    for name in path:
        settings = getattr(settings, name)
    return settings


def encoded(value: object) -> object:
    return msgspec.json.decode(msgspec.json.encode(value))


def other_value(path: tuple[str, ...]) -> tuple[str, object]:
    """A text for the variable and the value that it must become, which is not the default."""
    default = DEFAULTS[path]
    kind = next(field.type for field in msgspec.structs.fields(owner(path)) if field.name == path[-1])
    if get_origin(kind) is Literal:
        other = next(choice for choice in get_args(kind) if choice != default)
        return str(other), other
    if isinstance(default, StrEnum):
        member = next(member for member in type(default) if member is not default)
        return member.value, member
    return other_plain_value(default)


def other_plain_value(default: object) -> tuple[str, object]:
    match default:
        case bool():
            return str(not default).lower(), not default
        case int() | float():
            return str(default + 1), default + 1
        case (float(), *_):
            return "1.5, 2", (1.5, 2.0)
        case tuple():
            return "one, two", ("one", "two")
        case _:
            return "/tmp/elsewhere", "/tmp/elsewhere"


def owner(path: tuple[str, ...]) -> type[msgspec.Struct]:
    return type(at(Settings(), path[:-1]))  # type: ignore[return-value]  # a table


class TestTheManual:
    def test_it_holds_every_setting_and_no_other(self) -> None:
        assert {dotted(path) for path, _ in written(WRITTEN)} == {dotted(path) for path in DEFAULTS}

    @every_setting
    def test_it_says_the_default(self, path: tuple[str, ...]) -> None:
        said = WRITTEN
        for name in path[:-1]:
            said = said[name]
        assert said[path[-1]] == encoded(DEFAULTS[path])

    def test_as_a_configuration_file_it_changes_nothing(self, tmp_path: Path) -> None:
        environment = {"OPENENRICH_HOME": str(tmp_path)}
        before = load(environment)
        (tmp_path / "config.toml").write_text(TEXT, encoding="utf-8")
        assert load(environment) == before

    def test_every_setting_has_a_comment_beside_it_or_above_its_table(self) -> None:
        silent: list[str] = []
        table_says = False
        for line in TEXT.splitlines():
            code, _, comment = line.partition("#")
            if code.startswith("["):
                table_says = bool(comment.strip())
            elif "=" in code and not comment.strip() and not table_says:
                silent.append(code.split("=", maxsplit=1)[0].strip())
        assert not silent, f"config.default.toml says nothing about: {', '.join(silent)}"

    def test_it_shows_every_key_of_a_vendors_table(self) -> None:
        shown = {line.lstrip("# ").split(" ")[0] for line in TEXT.splitlines() if line.startswith("# ")}
        assert shown >= {field.name for field in msgspec.structs.fields(VendorSettings)}


class TestVariables:
    @every_setting
    def test_each_overrides_its_setting(self, path: tuple[str, ...], tmp_path: Path) -> None:
        text, value = other_value(path)
        settings = load({"OPENENRICH_HOME": str(tmp_path), f"OPENENRICH_{'_'.join(path)}".upper(): text})
        assert at(settings, path) == value
        assert value != DEFAULTS[path]

    def test_there_is_one_for_every_setting(self) -> None:
        assert sorted(environment_names().values()) == sorted(DEFAULTS)

    def test_they_stand_above_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "config.toml").write_text("[server]\nport = 9000\nhost = '0.0.0.0'\n", encoding="utf-8")
        settings = load({"OPENENRICH_HOME": str(tmp_path), "OPENENRICH_SERVER_PORT": "9001"})
        assert (settings.server.port, settings.server.host) == (9001, "0.0.0.0")

    @pytest.mark.parametrize(("text", "value"), [("1", True), ("0", False), ("true", True), ("false", False)])
    def test_yes_and_no_may_be_written_both_ways(self, text: str, value: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a row
        environment = {"OPENENRICH_HOME": str(tmp_path), "OPENENRICH_WEBHOOKS_ALLOW_PRIVATE": text}
        assert load(environment).webhooks.allow_private is value

    def test_what_others_call_theirs_is_left_alone(self, tmp_path: Path) -> None:
        load({"OPENENRICH_HOME": str(tmp_path), "OPENENRICH_SOMETHING_ELSE": "1", "PORT": "x"})


class TestWrongValues:
    @pytest.mark.parametrize(
        ("variable", "value", "named"),
        [
            ("SERVER_PORT", "http", "server.port"),
            ("API_IN_PROGRESS_RESPONSE", "404", "api.in_progress_response"),
            ("API_PHONE_FORMAT", "national", "api.phone_format"),
            ("WATERFALL_STOP_WORK_EMAIL", "never", "waterfall.stop_work_email"),
            ("WATERFALL_BUY_PROFILE", "perhaps", "waterfall.buy_profile"),
            ("WATERFALL_TIME_SPEED", "0", "waterfall.time_speed"),
            ("WATERFALL_CONTACT_DEADLINE_S", "-1", "waterfall.contact_deadline_s"),
            ("WEBHOOKS_RETRY_AFTER_S", "60,soon", "webhooks.retry_after_s"),
            ("WEBHOOKS_ALLOW_PRIVATE", "perhaps", "webhooks.allow_private"),
            ("WORKER_CONTACTS_IN_FLIGHT", "0", "worker.contacts_in_flight"),
            ("DATABASE_CONNECTIONS", "0", "database.connections"),
            ("HISTORY_DAYS", "0", "history.days"),
            ("LOG_LEVEL", "loud", "log.level"),
            ("VENDORS_HUNTER_BASE_URL", "ftp://example.com", "vendors.hunter.base_url"),
            ("VENDORS_HUNTER_BASE_URL", "example.com", "vendors.hunter.base_url"),
            ("VENDORS_HUNTER_ENABLED", "perhaps", "enabled"),
            ("VENDORS_HUNTER_CREDIT_PRICE_USD", "cheap", "credit_price_usd"),
        ],
    )
    def test_the_start_stops_with_a_sentence_that_names_the_setting(
        self, variable: str, value: str, named: str, tmp_path: Path
    ) -> None:
        with pytest.raises(SettingsProblemError, match=rf"{named}\b.*\.$"):
            load({"OPENENRICH_HOME": str(tmp_path), f"OPENENRICH_{variable}": value})

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("[servr]\nport = 1\n", "servr"),
            ("[server]\nprot = 1\n", "prot"),
            ("[vendors.hunter]\nkey = 'x'\n", "key"),
            ("[server\n", r"config\.toml"),
        ],
    )
    def test_so_it_does_for_a_word_that_does_not_exist(self, text: str, named: str, tmp_path: Path) -> None:
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        with pytest.raises(SettingsProblemError, match=named):
            load({"OPENENRICH_HOME": str(tmp_path)})

    def test_a_key_is_not_repeated_in_the_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "config.toml").write_text("[vendors.hunter]\napi_key = ['secret-1']\n", encoding="utf-8")
        with pytest.raises(SettingsProblemError) as problem:
            load({"OPENENRICH_HOME": str(tmp_path)})
        assert "api_key" in str(problem.value)
        assert "secret-1" not in str(problem.value)


class TestVendors:
    def test_a_key_and_an_address_are_given_by_name(self, tmp_path: Path) -> None:
        settings = load(
            {
                "OPENENRICH_HOME": str(tmp_path),
                "OPENENRICH_VENDORS_HUNTER_API_KEY": "k1",
                "OPENENRICH_VENDORS_HUNTER_BASE_URL": "http://127.0.0.1:9/hunter",
            }
        )
        assert settings.vendor_keys() == {"hunter": ("k1",)}
        assert settings.vendor_base_urls() == {"hunter": "http://127.0.0.1:9/hunter"}

    def test_several_keys_make_a_pool(self, tmp_path: Path) -> None:
        settings = load({"OPENENRICH_HOME": str(tmp_path), "OPENENRICH_VENDORS_HUNTER_API_KEY": " k1, ,k2 ,"})
        assert settings.vendor_keys() == {"hunter": ("k1", "k2")}

    def test_an_empty_key_is_no_key(self, tmp_path: Path) -> None:
        environment = {"OPENENRICH_HOME": str(tmp_path), "OPENENRICH_VENDORS_HUNTER_API_KEY": " "}
        assert load(environment).vendor_keys() == {}

    def test_the_file_and_the_variables_are_put_together(self, tmp_path: Path) -> None:
        (tmp_path / "config.toml").write_text("[vendors.hunter]\nenabled = false\n", encoding="utf-8")
        settings = load({"OPENENRICH_HOME": str(tmp_path), "OPENENRICH_VENDORS_HUNTER_CREDIT_PRICE_USD": "0.02"})
        assert settings.vendors["hunter"] == VendorSettings(enabled=False, credit_price_usd=0.02)

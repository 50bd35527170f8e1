"""Settings: where they come from, which wins, and what is never told."""

from contextlib import nullcontext
from datetime import date, time
from pathlib import Path

import pytest

from qsm_bot.base.errors.inputs import InputInvalid, NotLive, SettingsInvalid
from qsm_bot.base.words import Words
from qsm_bot.config.settings import Settings
from qsm_bot.config.settings_file import load_settings
from qsm_bot.domain.calendar_jp import calendar_of
from qsm_bot.domain.shipping_hours import ANY_HOUR, ShippingHours
from qsm_bot.notify.hours import QuietHours
from qsm_bot.notify.message import MessageKind

SECRET = "hunter2-äöü"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a current folder of its own, and a language nobody set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QSM_LANG")


def config(text: str, path: str = "qsm-bot.toml") -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def problem(text: str, shop: str | None = None) -> str:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(config(text), shop)
    assert caught.value.code == "SettingsInvalid"
    detail = caught.value.facts["detail"]
    return detail.en if isinstance(detail, Words) else str(detail)


class TestSources:
    """The environment wins over .env, that over the file, and that over the defaults."""

    def test_without_anything_the_defaults_hold(self) -> None:
        settings = load_settings()
        assert settings.portal_url == "https://qsm.qoo10.jp"
        assert settings.live is False
        assert settings.browser == "chromium"
        assert settings.headless is True
        assert settings.fuse == "strict"
        assert settings.lang is None
        assert settings.rules == Path("rules.toml")
        assert settings.selectors is None
        assert settings.data_dir.is_absolute()
        assert settings.max_unknown == 1

    def test_nothing_at_all_may_be_unknown_if_it_is_so_set(self) -> None:
        assert load_settings(config("max_unknown = 0")).max_unknown == 0

    def test_the_file_in_the_current_folder_is_read_unasked(self) -> None:
        config('browser = "chrome"')
        assert load_settings().browser == "chrome"

    def test_a_file_may_have_any_name_if_it_is_named(self) -> None:
        config('browser = "chrome"')
        assert load_settings(config('browser = "msedge"', "other.toml")).browser == "msedge"

    def test_dot_env_beats_the_file(self) -> None:
        config('browser = "from-file"\nlogin_id = "from-file"')
        Path(".env").write_text("QSM_BROWSER=from-dot-env\n", encoding="utf-8")
        settings = load_settings()
        assert (settings.browser, settings.login_id) == ("from-dot-env", "from-file")

    def test_the_environment_beats_dot_env_and_the_file(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        config('browser = "from-file"')
        Path(".env").write_text("QSM_BROWSER=from-dot-env\nQSM_TIMEOUT=7\n", encoding="utf-8")
        monkeypatch.setenv("QSM_BROWSER", "from-environment")
        settings = load_settings()
        assert (settings.browser, settings.timeout) == ("from-environment", 7)

    def test_the_environment_beats_the_shop_s_own_table(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QSM_BROWSER", "from-environment")
        monkeypatch.setenv("QSM_PASSWORD", "from-environment")
        file = config('[shops.a]\nbrowser = "from-shop"\npassword = "from-shop"')
        settings = load_settings(file, "a")
        assert settings.browser == "from-environment"
        assert settings.password.get_secret_value() == "from-environment"

    def test_an_empty_variable_counts_as_unset(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QSM_LANG", "")
        monkeypatch.setenv("QSM_TIMEOUT", "")
        settings = load_settings(config('lang = "ja"'))
        assert (settings.lang, settings.timeout) == ("ja", 20)

    def test_an_empty_line_of_dot_env_counts_as_unset(self) -> None:
        Path(".env").write_text("QSM_LANG=\n", encoding="utf-8")
        assert load_settings().lang is None

    @pytest.mark.parametrize("encoding", ["cp932", "utf-16"])
    def test_a_dot_env_in_another_encoding_is_told(self, encoding: str) -> None:
        Path(".env").write_text("QSM_SHOP_NAME=みほん商店\n", encoding=encoding)
        assert problem("") == ".env: not UTF-8; save the file as UTF-8"

    def test_dot_env_may_be_japanese_and_marked_by_a_windows_editor(self) -> None:
        Path(".env").write_text("QSM_SHOP_NAME=みほん商店\n", encoding="utf-8-sig")
        assert load_settings().shop_name == "みほん商店"

    def test_what_others_keep_in_dot_env_is_none_of_ours(self) -> None:
        Path(".env").write_text("OTHER_PROGRAM=1\n", encoding="utf-8")
        assert load_settings() == Settings()


class TestShops:
    """Several shops stand in one file."""

    FILE = """
login_id = "common"
browser = "chrome"
[shops.a]
login_id = "a"
shop_name = "みほん商店"
[shops.beta]
login_id = "b"
live = true
"""

    def test_the_shop_s_table_beats_the_other_keys(self) -> None:
        settings = load_settings(config(self.FILE), "a")
        assert (settings.login_id, settings.browser, settings.live) == ("a", "chrome", False)

    def test_another_shop_takes_its_own_table(self) -> None:
        settings = load_settings(config(self.FILE), "beta")
        assert (settings.login_id, settings.live) == ("b", True)

    def test_without_a_shop_the_tables_are_left_alone(self) -> None:
        assert load_settings(config(self.FILE)).login_id == "common"

    def test_where_none_was_chosen_no_name_is_made_up(self) -> None:
        """What a shop has open must not seem to be done because nobody said which shop."""
        settings = load_settings(config(self.FILE.replace('login_id = "common"', "")))
        assert not settings.is_of_one_shop
        with pytest.raises(SettingsInvalid, match=r"several shops: a, beta"):
            _ = settings.shop

    def test_an_unknown_shop_is_told_with_the_nearest_name(self) -> None:
        assert problem(self.FILE, "bata") == (
            'qsm-bot.toml: no [shops.bata] (did you mean "beta"?)'
        )

    def test_a_shop_is_unknown_without_a_file(self) -> None:
        with pytest.raises(SettingsInvalid, match=r"qsm-bot.toml: no \[shops.a\]$"):
            load_settings(shop="a")

    @pytest.mark.parametrize("key", ["login_id", "shop_name"])
    def test_an_environment_of_another_shop_than_the_one_asked_for_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, key: str
    ) -> None:
        variable = f"QSM_{key.upper()}"
        monkeypatch.setenv(variable, "another")
        with pytest.raises(SettingsInvalid) as caught:
            load_settings(config(self.FILE), "a")
        assert caught.value.facts["detail"] == Words(
            f"the environment's {variable} differs from [shops.a]; unset it to use --shop",
            f"環境変数 {variable} が [shops.a] と異なります。--shop を使う場合は解除してください",
        )

    def test_a_dot_env_of_another_shop_is_refused_too(self) -> None:
        Path(".env").write_text("QSM_LOGIN_ID=b\n", encoding="utf-8")
        with pytest.raises(SettingsInvalid, match=r"QSM_LOGIN_ID differs from \[shops\.a\]"):
            load_settings(config(self.FILE), "a")

    def test_an_environment_of_the_same_shop_is_fine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QSM_LOGIN_ID", "a")
        monkeypatch.setenv("QSM_SHOP_NAME", "みほん商店")
        settings = load_settings(config(self.FILE), "a")
        assert (settings.login_id, settings.shop_name) == ("a", "みほん商店")

    def test_what_the_shop_s_table_leaves_open_the_environment_may_say(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QSM_SHOP_NAME", "みほん商店")
        assert load_settings(config(self.FILE), "beta").shop_name == "みほん商店"

    def test_without_a_shop_the_environment_differs_from_no_table(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QSM_LOGIN_ID", "another")
        assert load_settings(config(self.FILE)).login_id == "another"

    @pytest.mark.parametrize(
        "text", ["shops = []", 'shops = "a"', "shops = 1", "[[shops]]\na = 1", "[shops]\na = 1"]
    )
    @pytest.mark.parametrize("shop", [None, "a"])
    def test_shops_of_another_form_than_tables_are_told(self, text: str, shop: str | None) -> None:
        assert problem(text, shop) == "qsm-bot.toml: shops must be tables, as in [shops.NAME]"

    @pytest.mark.parametrize(
        ("lines", "name"),
        [
            ("", "shop"),
            ('login_id = "login"', "login"),
            ('login_id = "login"\nshop_name = "みほん商店"', "みほん商店"),
        ],
    )
    def test_the_shop_is_known_by_its_name_else_its_login(self, lines: str, name: str) -> None:
        assert load_settings(config(lines)).shop == name


class TestMistakes:
    """What is wrong is told with its place; what is secret never is."""

    @pytest.mark.parametrize(
        ("text", "shop", "told"),
        [
            ("brwoser = 1", None, 'qsm-bot.toml: brwoser: unknown key (did you mean "browser"?)'),
            ("zzz = 1", None, "qsm-bot.toml: zzz: unknown key"),
            (
                "[shops.a]\nhedless = true",
                "a",
                'qsm-bot.toml: hedless: unknown key (did you mean "headless"?)',
            ),
            ("fuse = 'loose'", None, "QSM_FUSE: Input should be 'strict', 'count' or 'off'"),
            ("lang = 'fr'", None, "QSM_LANG: Input should be 'en' or 'ja'"),
            ("timeout = 0", None, "QSM_TIMEOUT: Input should be greater than 0"),
            ("plan_minutes = 0", None, "QSM_PLAN_MINUTES: Input should be greater than 0"),
            (
                "max_unknown = -1",
                None,
                "QSM_MAX_UNKNOWN: Input should be greater than or equal to 0",
            ),
        ],
    )
    def test_a_mistake_is_told_with_its_name(self, text: str, shop: str | None, told: str) -> None:
        assert problem(text, shop) == told

    def test_all_wrong_values_are_told_at_once(self) -> None:
        told = problem("timeout = 0\nlive = 'perhaps'")
        assert told == (
            "QSM_LIVE: Input should be a valid boolean, unable to interpret input; "
            "QSM_TIMEOUT: Input should be greater than 0"
        )

    def test_a_wrong_value_in_the_environment_is_told(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QSM_HEADLESS", "perhaps")
        with pytest.raises(SettingsInvalid) as caught:
            load_settings()
        assert caught.value.facts["detail"] == Words(
            "QSM_HEADLESS: Input should be a valid boolean, unable to interpret input",
            "QSM_HEADLESS: true か false が必要です",
        )

    def test_a_named_file_that_is_missing_is_told(self) -> None:
        with pytest.raises(SettingsInvalid) as caught:
            load_settings(Path("none.toml"))
        assert caught.value.message.en == "Settings: none.toml: No such file or directory"
        assert caught.value.code == "SettingsInvalid"

    def test_a_broken_file_is_told(self) -> None:
        assert problem("live = = 1").startswith("qsm-bot.toml: at line 1: “live = = 1”")

    @pytest.mark.parametrize(
        "url",
        [
            "qsm.example",
            "ftp://qsm.example",
            "https://",
            "https://qsm.example/path",
            "",
            "file:///etc/hosts",
            "https://login@qsm.example",
            f"https://login:{SECRET}@qsm.example",
            "https://@qsm.example",
            "https://qsm.example?a=1",
            "https://qsm.example/?a=1",
            "https://qsm.example?",
            "https://qsm.example#top",
            "https://qsm.example/#",
            "https://qsm.example:",
            "https://qsm.example:080",
            " https://qsm.example",
            "http://[::1",
            "http://h:abc",
            "http://h:-1",
            "http://h:99999",
            "http://login:pa/ss@h",
            "https://h ",
        ],
    )
    def test_the_portal_is_scheme_and_host_and_nothing_more(self, url: str) -> None:
        assert problem(f'portal_url = "{url}"') == (
            "QSM_PORTAL_URL: scheme and host only, as in https://qsm.qoo10.jp"
        )

    @pytest.mark.parametrize(
        ("given", "taken"),
        [
            ("https://qsm.example/", "https://qsm.example"),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("HTTPS://qsm.example", "https://qsm.example"),
            ("https://QSM.Example:8443/", "https://qsm.example:8443"),
            ("http://[::1]:8000/", "http://[::1]:8000"),
            ("http://[::1]", "http://[::1]"),
        ],
    )
    def test_the_portal_is_taken_without_a_last_slash(self, given: str, taken: str) -> None:
        assert load_settings(config(f'portal_url = "{given}"')).portal_url == taken

    @pytest.mark.parametrize("key", ["password", "ledger_url", "qapi_key"])
    def test_a_secret_is_not_in_the_settings_own_words(self, key: str) -> None:
        settings = load_settings(config(f'{key} = "{SECRET}"'))
        assert getattr(settings, key).get_secret_value() == SECRET
        assert SECRET not in f"{settings!r} {settings} {settings.model_dump()}"

    @pytest.mark.parametrize("key", ["password", "ledger_url", "qapi_key"])
    def test_a_secret_of_a_wrong_type_is_not_in_the_error(self, key: str) -> None:
        with pytest.raises(SettingsInvalid) as caught:
            load_settings(config(f'{key} = ["{SECRET}"]'))
        error = caught.value
        assert SECRET not in f"{error.message} {error.facts} {error!r}"
        assert error.__cause__ is None
        assert error.__suppress_context__

    def test_a_secret_is_not_in_the_error_about_another_value(self) -> None:
        assert SECRET not in problem(f'password = "{SECRET}"\ntimeout = 0')


class TestPaths:
    """Paths in a file are meant from where the file lies."""

    KEYS = ("data_dir", "rules", "selectors")

    @pytest.mark.parametrize("key", KEYS)
    def test_they_are_relative_to_the_file(self, key: str) -> None:
        settings = load_settings(config(f'{key} = "x/y"', "etc/bot.toml"))
        assert getattr(settings, key) == Path("etc/x/y")

    @pytest.mark.parametrize("key", KEYS)
    def test_an_absolute_path_stays(self, key: str, tmp_path: Path) -> None:
        elsewhere = (tmp_path / "elsewhere").as_posix()
        settings = load_settings(config(f'{key} = "{elsewhere}"', "etc/bot.toml"))
        assert getattr(settings, key) == tmp_path / "elsewhere"

    @pytest.mark.parametrize("key", KEYS)
    def test_the_home_folder_is_found(
        self, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
        assert getattr(load_settings(config(f'{key} = "~/x"')), key) == tmp_path / "x"

    def test_a_shop_s_path_is_relative_to_the_file_too(self) -> None:
        settings = load_settings(config('[shops.a]\nrules = "a.toml"', "etc/bot.toml"), "a")
        assert settings.rules == Path("etc/a.toml")

    def test_in_the_environment_they_are_meant_from_the_current_folder(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QSM_RULES", "mine.toml")
        assert load_settings(config("", "etc/bot.toml")).rules == Path("mine.toml")

    def test_without_a_ledger_url_the_ledger_lies_in_the_data_folder(self, tmp_path: Path) -> None:
        settings = load_settings(config(f'data_dir = "{tmp_path.as_posix()}"'))
        assert settings.ledger == f"sqlite:///{tmp_path.as_posix()}/ledger.sqlite3"

    def test_the_ledger_url_is_taken_as_it_is(self) -> None:
        url = "postgresql+psycopg://bot:pw@db.example/book"
        assert load_settings(config(f'ledger_url = "{url}"')).ledger == url

    @pytest.mark.parametrize(
        ("url", "place"),
        [
            (
                f"postgresql://bot:{SECRET}@db.example:5432/book",
                "postgresql://db.example:5432/book",
            ),
            (f"postgresql://bot:p@{SECRET}/x@db.example/book", "postgresql://db.example/book"),
            ("postgresql+psycopg://bot@db.example/book", "postgresql+psycopg://db.example/book"),
            ("postgresql://db.example/book", "postgresql://db.example/book"),
            ("sqlite:////srv/ledger.sqlite3", "sqlite:////srv/ledger.sqlite3"),
        ],
    )
    def test_the_ledger_s_place_names_neither_user_nor_password(self, url: str, place: str) -> None:
        assert load_settings(config(f'ledger_url = "{url}"')).ledger_place == place


class TestLive:
    """On a host other than this machine nothing is done without a word."""

    @pytest.mark.parametrize(
        ("url", "loopback"),
        [
            ("http://127.0.0.1:8000", True),
            ("http://localhost", True),
            ("http://LOCALHOST:1", True),
            ("http://[::1]:8000", True),
            ("http://127.0.0.2:8000", True),
            ("http://127.255.255.254", True),
            ("https://qsm.qoo10.jp", False),
            ("http://localhost.example", False),
            ("http://127.0.0.1.example", False),
            ("http://127.evil.example", False),
            ("http://128.0.0.1", False),
            ("http://192.0.2.1", False),
        ],
    )
    def test_only_this_machine_is_loopback(self, url: str, *, loopback: bool) -> None:
        assert load_settings(config(f'portal_url = "{url}"')).is_loopback is loopback

    def test_a_real_host_needs_live(self) -> None:
        with pytest.raises(NotLive) as caught:
            load_settings().raise_if_not_live()
        assert caught.value.facts == {"host": "qsm.qoo10.jp"}

    @pytest.mark.parametrize("text", ["live = true", 'portal_url = "http://127.0.0.1:1"'])
    def test_live_or_this_machine_is_enough(self, text: str) -> None:
        load_settings(config(text)).raise_if_not_live()


class TestSignIn:
    """Signing in needs an ID and a password."""

    @pytest.mark.parametrize(
        ("login_id", "password", "told"),
        [
            ("", False, "QSM_LOGIN_ID is not set"),
            ("", True, "QSM_LOGIN_ID is not set"),
            ("login", False, "no password"),
        ],
    )
    def test_what_is_missing_is_told(self, *, login_id: str, password: bool, told: str) -> None:
        with pytest.raises(InputInvalid, match=told):
            Settings(login_id=login_id).raise_if_no_sign_in(password=password)

    def test_both_are_enough(self) -> None:
        Settings(login_id="login").raise_if_no_sign_in(password=True)

    def test_secrets_belong_to_the_host_and_the_login_id(self) -> None:
        url = "http://127.0.0.1:8808"
        assert Settings(portal_url=url, login_id="a").account == "127.0.0.1:8808 a"


class TestQapi:
    """Where the API is, and where its key may go."""

    @pytest.mark.parametrize(
        "url",
        ["https://api.example.jp", "http://127.0.0.1:8808", "http://localhost", "http://[::1]:1"],
    )
    def test_it_is_https_or_this_machine(self, url: str) -> None:
        assert load_settings(config(f'qapi_url = "{url}"')).qapi_url == url

    @pytest.mark.parametrize(
        "url", ["http://api.example.jp", "http://127.0.0.1.example.jp", "http://192.0.2.1:80"]
    )
    def test_in_plain_text_the_key_goes_nowhere_else(self, url: str) -> None:
        assert problem(f'qapi_url = "{url}"') == "QSM_QAPI_URL: https, or this machine"

    @pytest.mark.parametrize(
        ("portal", "qapi", "fits"),
        [
            ("http://127.0.0.1:1", "http://localhost:2", True),
            ("https://qsm.example.jp", "https://api.example.jp", True),
            ("http://127.0.0.1:1", "https://api.example.jp", False),
            ("https://qsm.example.jp", "http://127.0.0.1:2", False),
        ],
    )
    def test_a_mock_of_one_is_never_used_with_the_real_other(
        self, portal: str, qapi: str, *, fits: bool
    ) -> None:
        settings = load_settings(config(f'portal_url = "{portal}"\nqapi_url = "{qapi}"'))
        with nullcontext() if fits else pytest.raises(SettingsInvalid, match="set both"):
            settings.raise_if_qapi_elsewhere()

    def test_acting_by_it_must_be_allowed_for_its_own_host(self) -> None:
        settings = load_settings(config('portal_url = "http://127.0.0.1:1"'))
        settings.raise_if_not_live()
        with pytest.raises(NotLive, match=r"api\.qoo10\.jp"):
            settings.raise_if_not_live(settings.qapi_url)

    def test_a_file_may_name_the_keys_file_and_its_day_of_issue(self) -> None:
        lines = 'qapi_key_file = "key"\nqapi_key_issued = 2026-04-01\nqapi_interval = 0'
        settings = load_settings(config(lines, "etc/bot.toml"))
        assert settings.qapi_key_file == Path("etc/key")
        assert (settings.qapi_key_issued, settings.qapi_interval) == (date(2026, 4, 1), 0)
        assert problem("qapi_interval = -1").startswith("QSM_QAPI_INTERVAL: ")


class TestShippingHours:
    """Until when the shop refuses, and on which days it ships nothing."""

    def test_without_anything_no_hour_stops_a_refusal(self) -> None:
        assert load_settings().shipping_hours == ANY_HOUR

    def test_the_file_and_the_environment_say_the_same(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        config(
            'cutoff = "9:30"\nduty_warn_hour = 17\ncarrier_cutoff = "16:00"\n'
            'carrier_gone = "stop"\nclosed_days = ["sun", "holiday", "2026-01-02"]\n'
        )
        hours = load_settings().shipping_hours
        assert hours == ShippingHours(
            cutoff=time(9, 30),
            warn_hour=17,
            calendar=calendar_of(["sun", "holiday", "2026-01-02"]),
            carrier_cutoff=time(16),
            carrier_gone="stop",
        )
        monkeypatch.setenv("QSM_CUTOFF", "off")
        monkeypatch.setenv("QSM_CLOSED_DAYS", "sun, new_year")
        hours = load_settings().shipping_hours
        assert hours.cutoff is None
        assert hours.calendar == calendar_of(["sun", "new_year"])

    def test_toml_s_own_times_and_dates_are_understood(self) -> None:
        config("cutoff = 16:00:00\nclosed_days = [2026-01-02]")
        hours = load_settings().shipping_hours
        assert (hours.cutoff, hours.calendar) == (time(16), calendar_of(["2026-01-02"]))

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ('cutoff = "25:00"', 'QSM_CUTOFF: an hour such as "16:00" is expected, or "off"'),
            ("cutoff = 16", 'QSM_CUTOFF: an hour such as "16:00" is expected, or "off"'),
            ("duty_warn_hour = 24", "QSM_DUTY_WARN_HOUR"),
            ('closed_days = ["sunday"]', 'QSM_CLOSED_DAYS: "sunday": a day such as 2026-01-02'),
            ("closed_days = 3", "QSM_CLOSED_DAYS: a list such as"),
            ('carrier_gone = "ask"', "QSM_CARRIER_GONE"),
        ],
    )
    def test_what_is_not_understood_is_told(self, line: str, told: str) -> None:
        assert told in problem(line)


class TestNotify:
    """Channels hold tokens; each shop may have its own."""

    SHOPS = """
notify = ["json://127.0.0.1:1/token-one", "json://127.0.0.1:2 slack://a/b"]
notify_quiet = "22:00-07:00"
[shops.tokyo]
notify = "json://127.0.0.1:3"
notify_quiet = ""
notify_urgent = ["unknown"]
[shops.osaka]
notify = []
"""

    def test_a_shop_s_own_channels_win_and_may_be_none(self) -> None:
        file = config(self.SHOPS)
        shops = {name: load_settings(file, name) for name in (None, "tokyo", "osaka")}
        assert [len(each.notify) for each in shops.values()] == [3, 1, 0]
        assert shops[None].notify_quiet == QuietHours(time(22), time(7))
        assert shops["tokyo"].notify_quiet is None
        assert shops["tokyo"].notify_urgent == (MessageKind.UNKNOWN,)
        assert shops["osaka"].notify_urgent == (MessageKind.UNKNOWN, MessageKind.DUTY)
        assert "token-one" not in repr(shops[None])

    def test_the_environment_takes_texts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QSM_NOTIFY", "json://127.0.0.1:1, json://127.0.0.1:2")
        monkeypatch.setenv("QSM_NOTIFY_URGENT", "unknown, sign_in")
        settings = load_settings()
        assert [url.get_secret_value()[-1] for url in settings.notify] == ["1", "2"]
        assert settings.notify_urgent == (MessageKind.UNKNOWN, MessageKind.SIGN_IN)

    @pytest.mark.parametrize(
        "line", [f'notify = "{SECRET}"', "notify = 7", 'notify_quiet = "22-7"', "notify_quiet = 7"]
    )
    def test_what_is_wrong_is_told_without_its_value(self, line: str) -> None:
        told = problem(line)
        assert told.startswith("QSM_NOTIFY")
        assert SECRET not in told

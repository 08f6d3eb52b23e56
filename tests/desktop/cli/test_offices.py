import sqlite3
from pathlib import Path

import pytest

from desktop import settings
from tests.desktop.conftest import PASSWORD, Console, digest


def test_new_makes_an_office_that_its_administrator_can_open(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)
    path = tmp_path / "新.db"
    made = console("new", path, "--name", "青枫苑物业服务中心", "--json")
    assert (made.code, made.json) == (0, {"path": str(path), "login": "admin"})
    assert settings.last_office() == path
    assert console("list", "health").code == 0


def test_new_refuses_an_existing_file(console: Console, path: Path) -> None:
    before = digest(path)
    refused = console("new", path, "--name", "又一个")
    assert refused.code == 5 and "不会覆盖" in refused.err
    assert digest(path) == before


@pytest.mark.parametrize("password", ["", "12345678", "short"])
def test_new_refuses_a_password_that_is_missing_or_easy(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", password)
    refused = console("new", tmp_path / "a.db", "--name", "测试处")
    assert refused.code == 3 and "口令" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_a_missing_database_is_not_made(console: Console, path: Path) -> None:
    refused = console("list", "units", "--db", path.with_name("gone.db"))
    assert refused.code == 5 and "找不到数据库文件" in refused.err
    assert not path.with_name("gone.db").exists()


def test_without_a_database_the_command_says_what_to_write(console: Console) -> None:
    refused = console("list", "units")
    assert refused.code == 2 and "--db" in refused.err and refused.out == ""


@pytest.mark.parametrize("user", ["admin", "nobody"])
def test_a_wrong_password_and_an_unknown_account_end_with_four(
    console: Console, path: Path, monkeypatch: pytest.MonkeyPatch, user: str
) -> None:
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", "wrong horse 9")
    refused = console("list", "health", "--db", path, "--user", user)
    assert (refused.code, refused.out) == (4, "") and "登录名或口令不对" in refused.err


def test_five_wrong_passwords_lock_the_right_one_out(
    console: Console, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", "wrong horse 9")
    for _ in range(6):
        assert console("list", "health", "--db", path).code == 4
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)
    refused = console("list", "health", "--db", path)
    assert refused.code == 4 and "锁定" in refused.err


def test_without_a_password_and_a_terminal_nobody_gets_in(
    console: Console, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PROPERTY_CONSOLE_PASSWORD")
    refused = console("list", "health", "--db", path)
    assert refused.code == 4 and "PROPERTY_CONSOLE_PASSWORD" in refused.err


def test_a_password_that_serves_once_must_be_changed_first(
    console: Console, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console("do", "office.add_staff", "number=0003", "name=孙丽", "--db", path)
    issued = console("do", "office.add_account", "login=sun", "staff=0003", "role=会计", "--db", path).json
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", issued["password"])
    refused = console("list", "bills", "--db", path, "--user", "sun")
    assert refused.code == 4 and "password" in refused.err
    monkeypatch.setenv("PROPERTY_CONSOLE_NEW_PASSWORD", "battery staple 4")
    assert console("password", "--db", path, "--user", "sun").code == 0
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", "battery staple 4")
    assert console("list", "bills", "--db", path, "--user", "sun").code == 0


def test_check_finds_a_sound_office_sound(console: Console, path: Path) -> None:
    found = console("check", "--db", path, "--json")
    assert (found.code, found.json) == (0, {"sound": True, "findings": []})


def test_check_names_a_break_in_the_chain_and_ends_with_five(console: Console, path: Path) -> None:
    with sqlite3.connect(path) as source:
        triggers = source.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall()
        for (name,) in triggers:
            source.execute(f'DROP TRIGGER "{name}"')
        source.execute("UPDATE audit_entry SET who='别人' WHERE id=1")
    source.close()
    found = console("check", "--db", path)
    assert found.code == 5 and "审计记录第 1 条" in found.out


def test_check_needs_the_right(console: Console, path: Path) -> None:
    refused = console("check", "--db", path, "--user", "cash")
    assert refused.code == 4 and "检查数据库" in refused.err


def test_backup_verify_lose_restore_brings_the_same_figures_back(
    console: Console, path: Path, tmp_path: Path
) -> None:
    console("bill", "2020-06", "--db", path)
    before = console("list", "bills", "--json", "--db", path).out
    made = console("backup", tmp_path / "备份", "--db", path, "--json")
    assert made.code == 0 and made.json["verified"] is True and made.json["encrypted"] is False
    kept = made.json["path"]
    verified = console("verify", kept, "--json")
    assert verified.code == 0 and verified.json["office"] == "测试小区物业服务中心"
    path.unlink()
    assert console("list", "bills", "--db", path).code == 5
    restored = console("restore", kept, "--db", path, "--json")
    assert (restored.code, restored.json["set_aside"]) == (0, None)
    assert console("list", "bills", "--json", "--db", path).out == before


def test_restore_sets_the_old_database_aside(console: Console, path: Path, tmp_path: Path) -> None:
    kept = console("backup", tmp_path / "b", "--db", path, "--json").json["path"]
    console("bill", "2020-06", "--db", path)
    before = digest(path)
    aside = Path(console("restore", kept, "--db", path, "--json").json["set_aside"])
    assert digest(aside) == before
    assert console("list", "bills", "--json", "--db", path).json == []


def test_verify_and_restore_ask_for_no_user(
    console: Console, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = console("backup", tmp_path / "b", "--db", path, "--json").json["path"]
    monkeypatch.delenv("PROPERTY_CONSOLE_PASSWORD")
    assert console("verify", kept).code == 0
    assert console("restore", kept, "--db", tmp_path / "elsewhere.db").code == 0


def test_a_backup_is_judged_by_its_contents_not_its_name(
    console: Console, path: Path, tmp_path: Path
) -> None:
    kept = Path(console("backup", tmp_path / "b", "--db", path, "--json").json["path"])
    renamed = kept.rename(tmp_path / "照片.jpg")
    assert console("verify", renamed).code == 0
    spoilt = bytearray(renamed.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    renamed.write_bytes(spoilt)
    refused = console("verify", renamed)
    assert refused.code == 5 and refused.err != ""


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK\x03\x04" + b"\0" * 100], ids=["empty", "text", "zip"]
)
def test_what_is_no_backup_is_refused_by_both(
    console: Console, path: Path, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "x.pcbak"
    file.write_bytes(content)
    before = digest(path)
    assert console("verify", file).code == 5
    assert console("restore", file, "--db", path).code == 5
    assert digest(path) == before
    assert console("verify", tmp_path / "none.pcbak").code == 5


def test_an_encrypted_backup_wants_its_password(
    console: Console, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROPERTY_CONSOLE_BACKUP_PASSWORD", "tr0mbone")
    made = console("backup", tmp_path / "b", "--db", path, "--json").json
    assert made["encrypted"] is True
    assert console("verify", made["path"]).code == 0
    monkeypatch.setenv("PROPERTY_CONSOLE_BACKUP_PASSWORD", "another")
    assert "密码不对" in console("verify", made["path"]).err
    monkeypatch.delenv("PROPERTY_CONSOLE_BACKUP_PASSWORD")
    refused = console("verify", made["path"])
    assert refused.code == 5 and "PROPERTY_CONSOLE_BACKUP_PASSWORD" in refused.err


def test_backup_needs_the_right(console: Console, path: Path, tmp_path: Path) -> None:
    console("do", "office.take_role", "cash", "role=收款员", "--db", path)
    refused = console("backup", tmp_path / "b", "--db", path, "--user", "cash")
    assert refused.code == 4 and not (tmp_path / "b").exists()


def test_a_demo_names_who_may_sign_in_and_the_same_seed_gives_the_same_figures(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, other = (tmp_path / f"{name}.db" for name in "abc")
    sums = {}
    for path, seed in ((first, 7), (second, 7), (other, 8)):
        made = console("demo", path, "--units", "30", "--months", "3", "--seed", seed, "--json")
        assert made.code == 0
        users = {one["login"]: one for one in made.json["users"]}
        monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", users["admin"]["password"])
        sums[path] = console("list", "bills", "--db", path, "--json").out
        assert console("check", "--db", path).code == 0
    assert sums[first] == sums[second] != sums[other]
    assert settings.last_office() == first


def test_a_demo_prints_its_users_as_a_table(console: Console, tmp_path: Path) -> None:
    told = console("demo", tmp_path / "a.db", "--units", "5", "--months", "1").out
    assert "登录名" in told and "收款员" in told and "cashier" in told


@pytest.mark.parametrize("option", ["--units", "--months", "--seed"])
@pytest.mark.parametrize("number", ["0.5", "many", "-1", ""])
def test_a_demo_of_no_number_is_refused(console: Console, tmp_path: Path, option: str, number: str) -> None:
    refused = console("demo", tmp_path / "a.db", f"{option}={number}")
    assert (refused.code, refused.out) == (3, "") and list(tmp_path.iterdir()) == []


def test_a_demo_does_not_take_the_place_of_the_office_in_use(
    console: Console, path: Path, tmp_path: Path
) -> None:
    settings.remember_office(path)
    assert console("demo", path, "--units", "5", "--months", "1").code == 5
    assert console("demo", tmp_path / "demo.db", "--units", "5", "--months", "1").code == 0
    assert settings.last_office() == path

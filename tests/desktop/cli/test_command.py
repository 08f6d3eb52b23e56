import pytest

from desktop import cli
from desktop.cli.command import COMMANDS, parse

cli.load()


@pytest.mark.parametrize(
    "words",
    [
        "--db a.db --user ann --json list units",
        "list units --db a.db --user ann --json",
        "--db=a.db list --json units --user=ann",
        "--json list --db a.db units --user ann",
    ],
)
def test_the_common_options_stand_before_or_after_the_command(words: str) -> None:
    given = parse(words.split(), "0")
    assert (given.command, given.name) == ("list", "units")
    assert (given.db, given.user, given.json) == ("a.db", "ann", True)


def test_without_a_command_the_window_is_meant() -> None:
    given = parse(["--db", "a.db"], "0")
    assert (given.command, given.db, given.json) == (None, "a.db", False)


def test_words_after_an_option_still_belong_to_the_deed() -> None:
    given = parse(
        ["do", "fees.receive", "--json", "1-1-1011", "amount=5", "--db", "a.db", "on=2020-07-01"], "0"
    )
    assert given.words == ["1-1-1011", "amount=5", "on=2020-07-01"]
    assert given.json and given.db == "a.db"


def test_a_negative_amount_is_no_option() -> None:
    given = parse(["pay", "1-1-1011", "-5.00"], "0")
    assert given.amount == "-5.00"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("frobnicate", "没有命令 'frobnicate'"),
        ("list units --frob", "不认识 --frob"),
        ("pay 1-1-1011", "没有写 AMOUNT"),
        ("list --db", "--db 后面要写一个值"),
        ("list units --json=yes", "--json 后面不带值"),
        ("print FE-02", "没有写 --out"),
        ("list units extra", "不认识 extra"),
    ],
)
def test_wrong_use_is_told_in_chinese_and_ends_with_two(
    words: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        parse(words.split(), "0")
    out, err = capsys.readouterr()
    assert end.value.code == 2
    assert out == "" and told in err and "用法：" in err


def test_help_names_every_command_and_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(["--help"], "0")
    told = capsys.readouterr().out
    assert end.value.code == 0
    assert all(f"\n    {name} " in told for name in COMMANDS)
    assert all(f"\n  {code}  " in told for code in range(6))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_in_chinese(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse([name, "--help"], "0")
    told = capsys.readouterr().out
    assert end.value.code == 0
    assert told.startswith(f"用法：property-console {name} ") and COMMANDS[name].help in told


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(["--version"], "property-console 1.2.3")
    assert end.value.code == 0
    assert capsys.readouterr().out == "property-console 1.2.3\n"


def test_bytes_that_are_no_text_are_taken_out_of_values_but_not_of_paths() -> None:
    given = parse(["list", "uni\udcffts", "--unit", "1\u202e-1", "--db", "a\udcff.db"], "0")
    assert (given.name, given.unit, given.db) == ("units", "1-1", "a\udcff.db")

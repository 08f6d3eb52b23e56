"""Passwords: what is taken, what is refused, how they are kept (test names after ASVS 5.0, 6.2)."""

import unicodedata

import pytest

from models.errors import BadInput
from models.office import passwords


@pytest.mark.parametrize(
    "password",
    [
        "correct horse 8",
        "  blanks around  ",
        "一只猫坐在收费窗口",
        "ｆｕｌｌ　ｗｉｄｔｈ",
        "éàüöñçßø",
        "onlyletters lower",
        "83920174651",
        "x7" * 2 + "!" * 60,
        "🦉🐢🦔🐇🦊🐿🦡🦥",
    ],
)
def test_6_2_1_and_6_2_5_length_is_asked_for_and_no_kind_of_character(password: str) -> None:
    passwords.check(password, login="wangmin", office="锦绣花园物业服务中心", name="王敏")


def test_6_2_9_sixty_four_characters_and_more_are_taken() -> None:
    passwords.check("a long sentence about an owl and a turtle, which nobody else would write" * 1)
    with pytest.raises(BadInput, match="最多 128 个字"):
        passwords.check("ab cd ef" * 20)


@pytest.mark.parametrize("password", ["", "1234567", "短口令", "é" * 7, "e\u0301" * 7])
def test_6_2_1_less_than_eight_is_refused(password: str) -> None:
    with pytest.raises(BadInput, match="至少 8 个字") as told:
        passwords.check(password)
    assert told.value.field == "password"


COMMON = """
password PASSWORD Password123 password1! 12345678 1234567890 87654321 11111111 aaaaaaaa abcabcabc abcdefgh
ABCDEFGHIJ qwertyuiop asdfghjkl 1qaz2wsx woaini1314 a1234567 88888888 12341234 iloveyou admin123
wuye123456 5201314520 qwer1234 lkjhgfdsa 01230123
"""


@pytest.mark.parametrize("password", COMMON.split())
def test_6_2_4_what_many_people_use_is_refused(password: str) -> None:
    with pytest.raises(BadInput, match="太常见"):
        passwords.check(password)


@pytest.mark.parametrize(
    "password",
    [
        "wangxiaomin",
        "WangXiaoMin",
        "wangxiaomin2026",
        "锦绣花园物业服务中心",
        "锦绣花园物业服务中心 1",
        "欧阳娜娜欧阳娜娜小",
    ],
)
def test_6_2_11_the_names_of_things_here_are_refused(password: str) -> None:
    with pytest.raises(BadInput, match="不能与登录名、姓名或管理处名称相同"):
        passwords.check(
            password, login="wangxiaomin", office="锦绣花园物业服务中心", name="欧阳娜娜欧阳娜娜小"
        )


def test_a_password_is_the_same_however_its_accents_were_typed() -> None:
    kept = passwords.hashed(unicodedata.normalize("NFD", "café sans sucré"))
    assert passwords.matches(kept, unicodedata.normalize("NFC", "café sans sucré"))


def test_blanks_and_case_count() -> None:
    kept = passwords.hashed("Correct horse 8 ")
    assert passwords.matches(kept, "Correct horse 8 ")
    assert not passwords.matches(kept, "Correct horse 8")
    assert not passwords.matches(kept, "correct horse 8 ")


def test_passwords_are_kept_by_argon2id_each_with_its_own_salt() -> None:
    one, other = passwords.hashed("correct horse 8"), passwords.hashed("correct horse 8")
    assert one.startswith("$argon2id$v=19$")
    assert one != other
    assert len(one) <= 200


def test_what_is_asked_for_in_earnest_is_more_than_the_floor() -> None:
    assert tuple(passwords.FLOOR) == (2, 19456, 1)
    assert tuple(passwords.EARNEST) == (3, 65536, 1)


def test_a_password_kept_at_less_is_dated(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = passwords.hashed("correct horse 8")
    assert not passwords.is_dated(kept)
    monkeypatch.setattr(passwords, "COST", passwords.Cost(2, 64))
    assert passwords.is_dated(kept)
    assert not passwords.is_dated(passwords.hashed("correct horse 8"))


def test_a_pc_without_the_memory_falls_back_to_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    import argon2

    real = argon2.PasswordHasher.hash

    def poor(self: argon2.PasswordHasher, password: str) -> str:
        if self.memory_cost > 8:
            raise argon2.exceptions.HashingError("Memory allocation error")
        return real(self, password)

    monkeypatch.setattr(argon2.PasswordHasher, "hash", poor)
    monkeypatch.setattr(passwords, "COST", passwords.Cost(1, 64))
    monkeypatch.setattr(passwords, "FLOOR", passwords.Cost(1, 8))
    assert "m=8,t=1" in passwords.hashed("correct horse 8")


@pytest.mark.parametrize("kept", ["", "nonsense", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_a_damaged_hash_matches_nothing(kept: str) -> None:
    assert not passwords.matches(kept, "correct horse 8")


def test_comparing_with_nothing_costs_one_comparison_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    import argon2

    done: list[str] = []
    real = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, kept: str, password: str) -> bool:
        done.append(kept)
        return real(self, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    monkeypatch.setattr(argon2.PasswordHasher, "hash", None)
    passwords.compare_with_nothing("correct horse 8")
    (kept,) = done
    assert argon2.extract_parameters(kept).memory_cost == passwords.COST.memory
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        real(argon2.PasswordHasher(), kept, "correct horse 8")


def test_a_one_time_password_reads_one_way_and_passes_the_policy() -> None:
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        passwords.check(password)
        assert len(password) == 19
        assert not set(password) & set("0o1il")

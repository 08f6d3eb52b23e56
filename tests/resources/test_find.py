"""What ships beside the code is found, and nothing else is."""

import pytest

from resources import find


def test_a_shipped_file_is_found_by_its_name() -> None:
    assert find("fonts/NotoSansSC-Regular.ttf").is_file()


@pytest.mark.parametrize(
    "name", ["fonts/none.ttf", "../pyproject.toml", "/etc/hostname", "fonts/../../dev.py"]
)
def test_anything_else_is_refused(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        find(name)

"""Forms: declared once, labelled by the model's own fields."""

from dataclasses import dataclass, replace

import pytest

from reports.paper import A4, FORMS, Column, Form, declare
from reports.paper.form import label_text


@dataclass
class ModelField:
    verbose_name: str | None


def test_a_label_may_be_the_models_field() -> None:
    assert label_text(ModelField("业主")) == label_text("业主") == "业主"


def test_a_field_without_a_label_is_refused() -> None:
    with pytest.raises(TypeError):
        label_text(ModelField(None))


def test_a_form_is_declared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.paper.form.FORMS", registry := dict(FORMS))
    form = Form("XX-99", "试印", "office", A4, columns=(Column("事项", 1),))
    assert declare(form) is form
    assert declare(form) is form
    assert registry["XX-99"] is form
    with pytest.raises(ValueError, match="XX-99"):
        declare(replace(form, title="另一张"))

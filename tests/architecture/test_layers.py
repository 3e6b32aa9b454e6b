"""The direction of imports, where the linter cannot see it: foreign keys by name, links in templates."""

import re

import pytest
from django.apps import apps
from django.conf import settings

from .layers import ROOT, may_use, ranks, templates, where

INCLUDE = re.compile(r'{%\s*(?:include|extends)\s+"([^"]+)"')
LINK = re.compile(r'{%\s*url\s+[\'"](\w+):')


def test_every_app_of_ours_has_its_layer():
    folders = {path.parent.name for path in (ROOT / "apps").glob("*/__init__.py")}

    assert folders == set(ranks())


def test_foreign_keys_point_down():
    wrong = [
        f"{field}: to {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in ranks()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and _points_up(field)
    ]

    assert not wrong, "a key to an app above: turn it round, or keep a plain id"


def _points_up(field) -> bool:
    """The user is the one model that any app may point to."""
    label, target = field.model._meta.app_label, field.related_model._meta
    if target.label == settings.AUTH_USER_MODEL or target.app_label not in ranks():
        return False
    return not may_use(label, target.app_label)


@pytest.mark.parametrize("pattern", [INCLUDE, LINK], ids=["include", "url"])
def test_templates_use_only_what_stands_below_their_app(pattern: re.Pattern[str]):
    wrong = [
        f"{where(path)}: {used}"
        for path in templates()
        if (app := path.relative_to(ROOT / "templates").parts[0]) in ranks()
        for used in pattern.findall(path.read_text())
        if (target := used.split("/")[0]) in ranks() and not may_use(app, target)
    ]

    assert not wrong, "a template of an app above: let the upper app's page put it there"


def test_shared_components_know_no_page_of_an_area():
    wrong = [
        f"{where(path)}: {used}"
        for path in templates()
        if path.parent.name == "components"
        for used in INCLUDE.findall(path.read_text())
        if used.split("/")[0] in ranks()
    ]

    assert not wrong, "a component is used by every area: pass it what it shows"

"""Remarks that a reviewer would make twice, made once."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from celery import current_app
from django.apps import apps

from .layers import ROOT, python_files, templates, where

STRAY = {"utils", "util", "helpers", "helper", "common", "misc"}
LONGEST_WAIT = 300


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file, with the last part of what is called."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rpartition(".")[2], node


def at(path: Path, node: ast.AST) -> str:
    return f"{where(path)}:{node.lineno}"


def test_every_nudge_names_a_registered_task():
    current_app.loader.import_default_modules()
    named = {
        at(path, call): ast.literal_eval(call.args[0])
        for path in python_files("apps", "carecrm")
        for name, call in calls(path)
        if name == "enqueue"
    }

    assert named
    assert not {place: task for place, task in named.items() if task not in current_app.tasks}


def test_every_task_is_named_after_its_app():
    current_app.loader.import_default_modules()
    ours = {
        task.name: task.__module__
        for task in current_app.tasks.values()
        if task.__module__.startswith("apps.")
    }

    assert ours
    assert not {name: module for name, module in ours.items() if module != f"apps.{name.split('.')[0]}.tasks"}


def test_no_task_waits_long_inside_the_broker():
    """A due time lives in a row: a broker forgets, redelivers early, or sends it twice."""
    wrong = [
        at(path, call)
        for path in python_files("apps", "carecrm")
        for _, call in calls(path)
        for keyword in call.keywords
        if (keyword.arg == "eta" and "apply_async" in ast.unparse(call.func)) or _waits_long(keyword)
    ]

    assert not wrong


def _waits_long(keyword: ast.keyword) -> bool:
    if keyword.arg != "countdown":
        return False
    seconds = getattr(keyword.value, "value", None)
    return not isinstance(seconds, int | float) or seconds > LONGEST_WAIT


def test_a_file_name_is_a_decision():
    stray = [where(path) for path in python_files("apps", "carecrm") if path.stem in STRAY]

    assert not stray, "name the noun that the file is about"


def test_views_take_rows_from_visible_to():
    """Where a model knows who may see its rows, no view of the desk fetches one past that."""
    guarded = {
        model.__name__ for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")
    }
    wrong = [
        f"{at(path, call)}: {ast.unparse(call)}"
        for path in python_files("apps/desk", "apps/accounts/views")
        for name, call in calls(path)
        if _fetches(name, call) in guarded
    ]

    assert guarded
    assert not wrong, "use Model.objects.visible_to(request.user)"


def _fetches(name: str, call: ast.Call) -> str:
    """The model that a call fetches one row of, straight from its manager; empty if it does not."""
    if name in {"get_object_or_404", "get_list_or_404"} and call.args:
        return ast.unparse(call.args[0]).removesuffix(".objects")
    if name in {"get", "first", "in_bulk"}:
        return ast.unparse(call.func).removesuffix(f".objects.{name}")
    return ""


def test_nothing_is_marked_as_safe():
    python = [
        where(path)
        for path in python_files("apps", "carecrm")
        if re.search(r"\bmark_safe\b", path.read_text())
    ]
    html = [
        where(path)
        for path in templates()
        if re.search(r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off", path.read_text())
    ]

    assert not python + html, "let the template escape; build markup with format_html"


def test_templates_hold_no_inline_script_or_style():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
    wrong = [
        f"{where(path)}: {found.group().strip()}"
        for path in templates()
        if not where(path).startswith("templates/mail/")  # a mail brings its style along: it is no page
        if (found := inline.search(path.read_text()))
    ]

    assert not wrong, "the content security policy refuses it: use a module, a class, or a data attribute"


def test_nothing_is_loaded_from_elsewhere():
    loads = re.compile(r"(?:src|srcset|href|url\()\s*=?\s*[\"']?(?:https?:)?//", re.IGNORECASE)
    files = [
        *templates(),
        *(ROOT / "carecrm" / "static").rglob("*.css"),
        *(ROOT / "carecrm" / "static").rglob("*.js"),
    ]
    wrong = [where(path) for path in files if loads.search(path.read_text())]

    assert not wrong

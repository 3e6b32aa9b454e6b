"""`manage.py check_config`: each variable, its value, and what is wrong with it. Needs no valid settings."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carecrm.variables import Finding, findings


class Command(BaseCommand):
    help = "Lists every environment variable with its value and what is wrong; fails if anything is."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        found = findings(os.environ)
        width = max(len(finding.name) for finding in found)
        for finding in found:
            self.stdout.write(line(finding, width))
        wrong = sum(bool(finding.problem) for finding in found)
        if wrong:
            raise CommandError(f"{wrong} of {len(found)} wrong.")
        self.stdout.write("\nNothing is wrong.")


def line(finding: Finding, width: int) -> str:
    value = finding.value or f"(default: {finding.default or 'empty'})"
    text = f"{finding.name:{width}}  {value}"
    if finding.purpose:
        text += f"\n{'':{width}}  {finding.purpose}"
    if finding.problem:
        text += f"\n{'':{width}}  WRONG: {finding.problem}"
    return text

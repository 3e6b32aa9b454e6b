#!/usr/bin/env python
"""carecrm's command line: `python manage.py help` lists what it can do."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.core.management.base import CommandError

from carecrm.management.commands.check_config import Command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carecrm.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018 - reads the environment
    except (ImproperlyConfigured, ValueError, OSError) as error:
        sys.exit(what_is_wrong(error))
    execute_from_command_line(sys.argv)


def what_is_wrong(error: Exception) -> str:
    """`check_config` is the one command that must run where the settings cannot be read."""
    if sys.argv[1:2] != ["check_config"]:
        return f"The settings cannot be read: {error}\nmanage.py check_config says what is wrong."
    try:
        Command().handle()
    except CommandError as wrong:
        return str(wrong)
    return str(error)


if __name__ == "__main__":
    main()

"""What the commands of an operator have in common: short help, words in the operator's language, progress."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

LANGUAGES = ("vi", "en", "bn")


def language() -> str:
    """HAICAP_LANGUAGE, else that of the terminal when it is one of ours, else Vietnamese."""
    wanted = [os.environ.get(name, "") for name in ("HAICAP_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
    return next((text[:2] for text in wanted if text[:2] in LANGUAGES), "vi")


class Console(BaseCommand):
    # lazy words: the language is known only when the parser is made
    help: Any = ""
    # Options for developers of Django would bury the three that an operator needs
    suppressed_base_arguments = {
        "--version", "--verbosity", "--settings", "--pythonpath", "--traceback",
        "--no-color", "--force-color", "--skip-checks",
    }  # fmt: skip
    requires_system_checks: list[str] = []
    # Django prints a hint about unapplied migrations in English; `upgrade` and `serve` say it in words
    requires_migrations_checks = False
    # handle() stores one of haicap.config.exits here when the answer is not FINE
    exit_code = 0

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        self.help = str(self.help)
        return super().create_parser(prog_name, subcommand, **options)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def activate() -> None:
    translation.activate(language())

"""python -m haicap.config.translations compile | check | missing ROOM [en|bn]"""

import argparse
import os
import sys

import django

from haicap.config.translations import catalogues


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="translations", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("compile", help="write the compiled catalogues")
    verbs.add_parser("check", help="fail on missing, empty, doubtful, left-over or broken translations")
    lacking = verbs.add_parser("missing", help="print a skeleton of what a room has not translated yet")
    lacking.add_argument("room")
    lacking.add_argument("language", nargs="?", choices=catalogues.LANGUAGES, default="en")
    options = parser.parse_args(arguments)
    write = sys.stdout.write
    if options.verb == "compile":
        write(f"{catalogues.compile_all()} catalogues compiled\n")
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
    django.setup()
    if options.verb == "missing":
        room = catalogues.ROOMS / options.room
        if not room.is_dir():
            parser.error(f"there is no room {options.room}")
        for message, place in catalogues.missing(room, options.language):
            write(catalogues.skeleton(message, place) + "\n")
        return 0
    found = sorted(catalogues.problems())
    for problem in found:
        write(problem + "\n")
    write(f"translations: {len(found)} problems\n" if found else "translations: complete in vi, en and bn\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

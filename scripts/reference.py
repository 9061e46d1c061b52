"""Writes docs/reference/ from the code: `python -m scripts.reference`; a test compares them."""

import os
from pathlib import Path

import django
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from haicap.accounts.states import ROLE_NAMES, Role  # noqa: E402  needs Django to be set up
from haicap.reporting.permissions import FROM_ABOVE, OWN_UNIT  # noqa: E402
from haicap.reporting.states import EDITABLE, FACTS, STATE_LABELS, TRANSITIONS, Act, State  # noqa: E402

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"


def diagram() -> str:
    lines = ["stateDiagram-v2", "    [*] --> open"]
    lines += [f"    {source} --> {target}: {act}" for (source, act), target in TRANSITIONS.items()]
    return "\n".join(lines)


def roles(act: Act) -> frozenset[Role]:
    return OWN_UNIT.get(act) or FROM_ABOVE[act]


def who(act: Act) -> str:
    where = "of this commune" if act in OWN_UNIT else "of a unit above it"
    return f"{', '.join(f'`{role}`' for role in sorted(roles(act)))} {where}"


def states() -> str:
    rows = ["| state | on the screen | figures may be typed | is a fact |", "|---|---|---|---|"]
    for state in State:
        fact = ("provisional" if state is State.SUBMITTED else "yes") if state in FACTS else "no"
        typed = "yes" if state in EDITABLE else "no"
        rows.append(f"| `{state}` | {STATE_LABELS[state]} | {typed} | {fact} |")
    return "\n".join(rows)


def steps() -> str:
    rows = ["| step | from | to | who |", "|---|---|---|---|"]
    for act in Act:
        for (source, taken), target in TRANSITIONS.items():
            if taken is act:
                rows.append(f"| `{act}` | `{source}` | `{target}` | {who(act)} |")
    return "\n".join(rows)


def names() -> str:
    used = sorted({role for act in Act for role in roles(act)})
    return "\n".join(
        ["| role | on the screen |", "|---|---|", *(f"| `{r}` | {ROLE_NAMES[r]} |" for r in used)]
    )


def reporting_states() -> str:
    with translation.override("vi"):
        return f"""# States of a report

Made from `haicap/reporting/states.py` and `permissions.py` by `python -m scripts.reference`; do not edit.

```mermaid
{diagram()}
```

{states()}

## Steps

{steps()}

Who typed or submitted a report may not accept it.
Where a form asks for no approval, submission is acceptance.
A deputy signs on the days on which the leader's signature was lent.

{names()}
"""


PAGES = {"reporting-states.md": reporting_states}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), "utf-8")

"""SVG text that a template may print as it is."""

from html import escape


class Svg(str):
    """Markup made by this room from escaped parts; templates print it unescaped (`__html__`)."""

    __slots__ = ()

    def __html__(self) -> "Svg":
        return self


def quoted(text: str) -> str:
    """`text` for inside a double-quoted attribute."""
    return escape(text, quote=True)

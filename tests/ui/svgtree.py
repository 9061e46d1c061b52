"""Read what a map or chart drew, the way a browser would."""

import xml.etree.ElementTree as ET

NAMESPACE = "{http://www.w3.org/2000/svg}"


def tree(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314


def all_of(svg: str, tag: str, kind: str = "") -> list[ET.Element]:
    found = tree(svg).iter(f"{NAMESPACE}{tag}")
    return [element for element in found if not kind or kind in element.get("class", "").split()]


def words(element: ET.Element) -> str:
    return " ".join(text.strip() for text in element.itertext() if text.strip())

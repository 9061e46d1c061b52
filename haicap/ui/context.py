"""What every page needs besides its own figures: navigation, language, text size."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from haicap.core.languages import known

TEXT_SIZES = (100, 125, 150)
TEXT_SIZE_COOKIE = "haicap_text_size"


@dataclass(frozen=True)
class Item:
    """One place of the navigation; `url` is a URL name, an unknown one leaves the item out. `seated`:
    there is nothing in it for a person without a position."""

    url: str
    words: Any
    icon: str
    phone: bool = True
    seated: bool = False


ITEMS = (
    Item("desk:home", _("Tổng quan"), "home"),
    Item("reporting:list", _("Báo cáo"), "list"),
    Item("dossiers:queue", _("Hồ sơ"), "list"),
    Item("desk:country", _("Cả nước"), "map"),
    Item("desk:explorer", _("Khám phá"), "search", phone=False, seated=True),
    Item("catalogue:list", _("Chế độ báo cáo"), "list", phone=False),
)


def _links(request: HttpRequest) -> list[dict[str, Any]]:
    links, path = [], request.path
    # set by a room above this one; asked only where a menu is shown
    seated = bool(getattr(getattr(request, "scope", None), "grants", ()))
    for item in ITEMS:
        if item.seated and not seated:
            continue
        try:
            address = reverse(item.url)
        except NoReverseMatch:
            continue
        links.append({"href": address, "words": item.words, "icon": item.icon, "phone": item.phone})
    # the longest address that begins the path is where the reader is
    here = max((link["href"] for link in links if path.startswith(link["href"])), key=len, default="")
    return [{**link, "current": link["href"] == here} for link in links]


def text_size(request: HttpRequest) -> int:
    """100, 125 or 150: of this browser, else of the person, else 100."""
    person = getattr(request, "user", None)
    wanted = str(request.COOKIES.get(TEXT_SIZE_COOKIE) or getattr(person, "text_size", "") or "")
    return next((size for size in TEXT_SIZES if str(size) == wanted), TEXT_SIZES[0])


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `ui` for the base templates."""
    return {
        "ui": {
            "nav": partial(_links, request),
            "lang": known(get_language()),
            "languages": settings.LANGUAGES,
            "text_size": text_size(request),
            "text_sizes": TEXT_SIZES,
            "here": request.get_full_path(),
        }
    }

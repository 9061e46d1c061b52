"""The national view: 34 provinces, each a door to its communes."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import condition, require_safe

from haicap.accounts.scopes import scope_in
from haicap.catalogue import queries as catalogue_queries
from haicap.desk import choices
from haicap.desk.freshness import etag
from haicap.desk.views.overview import show
from haicap.units import queries as units


@require_safe
@login_required
@condition(etag_func=etag)
def page(request: HttpRequest) -> HttpResponseBase:
    """Everybody may see the published figures of the country; scores and forms need a national scope."""
    country = units.country()
    catalogue = catalogue_queries.current()
    if not scope_in(request).sees(country):
        catalogue = choices.published_only(catalogue)
    return show(request, country, catalogue)

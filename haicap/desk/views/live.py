"""What the freshness badge asks every two seconds: has anything shown changed?"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from haicap.insight.freshness import stamp


@require_safe
@login_required
def token(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(stamp(), content_type="text/plain")
    answer["Cache-Control"] = "private, no-store"
    return answer

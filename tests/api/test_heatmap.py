import pytest

from tests.api.conftest import Ask
from tests.world import Land

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_first(land: Land, ask: Ask) -> None:
    answer = ask("heatmap", province="66", period="2026-10")
    print(answer.status_code, answer.content.decode()[:3000], answer.headers)
    for q in ({"province": "01", "indicator": "CB01", "period": "2025-Q3"},):
        answer = ask("heatmap", **q)
        print(answer.status_code, answer.content.decode()[:3000])
    for w, q in (
        ("indicators", {}),
        ("units", {}),
        ("series", {"unit": "24505", "from": "2026-07"}),
        ("openapi.json", {}),
        ("", {}),
        ("bad", {}),
        ("heatmap", {}),
        ("heatmap", {"x": 1}),
    ):
        answer = ask(w, **q)
        print(w, answer.status_code, answer.content.decode()[:1500])
    assert 0

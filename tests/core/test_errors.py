from haicap.core.errors import Refusal


def test_a_refusal_carries_code_place_and_params() -> None:
    refusal = Refusal("unit.closed", place="unit", code_asked="24505", on="2025-07-01")
    assert (refusal.code, refusal.place) == ("unit.closed", "unit")
    assert refusal.params == {"code_asked": "24505", "on": "2025-07-01"}
    assert str(refusal) == "unit.closed (code_asked=24505, on=2025-07-01)"


def test_the_message_is_what_a_person_reads() -> None:
    assert str(Refusal("unit.closed", "Đơn vị đã kết thúc")) == "Đơn vị đã kết thúc"


def test_a_message_is_only_worded_when_it_is_read() -> None:
    class Lazy:
        def __str__(self) -> str:
            raise AssertionError("worded too early: the language of the reader is not known yet")

        def __bool__(self) -> bool:
            return True

    assert Refusal("a.b", Lazy()).message is not None

"""Answers wait, bounded, until they are taken."""

from orchestra.screen.report import MAX_REPLY_BYTES, Reports


def test_answers_are_taken_once_in_order() -> None:
    """Taking forgets."""
    reports = Reports()
    reports.position(3, 4, is_private=False)
    reports.mode(7, True, is_private=True)
    reports.colour("11")
    assert reports.take() == b"\x1b[3;4R\x1b[?7;1$y\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\"
    assert reports.take() == b""


def test_an_answer_that_does_not_fit_is_dropped_whole() -> None:
    """What fits later still fits, and after taking there is room again."""
    reports = Reports()
    reports.add("x" * (MAX_REPLY_BYTES - 1))
    reports.add("yy")
    reports.add("z")
    assert reports.take() == b"x" * (MAX_REPLY_BYTES - 1) + b"z"
    reports.add("yy")
    assert reports.take() == b"yy"

"""ApprovalNews: the newest state of each approval, told once, to those who may see it."""

from orchestra.access import AGENT_PERMISSIONS, Role
from orchestra.runtime.approval_news import MAX_UNTOLD, ApprovalNews
from orchestra.wire import ApprovalUpdate
from tests.agents.some_approval import some_approval
from tests.runtime.house import person

ADA, BOB, ADMIN = person("ada", Role.VIEWER), person("bob", Role.DEVELOPER), person("root", Role.ADMIN)


def test_the_newest_state_is_told_once() -> None:
    """One that moved twice is one update; what moved last comes last, and nothing is told again."""
    news, one, other = ApprovalNews(), some_approval(owner=ADA.key), some_approval(id="apr_other", owner=ADA.key)
    assert not news.is_waiting
    for approval in (one, other, one.expired("Too late.", 5)):
        news.note(approval)
    assert news.is_waiting
    assert list(news.take(ADA)) == [
        ApprovalUpdate(other.public()),
        ApprovalUpdate(one.expired("Too late.", 5).public()),
    ]
    assert list(news.take(ADA)) == [] and not news.is_waiting


def test_only_who_may_see_it_is_told() -> None:
    """A stranger hears nothing, and neither does one that may not see screens; an admin does."""
    for who, count in ((BOB, 0), (ADMIN, 1), (person("ada", Role.SCRAPER), 0)):
        news = ApprovalNews()
        news.note(some_approval(owner=ADA.key))
        assert len(list(news.take(who))) == count
    assert "sessions:read" not in AGENT_PERMISSIONS


def test_who_does_not_read_keeps_little() -> None:
    """Of more than 500 the oldest are left out."""
    news = ApprovalNews()
    for number in range(MAX_UNTOLD + 1):
        news.note(some_approval(id=f"apr_{number}", owner=ADA.key))
    told = list(news.take(ADA))
    assert len(told) == MAX_UNTOLD and told[0].approval["id"] == "apr_1"

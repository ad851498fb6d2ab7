"""The words of the audit trail: what can be done, and how it ended."""

from enum import StrEnum

__all__ = ["Action", "Outcome"]


class Action(StrEnum):
    """What was done, as `thing.verb`; once written to a trail, a word is never renamed."""

    AUDIT_HEALED = "audit.healed"
    """The trail ended in half a record (power loss, full disk) and goes on after it."""
    LOGIN_LINK = "sign_in.login_link"
    """The owner of the machine account asked for a sign-in link."""
    LOGIN = "sign_in.login"
    """A sign-in link was opened: a one-time code became a token."""
    TOKEN = "sign_in.token"  # noqa: S105 - the word for it
    """The owner of the machine account asked for a token for a script."""
    RENEW = "sign_in.renew"
    """A token became a later one."""
    TICKET = "sign_in.ticket"
    """A ticket for one WebSocket was made."""
    VIEWER_OPEN = "viewer.open"
    """A WebSocket was accepted."""
    AGENT_SPAWN = "agent.spawn"
    AGENT_STOP = "agent.stop"
    AGENT_REMOVE = "agent.remove"
    WORKTREE_REMOVE = "worktree.remove"
    """An agent's folder and branch went; nothing in them was unsaved."""
    DEMO_START = "demo.start"
    TASK_DELEGATE = "task.delegate"
    TASK_CANCEL = "task.cancel"
    TASK_RETRY = "task.retry"
    TASK_APPROVE = "task.approve"
    TASK_REJECT = "task.reject"
    TASK_REPORT = "task.report"
    """An agent said what came out of its task; the text is with the task."""
    APPROVAL_DECIDE = "approval.decide"
    """A decision that was refused before it was read."""
    APPROVAL_ALLOW = "approval.allow"
    APPROVAL_DENY = "approval.deny"
    APPROVAL_ALWAYS = "approval.always"
    """Allowed, and not asked again in that session for what the program suggested."""
    APPROVAL_ANSWER = "approval.answer"
    """A question was answered; the answer is kept with the approval, not here."""
    SESSION_INPUT = "session.input"
    """Somebody began to type; what was typed is never recorded."""
    SESSION_RESIZE = "session.resize"
    MESSAGE_SEND = "message.send"
    """A message was queued; its text is never recorded."""
    MESSAGE_RESEND = "message.resend"
    DAEMON_START = "daemon.start"
    DAEMON_STOP = "daemon.stop"


class Outcome(StrEnum):
    """How it ended."""

    BEGUN = "begun"
    """Written before a change; the record after it says how it ended."""
    OK = "ok"
    REFUSED = "refused"
    """Their fault: no credential, no permission, bad input."""
    FAILED = "failed"
    """The world's fault or ours."""

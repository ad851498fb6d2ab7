"""Migrations: the database's schema, version by version."""

from typing import Final

__all__ = ["MIGRATIONS"]

# One entry per schema version, its statements applied in order inside one transaction; never edited once released.
MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """
        CREATE TABLE agent (
            id TEXT PRIMARY KEY,
            session_id TEXT NOT NULL UNIQUE,
            profile TEXT NOT NULL,
            name TEXT NOT NULL,
            state TEXT NOT NULL,
            rows INTEGER NOT NULL,
            columns INTEGER NOT NULL,
            owner TEXT NOT NULL,
            cwd TEXT NOT NULL,
            command TEXT NOT NULL,
            created_unix_s REAL NOT NULL,
            state_since_unix_s REAL NOT NULL,
            exit_status INTEGER,
            socket_name TEXT NOT NULL UNIQUE
        ) STRICT
        """,
    ),
    (
        "ALTER TABLE agent ADD COLUMN purpose TEXT NOT NULL DEFAULT 'interactive'",
        "ALTER TABLE agent ADD COLUMN parent TEXT",  # the agent that asked for it
        "ALTER TABLE agent ADD COLUMN task_id INTEGER",
        "ALTER TABLE agent ADD COLUMN conversation TEXT NOT NULL DEFAULT ''",  # the CLI's own word for what to resume
        "ALTER TABLE agent ADD COLUMN worktree TEXT NOT NULL DEFAULT ''",
        """
        CREATE TABLE agent_token (
            agent_id TEXT PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            owner TEXT NOT NULL,
            permissions TEXT NOT NULL,
            created_unix_s REAL NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE task (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            root_id INTEGER NOT NULL,
            parent_id INTEGER,
            depth INTEGER NOT NULL,
            owner TEXT NOT NULL,
            requester TEXT NOT NULL,
            permissions TEXT NOT NULL,
            plan_id INTEGER,
            recipient TEXT NOT NULL,
            title TEXT NOT NULL,
            brief TEXT NOT NULL,
            after TEXT NOT NULL,
            on_failed TEXT NOT NULL,
            cwd TEXT NOT NULL,
            is_in_worktree INTEGER NOT NULL,
            context TEXT NOT NULL,
            deadline_unix_s REAL,
            retries INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            needs_approval INTEGER NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            created_unix_s REAL NOT NULL,
            state_since_unix_s REAL NOT NULL,
            agent_id TEXT,
            result TEXT
        ) STRICT
        """,
        "CREATE INDEX task_by_state ON task (state, id)",
        "CREATE INDEX task_by_parent ON task (parent_id, id)",
        "CREATE INDEX task_by_root ON task (root_id, id)",
        """
        CREATE TABLE attempt (
            task_id INTEGER NOT NULL,
            number INTEGER NOT NULL,
            agent_id TEXT NOT NULL,
            is_open INTEGER NOT NULL,
            began_unix_s REAL NOT NULL,
            ended_unix_s REAL,
            outcome TEXT,
            PRIMARY KEY (task_id, number)
        ) STRICT
        """,
        "CREATE INDEX attempt_open ON attempt (is_open, task_id)",
        "CREATE INDEX attempt_by_agent ON attempt (agent_id)",
        """
        CREATE TABLE idempotency (
            requester TEXT NOT NULL,
            key TEXT NOT NULL,
            body_hash TEXT NOT NULL,
            task_ids TEXT NOT NULL,
            created_unix_s REAL NOT NULL,
            PRIMARY KEY (requester, key)
        ) STRICT
        """,
        """
        CREATE TABLE event (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            unix_ms INTEGER NOT NULL,
            kind TEXT NOT NULL,
            owner TEXT NOT NULL,
            task_id INTEGER,
            agent_id TEXT,
            data TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX event_by_task ON event (task_id, seq)",
        """
        CREATE TABLE message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            agent_id TEXT NOT NULL,
            owner TEXT NOT NULL,
            sender TEXT NOT NULL,
            task_id INTEGER,
            text TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            queued_unix_ms INTEGER NOT NULL,
            pasted_unix_ms INTEGER,
            submitted_unix_ms INTEGER,
            acknowledged_unix_ms INTEGER,
            failed_unix_ms INTEGER
        ) STRICT
        """,
        "CREATE INDEX message_by_agent ON message (agent_id, id)",
        "CREATE INDEX message_by_state ON message (state, id)",
        """
        CREATE TABLE reply (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            agent_id TEXT NOT NULL,
            owner TEXT NOT NULL,
            message_id INTEGER,
            text TEXT NOT NULL,
            actions TEXT NOT NULL,
            source TEXT NOT NULL,
            unix_ms INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX reply_by_agent ON reply (agent_id, id)",
        """
        CREATE TABLE approval (
            id TEXT PRIMARY KEY,
            agent_id TEXT NOT NULL,
            owner TEXT NOT NULL,
            task_id INTEGER,
            kind TEXT NOT NULL,
            tool TEXT NOT NULL,
            tool_key TEXT NOT NULL,
            subagent TEXT NOT NULL,
            title TEXT NOT NULL,
            detail TEXT NOT NULL,
            given TEXT NOT NULL,
            state TEXT NOT NULL,
            choice TEXT,
            decided_by TEXT,
            reason TEXT NOT NULL,
            created_unix_ms INTEGER NOT NULL,
            expires_unix_ms INTEGER NOT NULL,
            decided_unix_ms INTEGER,
            taken_unix_ms INTEGER
        ) STRICT
        """,
        "CREATE INDEX approval_by_state ON approval (state, created_unix_ms)",
    ),
    (
        "ALTER TABLE message ADD COLUMN attempt INTEGER",  # the attempt at its task that it hands over
        "CREATE UNIQUE INDEX message_by_attempt ON message (task_id, attempt) WHERE attempt IS NOT NULL",
        "ALTER TABLE reply ADD COLUMN report TEXT",  # the report that told it: told again it is the same reply
        "CREATE UNIQUE INDEX reply_by_report ON reply (agent_id, report) WHERE report IS NOT NULL",
        "CREATE INDEX reply_by_message ON reply (message_id, id)",
        "ALTER TABLE attempt ADD COLUMN reported TEXT",  # what its agent said came out
    ),
)

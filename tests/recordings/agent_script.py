"""What the stand-in model says to the recorded agents."""

from tests.recordings.demo_project import PROJECT
from tests.recordings.stand_in_model import Reply, Script

EXPLAIN = "Explain how the queue picks the next job"
RUN = "Run the check"
MEND = "Mend the order of the queue"
PLAN = "Write a plan for a persistent queue"

OLD = "        job = Job(urgency, self._count, name)\n        heapq.heappush(self._heap, job)\n        return job\n"
NEW = (
    "        if not name:\n"
    '            raise ValueError("a job has a name")\n'
    "        # The heap hands out the smallest first: urgent must be small.\n"
    "        job = Job(-urgency, self._count, name)\n"
    "        heapq.heappush(self._heap, job)\n"
    "        return job\n"
)
PATCH = """*** Begin Patch
*** Update File: job_queue.py
@@
         self._count += 1
-        job = Job(urgency, self._count, name)
+        if not name:
+            raise ValueError("a job has a name")
+        # The heap hands out the smallest first: urgent must be small.
+        job = Job(-urgency, self._count, name)
         heapq.heappush(self._heap, job)
*** End Patch"""
EXPLANATION = """The queue keeps its jobs in a **binary heap**, and `heapq` always hands out the *smallest* one.

## How two jobs compare

`Job` is a dataclass with `order=True`, so Python compares the fields in the order in which they are written:

1. `urgency` - an integer
2. `number` - counts up, so that among equals the oldest comes first
3. `name` is left out, because of `field(compare=False)`

```python
def take(self) -> Job | None:
    \"\"\"Take the next job, or None when there is none.\"\"\"
    if not self._heap:
        return None
    return heapq.heappop(self._heap)   # O(log n)
```

| step | what happens | cost | state |
|------|--------------|------|-------|
| `add` | the job is pushed and sifted up | O(log n) | ✅ tested |
| `take` | the root leaves, the last one is sifted down | O(log n) | ⚠️ order is reversed |
| `len` | the length of a list | O(1) | ✅ tested |

> The heap is a *min*-heap. A **larger** urgency therefore comes **last**, which is probably not what you want.

Names may hold any text: `Ünïcödé`, 日本語の仕事, 작업, or an emoji such as 🚀 or 👩‍💻 - they are never compared.
"""
STEPS = "".join(
    f"{number}. **Step {number}**: {text}\n"
    for number, text in enumerate(
        (
            "open an SQLite file beside the project, in WAL mode, so that readers never wait for a writer",
            "make one table `job(number INTEGER PRIMARY KEY, urgency INTEGER, name TEXT, taken_unix_s REAL)`",
            "add an index over `(taken_unix_s, urgency DESC, number)`; it answers `take` by itself",
            "let `add` insert one row and return it; the number is the row id, and is never used twice",
            "let `take` update the first free row and return it in one statement with `RETURNING`",
            "give back jobs whose taker has died: a lease with a deadline, renewed by a heartbeat",
            "write the migrations as numbered functions and keep the number in `PRAGMA user_version`",
            "test a full disk, two processes at once, and a crash between two statements",
            "measure: 10,000 jobs in, 10,000 out; the old queue stands beside it in the same run",
            "keep the old class as the fast path for tests, behind the same interface",
        )
        * 3,
        1,
    )
)
LONG_PLAN = f"""# A queue that survives a restart

{STEPS}
```sql
CREATE TABLE job (
    number       INTEGER PRIMARY KEY,
    urgency      INTEGER NOT NULL DEFAULT 0,
    name         TEXT NOT NULL CHECK (name <> ''),
    taken_unix_s REAL
) STRICT;
CREATE INDEX next_job ON job (taken_unix_s, urgency DESC, number);
```

```diff
-        self._heap: list[Job] = []
+        self._connection = sqlite3.connect(path, isolation_level=None)
```

That is all; **shall I begin** with the table?
"""
CLAUDE: Script = {
    EXPLAIN: (Reply(EXPLANATION),),
    RUN: (
        Reply(
            "I'll run the check to see what the queue really does.",
            "Bash",
            {"command": "python3 check.py", "description": "Run the check of the queue"},
        ),
        Reply("The check **failed**: jobs come out with the *least* urgent first. The first wrong one is `job-01`."),
    ),
    MEND: (
        Reply("Let me read the file first.", "Read", {"file_path": str(PROJECT / "job_queue.py")}),
        Reply(
            "The heap is a min-heap, so the urgency must be stored negated.",
            "Edit",
            {"file_path": str(PROJECT / "job_queue.py"), "old_string": OLD, "new_string": NEW},
        ),
        Reply("Now the most urgent job comes first, and a job without a name is refused."),
    ),
    PLAN: (Reply(LONG_PLAN),),
}
CODEX: Script = {
    EXPLAIN: (Reply(EXPLANATION),),
    RUN: (
        Reply(
            "I'll run the check to see what the queue really does.",
            "exec_command",
            {
                "cmd": "python3 check.py",
                "sandbox_permissions": "require_escalated",
                "justification": "May I run the check outside of the sandbox?",
            },
        ),
        Reply("The check **failed**: jobs come out with the *least* urgent first. The first wrong one is `job-01`."),
    ),
    MEND: (
        Reply("I'll look at the file.", "exec_command", {"cmd": "sed -n 1,40p job_queue.py"}),
        Reply(
            "The heap is a min-heap, so the urgency must be stored negated.",
            "exec_command",
            {"cmd": f"apply_patch <<'PATCH'\n{PATCH}\nPATCH\n"},
        ),
        Reply("Now the most urgent job comes first, and a job without a name is refused."),
    ),
    PLAN: (Reply(LONG_PLAN),),
}

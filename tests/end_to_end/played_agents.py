"""Programs that take the options and print the lines which Droid and Cursor document; nobody's model works in them.

What stands in the prompt says what they do: `edit` writes a file, `fail` fails as the documentation says, `stay` works
until a signal comes. An option that is not documented ends them with exit code 2, as the real ones.
"""

import stat
import sys
from pathlib import Path

__all__ = ["SESSION", "play"]

SESSION = "8af22e0a-d222-42c6-8c7e-7a059e391b0b"
BODY = """
import argparse, json, pathlib, signal, sys, time

def say(**event):
    print(json.dumps(event), flush=True)

def stay():
    def end(number, frame):
        pathlib.Path("signal").write_text(signal.Signals(number).name)
        sys.exit(128 + number)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    pathlib.Path("pid").write_text(str(__import__("os").getpid()))
    time.sleep(1000)
"""
DROID = """
options = argparse.ArgumentParser(prog="droid", allow_abbrev=False)
options.add_argument("command", choices=["exec"])
options.add_argument("-o", "--output-format", choices=["stream-json"], required=True)
options.add_argument("--auto", choices=["low", "medium", "high"])
options.add_argument("-f", "--file", required=True)
options.add_argument("-s", "--session-id")
given = options.parse_args()
prompt = pathlib.Path(given.file).read_text()
pathlib.Path("prompt").write_text(prompt)
known = {"session_id": SESSION, "timestamp": 1762517060816}
say(type="system", subtype="init", cwd=".", session_id=SESSION, tools=["Create"], model="a-model")
say(type="message", role="user", id="m1", text=prompt, **known)
if "stay" in prompt:
    stay()
if "fail" in prompt:
    say(type="error", source="agent_loop", message="No credit is left.", **known)
    say(type="error", source="cli", message="Exec failed", **known)
    sys.exit(1)
call = {"toolId": "Create", "toolName": "Create", "parameters": {"file_path": "made.txt"}}
say(type="tool_call", id="c1", messageId="m2", **call, **known)
if given.auto:
    pathlib.Path("made.txt").write_text("made\\n")
say(type="tool_result", id="c1", messageId="m3", toolId="Create", isError=not given.auto, value="ok", **known)
say(type="message", role="assistant", id="m4", text="It is made.", **known)
usage = {"input_tokens": 21200, "output_tokens": 145, "cache_read_input_tokens": 7, "cache_creation_input_tokens": 3}
say(type="completion", finalText="It is made.", numTurns=1, durationMs=3264, usage=usage, **known)
"""
CURSOR = """
options = argparse.ArgumentParser(prog="cursor-agent", description="Cursor Agent", allow_abbrev=False)
options.add_argument("-p", "--print", action="store_true", required=True)
options.add_argument("--output-format", choices=["stream-json"], required=True)
options.add_argument("-f", "--force", action="store_true")
options.add_argument("--trust", action="store_true")
options.add_argument("--resume")
options.add_argument("prompt")
given = options.parse_args()
prompt = given.prompt
pathlib.Path("prompt").write_text(prompt)
if not given.trust or "fail" in prompt:
    sys.exit("Workspace Trust Required" if not given.trust else "Cannot use this model: a-model")
known = {"session_id": SESSION}
say(type="system", subtype="init", apiKeySource="env", cwd=".", model="A Model", permissionMode="default", **known)
say(type="user", message={"role": "user", "content": [{"type": "text", "text": prompt}]}, **known)
if "stay" in prompt:
    stay()
call = {"args": {"path": "made.txt", "fileText": "made"}}
say(type="tool_call", subtype="started", call_id="c1", tool_call={"writeToolCall": call}, **known)
if given.force:
    pathlib.Path("made.txt").write_text("made\\n")
done = {"success": {"path": "made.txt", "linesCreated": 1, "fileSize": 5}}
say(type="tool_call", subtype="completed", call_id="c1", tool_call={"writeToolCall": {**call, "result": done}}, **known)
say(type="assistant", message={"role": "assistant", "content": [{"type": "text", "text": "It is made."}]}, **known)
usage = {"inputTokens": 26967, "outputTokens": 35, "cacheReadTokens": 2654, "cacheWriteTokens": 0}
end = {"duration_ms": 5234, "duration_api_ms": 5234, "is_error": False, "result": "It is made.", "usage": usage}
say(type="result", subtype="success", **end, **known)
"""


def play(folder: Path) -> None:
    """Put `droid` and `cursor-agent` into `folder`."""
    folder.mkdir()
    for name, text in (("droid", DROID), ("cursor-agent", CURSOR)):
        program = folder / name
        program.write_text(f"#!{sys.executable}\n{BODY}\nSESSION = {SESSION!r}\n{text}")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

"""`orchestra status explain`: why an agent's state is what it is, or what the rules say about a screen in a file."""

import json
import sys
from pathlib import Path
from typing import Any, Final, TextIO

import click

from orchestra.cli import option
from orchestra.cli.daemon import Daemon, as_agent_id
from orchestra.errors import BadInputError

__all__ = ["status"]

MAX_SCREEN_BYTES: Final = 4 << 20

Body = dict[str, Any]  # Any: JSON


@click.group()
def status() -> None:
    """Tell the states of agents."""


@status.command()
@option.state_directory
@option.as_json
@click.argument("agent", required=False)
@click.option("--profile", help="Without an agent: whose rules to use, such as claude.")
@click.option("--file", "screen", type=click.File("r", encoding="utf-8"), help="Without an agent: the screen's text.")
@click.option("--title", default="", help="With --file: the terminal's title.")
@click.option("--cursor", nargs=2, type=int, metavar="ROW COLUMN", help="With --file: the cursor's place, from zero.")
def explain(
    state_dir: Path | None,
    as_json: bool,
    agent: str | None,
    profile: str | None,
    screen: TextIO | None,
    title: str,
    cursor: tuple[int, int] | None,
) -> None:
    """Say why an agent's state is what it is: every layer, every screen rule, its evidence, and which decides.

    AGENT is an agent's or a session's id. With --profile and --file no daemon is needed: the rules are applied to the
    text of a screen (- is standard input).
    """
    if (agent is None) == (screen is None) or (profile is None) != (screen is None):
        raise click.UsageError("Give an AGENT, or --profile and --file.")
    if agent is not None:
        with Daemon(state_dir) as daemon:
            body: Body = daemon.ask("GET", f"/api/agents/{as_agent_id(agent)}/explain").json()
    else:
        body = _of_file(profile or "", screen or sys.stdin, title, cursor)
    if as_json:
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
        return
    if "verdict" in body:
        _print_verdict(body["verdict"])
    _print_rules(body["rules"])


def _of_file(profile: str, screen: TextIO, title: str, cursor: tuple[int, int] | None) -> Body:
    """Return what a profile's rules say about a screen: `{"rules": ..., "winners": ...}`."""
    from orchestra.agents import RuleResult, ScreenText
    from orchestra.runtime.profile_library import load_profiles

    loaded = load_profiles()
    known = loaded.profiles.get(profile)
    rules = loaded.rules.get(known.status.rules if known else profile)
    if rules is None:
        there = ", ".join(loaded.rules)
        raise BadInputError("no_rules", f"There are no screen rules for {profile[:40]!r}; there are some for: {there}.")
    text = screen.read(MAX_SCREEN_BYTES)
    read = rules.read(ScreenText.of(text.splitlines(), cursor, title))

    def name_of(result: RuleResult | None) -> str | None:
        return result.rule.name if result else None

    return {
        "rules": {
            "name": rules.name,
            "version": rules.version,
            "results": [result.public() for result in read.results],
            "screen": name_of(read.screen),
            "title": name_of(read.title),
            "composer": name_of(read.composer),
        }
    }


def _print_verdict(verdict: Body) -> None:
    wait = f", waits for: {verdict['wait']}" if verdict["wait"] else ""
    click.echo(f"{verdict['state']}{wait}  ({verdict['source']}: {verdict['rule']})")
    click.echo(f"  {_printable(verdict['evidence'])}")
    if verdict["composer"]:
        click.echo(f"  where people type: {verdict['composer']}")
    click.echo("")
    for layer in verdict["explanation"]:
        said = "-" if layer["state"] is None else f"{layer['state']} ({layer['rule']}, {layer['age_s']:.1f} s ago)"
        click.echo(f"  {layer['source']:8} {layer['standing']:10} {said}: {layer['why']}")
        if layer["evidence"]:
            click.echo(f"           {_printable(layer['evidence'])}")
    click.echo("")


def _print_rules(rules: Body) -> None:
    if not rules.get("name"):
        click.echo("No screen rules.")
        return
    click.echo(f"Screen rules {rules['name']} {rules['version']}:")
    for result in rules["results"]:
        mark = "yes" if result["matched"] else " - "
        says = ", ".join(str(result[key]) for key in ("state", "wait", "composer") if result[key])
        click.echo(f"  {mark} {result['priority']:4} {result['name']}: {says}  [{result['region']}]")
        if result["matched"]:
            where = "title" if result["row"] is None else f"row {result['row']}"
            click.echo(f"           {where}: {_printable(result['evidence'])}")
    winners = [f"{key}: {rules[key] or 'no rule'}" for key in ("screen", "title", "composer") if key in rules]
    if winners:
        click.echo(f"Decides for the {'; for the '.join(winners)}")


def _printable(text: str) -> str:
    """Return a text that moves no cursor and rings no bell: what a program wrote is shown to a person's terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)

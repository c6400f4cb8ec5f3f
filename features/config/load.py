"""Reading leadsift.toml: every problem of the file and of the environment is found, and said together."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from features.config.environment import environment_settings
from features.config.model import Config
from features.config.sections import (
    Company,
    Events,
    Features,
    Grades,
    LabelSettings,
    Leads,
    Leaks,
    Mlflow,
    Outcomes,
    Priors,
    Reports,
    Section,
    ServiceLimits,
    Sla,
    Store,
    Training,
)
from features.config.together import problems_together
from features.config.webhooks import read_webhooks
from features.config.wording import say_error
from features.errors import DataError
from features.problems import Problem, did_you_mean

SECTIONS: Mapping[str, type[Section]] = {
    "company": Company,
    "leads": Leads,
    "events": Events,
    "outcomes": Outcomes,
    "features": Features,
    "label": LabelSettings,
    "leaks": Leaks,
    "sla": Sla,
    "reports": Reports,
    "grades": Grades,
    "store": Store,
    "service": ServiceLimits,
    "mlflow": Mlflow,
    "priors": Priors,
    "training": Training,
}
WEBHOOKS = "webhooks"  # as many sections of this name as wanted
OPTIONAL = ("events", "outcomes")  # None where the file does not have them; the others have defaults


def load_config(path: Path) -> Config:
    """Read a leadsift.toml, with the environment's settings on top.

    Raises DataError with every problem found: the file missing or not TOML, unknown sections and keys (with the
    nearest known one), wrong types, values out of range, and settings that contradict each other.
    """
    path = path.expanduser().absolute()
    written = _read_toml(path)
    settings, environment_problems = environment_settings(SECTIONS, os.environ)
    sections, problems = _validate(written, settings, path)
    problems = [*_section_problems(written, path.name), *environment_problems, *problems]
    problems += problems_together(sections, path.name)
    webhooks, webhook_problems = read_webhooks(written.get(WEBHOOKS, []), os.environ, path.name)
    problems += webhook_problems
    if problems:
        raise DataError(problems)
    return Config.model_validate({"path": path, WEBHOOKS: webhooks} | sections)


def _validate(
    written: Mapping[str, Any], settings: Mapping[str, dict[str, Any]], path: Path
) -> tuple[dict[str, Section | None], list[Problem]]:
    """Give the sections that are valid, and what is wrong with the others."""
    sections: dict[str, Section | None] = {}
    problems: list[Problem] = []
    for name, model in SECTIONS.items():
        own = written.get(name, {})
        if not isinstance(own, dict):
            continue
        said = settings.get(name, {})
        if name in OPTIONAL and not own and not said:
            sections[name] = None
            continue
        try:
            sections[name] = model.model_validate(own | said, context={"root": path.parent})
        except ValidationError as error:
            problems += [say_error(found, name, model, path.name, said) for found in error.errors()]
    return sections, problems


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        remedy = f"write one in {path.parent}, or give its path with -c"
        raise DataError([Problem("is not there", remedy, path.name)]) from None
    except OSError as error:
        remedy = "give the path of a readable file with -c"
        raise DataError([Problem(f"cannot be read ({error.strerror})", remedy, path.name)]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError([Problem(f"line {line} is not UTF-8", "save the file as UTF-8", path.name)]) from None
    except tomllib.TOMLDecodeError as error:
        raise DataError([_say_toml_error(str(error), path.name)]) from None


def _say_toml_error(message: str, file: str) -> Problem:
    """Say a syntax error with its line, from "Invalid value (at line 3, column 7)"."""
    found = re.fullmatch(r"(.*) \(at (line \d+, column \d+|end of document)\)", message)
    what, where = (found[1], found[2]) if found else (message, "some line")
    remedy = "mend it there: text stands in quotes, a list in [ ], a table in { }"
    return Problem(f"{where} is not valid TOML: {what[:1].lower() + what[1:]}", remedy, file)


def _section_problems(written: Mapping[str, Any], file: str) -> list[Problem]:
    problems = []
    for name, value in written.items():
        if name == WEBHOOKS:
            continue
        if name not in SECTIONS:
            what = "is not a section" if isinstance(value, dict) else "is a key outside of any section"
            problems.append(Problem(what, did_you_mean(name, [*SECTIONS, WEBHOOKS]), file, value=name))
        elif not isinstance(value, dict):
            problems.append(Problem("is not a section", f"write it as [{name}] on a line of its own", file, value=name))
    return problems

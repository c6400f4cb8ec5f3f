"""Settings from environment variables, which win over the file: LEADSIFT_<SECTION>_<KEY>."""

import tomllib
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from features.config.sections import Section, is_section
from features.problems import Problem, did_you_mean

PREFIX = "LEADSIFT_"


def environment_settings(
    sections: Mapping[str, type[Section]], environ: Mapping[str, str]
) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """Give the settings that the environment holds, by section and key, and what is wrong with them.

    Text is taken as it stands, anything else as TOML writes it: 30, 0.3, [0.8, 0.5, 0.2]. An empty variable
    counts as not set, since container files often pass on variables that nobody set.
    """
    settings: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for variable, text in environ.items():
        section = next((each for each in sections if variable.startswith(f"{PREFIX}{each.upper()}_")), None)
        if section is None or not text:
            continue
        key = variable.removeprefix(f"{PREFIX}{section.upper()}_").lower()
        field = sections[section].model_fields.get(key)
        if field is None:
            names = [f"{PREFIX}{section}_{each}".upper() for each in sections[section].model_fields]
            problems.append(Problem("is not a setting", did_you_mean(variable, names), value=variable))
        else:
            settings.setdefault(section, {})[key] = _from_toml(text) if _is_toml(field.annotation) else text
    return settings, problems


def _is_toml(annotation: Any) -> bool:
    """Say whether a setting of this type is a number, a list or a table, so that its text is TOML."""
    if get_origin(annotation) in (Union, types.UnionType):
        return any(_is_toml(each) for each in get_args(annotation))
    if get_origin(annotation) is Annotated:
        return _is_toml(get_args(annotation)[0])
    return get_origin(annotation) in (tuple, dict) or annotation in (int, float) or is_section(annotation)


def _from_toml(text: str) -> Any:
    """Read a TOML value; what is none stays text, and is then refused as the wrong type."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text

"""The service's log: one JSON object a line, on standard error, from the service and from uvicorn alike."""

import logging
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import structlog
from structlog.types import Processor


def trace_without_values(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """Give where an error came from and of what kind it is, and so for its causes.

    The messages are left out: they often quote what a caller sent.

    >>> try:
    ...     int("a lead's name")
    ... except ValueError as error:
    ...     trace_without_values((type(error), error, None)).splitlines()[-1]
    'ValueError'
    """
    told = [
        "".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__ for error in _causes(exc_info[1])
    ]
    return "\n\nwhich led to\n\n".join(reversed(told))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


STEPS: tuple[Processor, ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(trace_without_values),
)


def configure_logs() -> None:
    """Let this process write its log as JSON lines."""
    structlog.configure(
        processors=[*STEPS, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def json_formatter() -> logging.Formatter:
    """Give what writes uvicorn's own records in the same form."""
    finish: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(),
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=list(STEPS), processors=finish)


UVICORN_LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": json_formatter}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"uvicorn": {"level": "WARNING"}},
}

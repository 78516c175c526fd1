"""How the process logs: to standard error, ids only, as text or JSON lines."""

import logging
import sys

import structlog

from openenrich.settings import Settings


def configure_logging(settings: Settings) -> None:
    """Set up structlog and route the libraries' own logging through the same level."""
    level = logging.getLevelNamesMapping()[settings.log.level.upper()]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log.format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if settings.log.format == "json" else _unchanged,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    # PgQueuer logs every retry with its traceback; ours says what matters.
    logging.getLogger("pgqueuer").setLevel(logging.ERROR)


def _unchanged(
    logger: structlog.types.WrappedLogger,  # noqa: ARG001 - the processor's signature
    name: str,  # noqa: ARG001 - the processor's signature
    event: structlog.types.EventDict,
) -> structlog.types.EventDict:
    return event

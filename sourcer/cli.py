"""The commands: parse, call, print. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any, Final, NoReturn

import click

from sourcer import __version__
from sourcer.commands import (
    crawling,
    digesting,
    exporting,
    linking,
    operating,
    privacy,
    reading,
    shortlisting,
    starting,
    storing,
)
from sourcer.errors import SourcerError, UsageError
from sourcer.logs import LogFormat, configure_logs, log_line

__all__ = ["cli", "main"]

_IN_ORDER: Final = (
    starting.init,
    starting.demo,
    starting.connectors,
    crawling.plan,
    crawling.crawl,
    reading.rank,
    reading.explain,
    digesting.digest,
    shortlisting.shortlist,
    exporting.export,
    exporting.report,
    operating.runs,
    operating.schedule,
    linking.links,
    linking.link_commands,
    privacy.privacy_commands,
    storing.database_commands,
)
"""As one meets them: `sourcer --help` reads from top to bottom."""


class _Commands(click.Group):
    """Lists the commands in the order in which one meets them, and turns our errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader of our output has seen enough
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # for the interpreter's last flush
            sys.exit(0)
        except UsageError as error:
            _fail(str(error), 2)
        except SourcerError as error:
            _fail(str(error), 1)
        except KeyboardInterrupt:
            _fail("interrupted", 130)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            _fail(f"{place}{error.strerror or error}; check that it exists and may be written", 1)
        return result


def _fail(message: str, code: int) -> NoReturn:
    line = " ".join(message.split())
    if not log_line(line, logging.ERROR):
        click.echo(f"sourcer: {line}", err=True)
    sys.exit(code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="sourcer")
@click.option(
    "--config", "config_file", metavar="FILE", help="Configuration; default: SOURCER_CONFIG, else ./sourcer.toml."
)
@click.option("--verbose", "-v", is_flag=True, help="Say on stderr what is being done.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "logfmt", "json"]),
    envvar="SOURCER_LOG_FORMAT",
    default="text",
    help="For machines: each line on stderr is a record; or SOURCER_LOG_FORMAT.",
)
@click.pass_context
def cli(ctx: click.Context, config_file: str | None, verbose: bool, log_format: LogFormat) -> None:  # noqa: FBT001
    """Find people who really build and run machine learning systems, from what they show in public.

    A sourcer's day: `sourcer init` once, write a brief, `sourcer crawl BRIEF`, read `sourcer rank BRIEF`,
    ask `sourcer explain PERSON --brief BRIEF`, and hand over `sourcer export BRIEF --output people.csv`.
    `sourcer demo` shows all of it on invented people, without network.
    """
    ctx.obj = config_file
    configure_logs(verbose=verbose, form=log_format)


for _command in _IN_ORDER:
    cli.add_command(_command)


def main() -> None:
    """Run the command line."""
    cli()


if __name__ == "__main__":
    main()

"""The command line: `indexer COMMAND …`. Every command reaches a project's index through its daemon.

Exit codes: 0 found or done, 1 nothing found, 2 a wrong request, 3 no daemon or no database. With `--json` an
answer is one line of JSON on standard output, and so is an error.

`commands`   the list of commands; a command's module is imported when it is called, so that a question costs
             the start of one module and not of all
`session`    what all commands share: the project meant, the daemon, where answers go
`options`    options that several commands take
`output`     how things look: places, tables, colours
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from indexer import errors
from indexer.cli import commands, output
from indexer.cli.session import Session

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its code."""
    code = run(sys.argv[1:] if arguments is None else arguments)
    if code == output.PIPE_CLOSED:
        output.discard()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run a command; the exit code."""
    output.prepare()
    session = Session()
    try:
        code = commands.group.main(list(arguments), "indexer", standalone_mode=False, obj=session)
        sys.stdout.flush()
    except errors.IndexerError as error:
        return output.failure(error, session.as_json)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as mistake:
        return _explain(mistake, session.as_json)
    except (KeyboardInterrupt, click.Abort):
        output.say("")
        return _INTERRUPTED
    except BrokenPipeError:
        return output.PIPE_CLOSED
    return code if isinstance(code, int) else 0


def _explain(mistake: click.ClickException, as_json: bool) -> int:
    if as_json:
        return output.failure(errors.UsageError(mistake.format_message()), as_json)
    mistake.show()
    return errors.UsageError.exit_code

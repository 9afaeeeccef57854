"""Failures, split by who must act.

A `LetterError` is the file's fault: it becomes a `Problem` on the file's back and a person sees it; the run goes on.
An `OperatorError` is ours or the site's: the run stops, says what, which and what to do next, and exits with `exit`.
Anything else is a bug and is never caught on the road. Messages never hold words of a letter.
"""


class PipelineError(Exception):
    """Root of all failures that this project raises on purpose."""


class LetterError(PipelineError):
    """The received file cannot be used as it is; `code` names the problem, the message says it to an administrator."""

    code = "unreadable"


class Unsupported(LetterError):
    """Not a PDF, TIFF, PNG, JPEG or WebP by content, whatever its name says."""

    code = "unsupported"


class Encrypted(LetterError):
    """Needs a password to open."""

    code = "encrypted"


class Damaged(LetterError):
    """Cut short or broken inside."""

    code = "damaged"


class Empty(LetterError):
    """Zero bytes, or no pages."""

    code = "empty"


class TooLarge(LetterError):
    """More pages, pixels or bytes than the settings allow."""

    code = "too_large"


class TookTooLong(LetterError):
    """Reading did not end within the seconds that the settings allow, or its worker died."""

    code = "took_too_long"


class OperatorError(PipelineError):
    """The run cannot go on until somebody acts; `exit` is the command's exit code."""

    exit = 1


class BadSettings(OperatorError):
    """Wrong usage or settings."""

    exit = 2


class MissingEngine(OperatorError):
    """A needed program or engine is not installed."""

    exit = 3


class ClaimsUnavailable(OperatorError):
    """The claim records cannot be reached; worth a retry."""

    exit = 4


class ClaimsMalformed(OperatorError):
    """The claim records or rules hold faults; each is listed with file, row and column."""

    exit = 5


class LedgerDamaged(OperatorError):
    """The ledger or the store is damaged or locked."""

    exit = 6

"""What can go wrong on purpose. A message names the thing, what is wrong, and what to do."""

from __future__ import annotations


class PipelineError(Exception):
    """Root of everything this package raises on purpose."""


class UnreadableArticle(PipelineError):
    """One article cannot be used; the others can."""

    def __init__(self, name: str, problem: str, remedy: str = "") -> None:
        super().__init__(f"{name}: {problem}" + (f"; {remedy}" if remedy else ""))
        self.name, self.problem, self.remedy = name, problem, remedy

    def __reduce__(self) -> tuple[type[UnreadableArticle], tuple[str, str, str]]:
        """So that it comes whole from another process."""
        return UnreadableArticle, (self.name, self.problem, self.remedy)


class BrokenTable(PipelineError):
    """The event table breaks its own rules; nothing is published."""


class BrokenStore(PipelineError):
    """The store on disk cannot be used as it is; the message says what to do."""


class BrokenGazetteer(PipelineError):
    """The gazetteer cannot be built or read; the message names the setting to change."""


class StoreBusy(PipelineError):
    """Somebody else is writing; nothing was changed, and the same call can be tried again."""


class TooManyUploads(PipelineError):
    """A minute's bound on uploads is reached; nothing was taken in."""


class ReadOnlyStore(PipelineError):
    """The settings allow reading only."""


class RefusedCorrection(PipelineError):
    """A correction cannot be taken as it is; nothing was changed."""

"""How is the snapshot taken that the options of a live audit ask for?"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from restore_ready._errors import UnreadableError, UsageError
from restore_ready.cli._live_options import LiveOptions
from restore_ready.cli._progress import LiveProgress
from restore_ready.live._audit import Roster, Settings, listed_in_file, listed_in_organization, take_many, take_one
from restore_ready.live._collect import Verify
from restore_ready.live._organization import check_units
from restore_ready.live._regions import given_regions
from restore_ready.live._sessions import SignIn
from restore_ready.live._targets import RoleIn, Target
from restore_ready.live._work import MakeCrew, scheduler, threads


def take_snapshot(live: LiveOptions, path: Path, verify: Verify | None = None) -> None:
    """Take the snapshot that *live* asks for, at *path*.

    Args:
        live: what is read, and how.
        path: where it goes.
        verify: what AWS's policy simulator is asked; ``None`` for nothing.

    Raises:
        StartError: if reading can't begin: no credentials, the wrong account, an organization that can't be listed.
        UsageError: if an option can't be used.
    """
    settings = Settings(path, given_regions(live.region), live.redact, live.workers, verify)
    progress = LiveProgress()
    try:
        if live.many:
            threads_here = partial(threads, live.accounts_at_once)
            crew: MakeCrew = partial(scheduler, live.scheduler) if live.scheduler else threads_here
            take_many(_roster(live, settings), settings, crew, progress.accounts)
        else:
            how = SignIn(live.profile, live.role_arn, live.external_id)
            take_one(Target(how.account, how), settings, progress.calls)
    except UnreadableError as error:
        raise UsageError(str(error)) from error
    finally:
        progress.clear()


def _roster(live: LiveOptions, settings: Settings) -> Roster:
    how = RoleIn(SignIn(live.profile), live.role_arn or live.role_name, live.external_id)
    if live.accounts is not None:
        return listed_in_file(live.accounts, how)
    return listed_in_organization(how, check_units(live.include_ou), check_units(live.exclude_ou), settings)

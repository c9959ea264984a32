"""Files dated in the future: refused where they are the user's, set right where they are results."""

import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from chingolo.clocks import SLACK_S, calm, check_dates
from chingolo.errors import InputError

DAY_S = 86_400.0


def dated(path: Path, ahead_s: float) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(path.name)
    os.utime(path, (time.time() + ahead_s, time.time() + ahead_s))
    return path


def test_every_file_of_a_users_from_the_future_is_told(tmp_path: Path):
    late, later = dated(tmp_path / "a.wav", DAY_S), dated(tmp_path / "b.wav", 400 * DAY_S)
    files = [late, dated(tmp_path / "c.wav", -DAY_S), later, tmp_path / "not here.wav"]
    with pytest.raises(InputError) as told:
        check_dates(files)
    lines = str(told.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [str(late), str(later)]
    assert all("is dated in the future, 20" in line and "Cure: touch it" in line for line in lines)


def test_a_file_server_may_be_a_little_ahead(tmp_path: Path):
    check_dates([dated(tmp_path / "a.wav", SLACK_S / 2)])


def test_results_of_the_future_are_dated_to_now_in_their_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    old = dated(tmp_path / "old", -10.0)
    names = ["later/c", "b", "a", "later/d"]
    files = [dated(tmp_path / name, DAY_S + k) for k, name in enumerate(names)]
    users = dated(tmp_path.with_name(tmp_path.name + "-users.wav"), DAY_S)
    (tmp_path / "link").symlink_to(users)
    before = old.stat().st_mtime_ns
    server = dated(tmp_path / "of a server", SLACK_S / 2)
    assert calm([tmp_path]) == 4
    dates = [file.stat().st_mtime_ns for file in files]
    assert dates == sorted(set(dates))
    assert before < dates[0]
    assert dates[-1] <= time.time_ns()
    assert old.stat().st_mtime_ns == before
    assert users.stat().st_mtime > time.time()
    assert server.stat().st_mtime > time.time()
    assert "4 files were dated in the future" in capsys.readouterr().err
    assert calm([tmp_path]) == 0
    assert not capsys.readouterr().err


def test_a_folder_that_is_not_there_has_nothing_from_the_future(tmp_path: Path):
    assert calm([tmp_path / "results"]) == 0


def test_files_that_vanish_or_are_anothers_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    theirs, gone = dated(tmp_path / "theirs", DAY_S), dated(tmp_path / "vanishes", DAY_S)
    plain = os.lstat

    def lstat(path: str) -> os.stat_result:
        if path == str(gone):
            raise FileNotFoundError(path)
        return plain(path)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(str(theirs))

    monkeypatch.setattr("os.lstat", lstat)
    monkeypatch.setattr("os.utime", refused)
    assert calm([tmp_path]) == 0
    assert not capsys.readouterr().err


def test_a_date_that_no_calendar_holds_is_told_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    late = dated(tmp_path / "a.wav", 0.0)
    found = SimpleNamespace(st_mode=late.stat().st_mode, st_mtime=1e12)  # the year 33658
    monkeypatch.setattr(Path, "stat", lambda *_, **__: found)
    with pytest.raises(InputError, match="dated in the future, and would never"):
        check_dates([late])

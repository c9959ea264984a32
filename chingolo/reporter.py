"""Tells MLflow what the jobs of a build write into their records, while they run: one writer for all."""

from pathlib import Path

from chingolo import records
from chingolo.records import Record
from chingolo.tracking import Runs, one_line


class Reporter:
    """Brings the records of one build to the store as they grow.

    Parameters
    ----------
    store : Path
        JSON file of what :func:`chingolo.tracking.open_store` returned.
    build : str
        Name of the build.
    """

    def __init__(self, store: Path, build: str) -> None:
        self.store, self.build = store, build
        self._runs: Runs | None = None
        self._seen: dict[Path, int] = {}
        self._told: dict[str, tuple[str, int]] = {}
        self._silent = False

    def look(self, ended: bool = False) -> bool:
        """Tell what is new.

        Parameters
        ----------
        ended : bool
            Whether no job runs any more: a record without an end is then one of a job that was killed.

        Returns
        -------
        bool
            Whether the store has all there is.
        """
        try:
            self._runs = self._runs or Runs(self.store)
            for path in records.paths(self.store.parent):
                changed = path.stat().st_mtime_ns
                if self._seen.get(path) != changed or ended:
                    record = records.read(path)
                    if record.build == self.build and not record.tags.get("told_by"):
                        self._tell(self._runs, record, ended)
                    self._seen[path] = changed
        except Exception as error:
            # The store may have half of something, which is begun anew when it answers again.
            self._runs = None
            self._seen.clear()
            self._told.clear()
            if not self._silent:
                print(f"MLflow does not take the records now: {one_line(error)}", flush=True)
            self._silent = True
            return False
        self._silent = False
        return True

    def _tell(self, runs: Runs, record: Record, ended: bool) -> None:
        if record.id not in self._told:
            self._told[record.id] = (runs.begin(record), 0)
        run, many = self._told[record.id]
        if run:
            runs.send(run, record.values[many:])
            self._told[record.id] = (run, len(record.values))
            if record.status or ended:
                runs.finish(run, record)
                self._told[record.id] = ("", 0)

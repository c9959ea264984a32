"""Bring to the MLflow store the records that it has not got, each once."""

from pathlib import Path

from chingolo.files import write_json
from chingolo.logs import job_log
from chingolo.tracking import records_of, replay

with job_log(snakemake.log[0]):
    store = Path(snakemake.input.store)
    counts = replay(store, records_of(store))
    print(f"{counts['brought']} records brought, {counts['there']} were there")
    write_json(snakemake.output.tracked, counts)

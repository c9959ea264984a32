"""Make the MLflow store and the study's experiment."""

from pathlib import Path

from chingolo.files import write_json
from chingolo.logs import job_log
from chingolo.tracking import open_store

with job_log(snakemake.log[0]):
    tracking = snakemake.params.tracking
    folder = Path(snakemake.output.store).parent
    write_json(snakemake.output.store, open_store(tracking.uri, tracking.experiment, folder))

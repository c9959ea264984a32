"""Lay both eras out in one metric: distances, nearest neighbours, a map."""

from pathlib import Path

from chingolo import eras
from chingolo.archive import read_notebook, read_themes
from chingolo.files import read_json, write_arrays, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.metric import load, place
from chingolo.placed import in_order, joined, of_role
from chingolo.runs import run_key

with job_log(snakemake.log[0]):
    inputs, recorded = snakemake.input, snakemake.params.recorded
    metric, panel = read_json(inputs.metric), read_themes(inputs.themes)
    models = [load(Path(path))[0] for path in inputs.models]
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, recorded)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {})
    with logged_run(*run, used) as (log, keep):
        placed = place(models, inputs.pictures, inputs.indices, snakemake.params.device)
        heard, enrolled, sung, foreign = placed
        shown = in_order(enrolled, list(panel))
        truth = {sketch.name: sketch.truth for sketch in read_notebook(inputs.notebook)}
        sketches = eras.Sketches(sung, truth)
        today = joined(of_role(heard, "query"), shown)
        apart = eras.distances(today, sketches, foreign, metric["geometry"], recorded)
        nearest = eras.neighbours(shown, sketches, metric)
        counts = eras.count_neighbours(nearest)
        log(0, scalars(counts))
        told = {**counts, "distances": eras.summary(apart)}
        write_json(snakemake.output.eras, {"run": key, **told})
        write_json(snakemake.output.nearest, nearest)
        write_arrays(snakemake.output.arrays, {**eras.map_of(shown, sketches), **apart})
        keep([snakemake.output.eras, snakemake.output.nearest])

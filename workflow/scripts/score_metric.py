"""Score the metric on songs of themes that it never heard, from one enrolled song each."""

from pathlib import Path

from chingolo import comparison, siamese
from chingolo.archive import read_notebook, read_themes
from chingolo.files import read_json, write_arrays, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.metric import load, place
from chingolo.placed import in_order
from chingolo.runs import run_key

with job_log(snakemake.log[0]):
    inputs, seed = snakemake.input, snakemake.params.seed
    metric, panel = read_json(inputs.metric), read_themes(inputs.themes)
    models = [load(Path(path))[0] for path in inputs.models]
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, seed)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {})
    with logged_run(*run, used) as (log, keep):
        placed = place(models, inputs.pictures, inputs.indices, snakemake.params.device)
        heard, altered, enrolled, sung = placed
        songs = comparison.asked_songs(heard.items, read_themes(inputs.readings))
        sketches = comparison.asked_sketches(read_notebook(inputs.notebook))
        shown = in_order(enrolled, list(panel))
        told = {
            "siamese": siamese.score(heard, altered, shown, list(panel), metric),
            "siamese_beside": siamese.beside(
                heard, sung, shown, songs, sketches, list(panel), metric, seed
            ),
        }
        log(0, scalars(told))
        write_json(snakemake.output.scores, {"run": key, **told})
        write_arrays(snakemake.output.places, siamese.as_arrays(heard, enrolled, sung))
        keep([snakemake.output.scores])

"""Judge the notebooks of many simulated histories, and set the estimates beside the truth."""

from chingolo.archive import read_notebook, read_themes
from chingolo.classifier import ensemble_logits
from chingolo.closeness import distances
from chingolo.files import write_arrays, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.runs import run_key
from chingolo.shards import open_corpus
from chingolo.tally import study
from chingolo.truth import as_pool

with job_log(snakemake.log[0]):
    inputs, params, pools = snakemake.input, snakemake.params, {}
    settings = [params.simulated, params.pens, params.pen, params.false_matches, params.seed]
    used = [path for path in inputs if path != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, settings)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, params.simulated)
    strangers = [s.theme for s in read_notebook(inputs.pool) if s.truth == "none"]
    apart = distances(strangers, list(read_themes(inputs.themes).values()))
    with logged_run(*run, used) as (log, keep):
        for pen, pictures, index in zip(params.pens, inputs.pictures, inputs.indices, strict=True):
            sung = open_corpus([pictures], [index])
            logits, themes = ensemble_logits(inputs.models, sung, snakemake.params.device)
            pools[pen] = as_pool(logits, sung.items, themes, apart)
        summary, tables = study(
            pools, params.simulated, params.pen, params.false_matches, params.seed
        )
        log(0, scalars(summary))
        write_json(snakemake.output.summary, {"run": key, **summary})
        write_arrays(snakemake.output.tables, tables)
        keep([snakemake.output.summary])

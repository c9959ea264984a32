"""Judge themes that should find no match, and set the notebook beside them."""

from chingolo.chance import judge_nulls
from chingolo.classifier import ensemble_logits
from chingolo.files import read_json, write_arrays, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.persistence import read_rulings
from chingolo.runs import run_key
from chingolo.shards import open_corpus

with job_log(snakemake.log[0]):
    inputs, params = snakemake.input, snakemake.params
    sung = open_corpus([inputs.pictures], [inputs.index])
    draws = [item.song for item in sung.items]
    matched = {r.sketch: r.verdict != "none" for r in read_rulings(inputs.verdicts)}
    many, seed = params.notebooks, params.seed
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, [many, seed])
    settings = {"verdict": {"null_notebooks": many}}
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, settings)
    with logged_run(*run, used) as (log, keep):
        logits, _ = ensemble_logits(inputs.models, sung, snakemake.params.device)
        limit = read_json(inputs.judge)["threshold"]
        names = list(dict.fromkeys(draws))
        kinds, arrays = judge_nulls(names, logits, draws, matched, limit, many, seed)
        log(0, scalars(kinds))
        write_json(snakemake.output.nulls, {"run": key, **kinds})
        write_arrays(snakemake.output.counts, arrays)
        keep([snakemake.output.nulls])

"""Judge the notebook: which of today's themes is each sketch, or none."""

from chingolo.archive import read_notebook
from chingolo.classifier import ensemble_logits
from chingolo.files import read_json, write_arrays
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.persistence import Ruling, judge_notebook
from chingolo.runs import run_key
from chingolo.shards import open_corpus, write_table

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    sung = open_corpus([inputs.pictures], [inputs.index])
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {})
    with logged_run(*run, used) as (log, keep):
        logits, themes = ensemble_logits(inputs.models, sung, snakemake.params.device)
        notebook = read_notebook(inputs.notebook)
        names = [item.song for item in sung.items]
        rulings, posteriors = judge_notebook(
            notebook, themes, logits, names, read_json(inputs.judge), inputs.null
        )
        log(0, scalars({"matched": sum(r.verdict != "none" for r in rulings), "n": len(rulings)}))
        write_table(snakemake.output.verdicts, Ruling._fields, rulings)
        write_arrays(snakemake.output.posteriors, posteriors)
        keep([snakemake.output.verdicts])

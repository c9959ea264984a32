"""Score the judge on songs it never heard."""

from chingolo.classifier import ensemble_logits
from chingolo.files import read_json, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.openset import Answer, score
from chingolo.runs import run_key
from chingolo.shards import open_corpus, write_table

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    heard = open_corpus([inputs.heard], [inputs.heard_index])
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {})
    with logged_run(*run, used) as (log, keep):
        logits, themes = ensemble_logits(inputs.models, heard, snakemake.params.device)
        scores, answers = score(logits, heard.items, themes, read_json(inputs.judge))
        for path in inputs.extras:
            scores |= {key: own for key, own in read_json(path).items() if key != "run"}
        log(0, scalars(scores))
        write_json(snakemake.output.scores, {"run": key, **scores})
        write_table(snakemake.output.answers, Answer._fields, answers)
        keep([snakemake.output.scores, snakemake.output.answers])

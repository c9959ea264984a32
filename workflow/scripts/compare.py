"""Ask simpler methods, and the judge, about the same songs and about the notebook."""

from pathlib import Path

from chingolo import boosting, comparison, network_2018, openset
from chingolo.archive import read_notebook, read_themes
from chingolo.classifier import ensemble_logits
from chingolo.files import write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.runs import run_key
from chingolo.shards import open_corpus

with job_log(snakemake.log[0]):
    inputs, params = snakemake.input, snakemake.params
    panel, settings = read_themes(inputs.themes), {"per_theme": params.per_theme}
    corpora = [open_corpus([p], [i]) for p, i in zip(inputs.pictures, inputs.indices, strict=True)]
    heard, sung, enrolled, heard_2018, sung_2018 = corpora
    songs = comparison.asked_songs(heard.items, read_themes(inputs.readings))
    sketches = comparison.asked_sketches(read_notebook(inputs.notebook))
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, [params.spread, settings, params.seed])
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"baselines": settings})
    with logged_run(*run, used) as (log, keep):
        boosted = boosting.fit(panel, params.spread, params.per_theme, params.seed)
        old, _ = network_2018.load(Path(inputs.model_2018))
        shown, scores = comparison.in_order(enrolled, panel), {"run": key, "judge_beside": {}}
        notebook = ("baselines_notebook", sketches, sung, sung_2018)
        for kind, asked, seen, seen_2018 in (("baselines", songs, heard, heard_2018), notebook):
            said = comparison.answers(asked, seen, panel, shown, boosted)
            p = network_2018.probabilities(old, seen_2018)[None]
            said["network_2018"] = comparison.best(comparison.pick(p, seen_2018.items, asked)[0])
            logits, _ = ensemble_logits(inputs.models, seen, params.device)
            picked = comparison.pick(logits, seen.items, asked)
            said["judge"] = comparison.best(openset.evidence(picked))
            scores[kind] = comparison.measure_all(said, asked, list(panel), params.seed, kind)
            scores["judge_beside"][kind] = scores[kind].pop("judge")
        log(0, scalars(scores))
        write_json(snakemake.output.baselines, scores)
        keep([snakemake.output.baselines])

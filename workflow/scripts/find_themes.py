"""Find themes in songs without labels, and compare them with a listener's where there is one."""

from pathlib import Path

from chingolo import discovery, spectrogram, unlabelled
from chingolo.distances import all_pairs
from chingolo.few_shot import half
from chingolo.files import read_json, write_arrays, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.metric import embed, load
from chingolo.runs import run_key
from chingolo.shards import open_corpus, write_table
from chingolo.sheets import Song

with job_log(snakemake.log[0]):
    inputs, params, output = snakemake.input, snakemake.params, snakemake.output
    metric = read_json(inputs.metric)
    models = [load(Path(path))[0] for path in inputs.models]
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, list(params.items()))
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"smallest": params.smallest})
    with logged_run(*run, used) as (log, keep):
        corpus = unlabelled.with_song(open_corpus([inputs.pictures], [inputs.index]))
        songs, truth = unlabelled.as_found(corpus.items, spectrogram.seconds(params.picture))
        if inputs.songs:
            songs = [Song(**row) for row in read_json(inputs.songs[0])]
            sheet = [Song(**row) for path in inputs.sheet for row in read_json(path)]
            truth = unlabelled.marked(songs, sheet)
        places = embed(models, corpus, snakemake.params.device)
        apart = all_pairs(places, places, metric["geometry"])
        found = discovery.find_themes(apart, params.smallest, half(**metric["same"]))
        between = discovery.between(apart, found.theme)
        told = discovery.agreement(found, truth)
        log(0, scalars(told))
        write_json(output.scores, {"run": key, **told})
        write_table(output.table, unlabelled.TABLE, unlabelled.table_rows(songs, found, between))
        write_table(output.sheet, unlabelled.SHEET, unlabelled.sheet_rows(songs, found))
        write_arrays(output.arrays, {**found._asdict(), "between": between, "truth": truth})
        keep([output.scores, output.table, output.sheet])

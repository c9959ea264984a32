"""Follow one song through the study's own network, to its answer."""

from chingolo import inside
from chingolo.classifier import ensemble_logits, load
from chingolo.files import read_json, write_arrays, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.runs import run_key
from chingolo.shards import first_song, open_corpus

with job_log(snakemake.log[0]):
    inputs, judge = snakemake.input, snakemake.params.judge
    train = open_corpus(inputs.pictures, inputs.indices)
    song = first_song([inputs.heard, inputs.enrolled], [inputs.heard_index, inputs.enrolled_index])
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, judge)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"judge": judge})
    with logged_run(*run, used) as (log, keep):
        logits, themes = ensemble_logits(inputs.models, song, snakemake.params.device)
        model, picture = load(inputs.models[0])[0], song.maps[0][0]
        told = {
            "song": song.items[0]._asdict(),
            "answer": inside.answer(
                logits[:, 0], themes, read_json(inputs.calibrated)["temperature"]
            ),
            "networks": len(logits),
            "training": inside.formats(train, judge),
            "sizes": inside.sizes(model, picture),
            "weights": inside.weights(model),
        }
        log(0, scalars({"probability": told["answer"][0]["probability"]}))
        first = inside.first_layer(model, picture)
        write_arrays(snakemake.output.arrays, {"picture": picture, **first._asdict()})
        write_json(snakemake.output.numbers, {"run": key, **told})
        keep([snakemake.output.numbers])

# Are the songs of the sixties still sung? From songs to paper.
# Table of contents: the configuration, the wildcards, the stages; `all` is the paper.
import os
from importlib.metadata import version

from snakemake.utils import min_version

from chingolo import __version__, clocks, locks, reporting
from chingolo.library import library
from chingolo.logs import tell_of_killed, writable_or_exit
from chingolo.records import new_build
from chingolo.resources import growing
from chingolo.versions import commit
from chingolo.worlds import plan_or_exit

min_version("9.23.0")


# One call of Snakemake is one build: its jobs, on whatever machine, stand under one run in MLflow.
# They are told of commit and tracking server what this call found, wherever they run.
os.environ.setdefault("CHINGOLO_BUILD", new_build())
if "CHINGOLO_COMMIT" not in os.environ:  # else git would be asked by every job
    os.environ["CHINGOLO_COMMIT"] = commit(workflow.basedir)
os.environ.setdefault("MLFLOW_TRACKING_URI", "")


envvars:
    "CHINGOLO_BUILD",
    "CHINGOLO_COMMIT",
    "MLFLOW_TRACKING_URI",


configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


pathvars:
    logs="<results>/logs",
    benchmarks="<results>/benchmarks",


if workflow.is_main_process and locks.claim():
    own = workflow.pathvars.apply("<results>"), "resources/recordings", "chingolo", "workflow"
    clocks.calm(map(Path, own))

PLAN = plan_or_exit(config, "resources/recordings", "resources/audio")
CONFIG = PLAN.config


if CONFIG.container:

    containerized: CONFIG.container


include: "workflow/rules/common.smk"


AUDIO = {world: [stored(path) for path in paths] for world, paths in PLAN.audio.items()}
# What a world's scores and the paper take in depends on the worlds that can be built.
EXTRAS = {
    world: collect(
        "<results>/{world}/{part}.json",
        world=world,
        part=["baselines", "siamese"] + ["copies", "variation"] * (world in PLAN.real),
    )
    for world in PLAN.worlds
}
# What was sung beside a theme is known of recordings alone.
WHOLE = {
    world: f"<results>/{world}/{'whole' if world in PLAN.real else 'themes'}.json"
    for world in PLAN.worlds
}
# Which birds sang what is known of simulated parks alone.
HISTORIES = {
    world: ["<results>/simulated/history.npz"] if world == "simulated" else []
    for world in PLAN.worlds
}
TRIALS = {
    world: ["<results>/simulated/histories.json"] if world == "simulated" else []
    for world in PLAN.worlds
}
# The world whose song is followed through the judge: real songs, where there are any.
HEARD = PLAN.real[:1] or PLAN.worlds[:1]
FIGURES = (
    ["<results>/figures/chain.pdf"]
    + collect("<results>/figures/{figure}.pdf", figure=["four_pixels", "screen", "learned_symbols"])
    + collect("<results>/figures/inside-{world}.pdf", world=HEARD)
    + collect(
        "<results>/figures/{figure}-{world}.pdf",
        figure=[
            "gesture",
            "learning",
            "confusion",
            "openness",
            "reliability",
            "baselines",
            "controls",
            "verdicts",
            "nulls",
            "persistence",
            "found_themes",
            "domains",
            "eras",
        ],
        world=PLAN.worlds,
    )
    + collect("<results>/figures/{figure}-{world}.pdf", figure=["copies", "sites"], world=PLAN.real)
    + collect("<results>/figures/page-{world}.pdf", world=PLAN.drawn)
    + collect(
        "<results>/figures/{figure}-{world}.pdf",
        figure=["effort", "histories", "panorama", "population"],
        world={"simulated"}.intersection(PLAN.worlds),
    )
)


wildcard_constraints:
    world="|".join(PLAN.worlds),
    corpus="train|validation",
    shard=r"\d+",
    seed=r"\d+",


include: "workflow/rules/prepare.smk"
include: "workflow/rules/worlds.smk"
include: "workflow/rules/notebook.smk"
include: "workflow/rules/sing.smk"
include: "workflow/rules/judge.smk"
include: "workflow/rules/baselines.smk"
include: "workflow/rules/verdict.smk"
include: "workflow/rules/truth.smk"
include: "workflow/rules/controls.smk"
include: "workflow/rules/metric.smk"
include: "workflow/rules/domains.smk"
include: "workflow/rules/primer.smk"
include: "workflow/rules/hits.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/paper.smk"
include: "workflow/rules/provenance.smk"
include: "workflow/rules/tracking.smk"


rule all:
    default_target: True
    input:
        "<results>/paper.pdf",
        "<results>/primer/index.html",
        "<results>/hits",
        "<results>/provenance",
        collect(
            "<results>/{world}/{part}", world=PLAN.worlds, part=["songs", "model/registered.json"]
        ),


# MLflow is told of the jobs while they run, by one process.
REPORTER = []


onstart:
    locks.hold()
    writable_or_exit(Path(workflow.pathvars.apply("<results>")))
    store = Path(workflow.pathvars.apply("<results>/mlflow.json"))
    log = store.parent / "logs/reporting.log"
    REPORTER.append(reporting.start(store, os.environ["CHINGOLO_BUILD"], log))


onsuccess:
    reporting.stop(*REPORTER)


onerror:
    reporting.stop(*REPORTER)
    tell_of_killed(log)

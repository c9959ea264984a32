# In: every world's results and figures. Out: the numbers, their checks and the paper.


rule collect_numbers:
    input:
        sources=collect(
            "<results>/{world}/{source}.json",
            world=PLAN.worlds,
            source=(
                "scores",
                "persistence",
                "nulls",
                "errors",
                "controls",
                "model/judge",
                "found_themes",
                "domains",
                "eras",
            ),
        )
        + collect("<results>/{world}/pages.json", world=PLAN.drawn)
        + collect("<results>/{world}/inside.json", world=HEARD)
        + ["<results>/metric/metric.json", "<results>/primer/symbols.json"],
        code=library("files", "numbers", "runs"),
    output:
        numbers="<results>/numbers.json",
        settings="<results>/config.json",
    log:
        "<logs>/collect_numbers.log",
    benchmark:
        "<benchmarks>/collect_numbers.tsv"
    conda:
        "../../envs/paper.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        config=CONFIG._replace(
            songs=None,
            field=None,
            noise=None,
            tracking=None,
            deposit=None,
            container=None,
            primer=CONFIG.primer._replace(symbols=()),
        ),
        folders=[*PLAN.worlds, "metric", "primer"],
    message:
        "Collect every number of the paper"
    script:
        "../scripts/collect_numbers.py"


rule verify_results:
    input:
        numbers="<results>/numbers.json",
        verdicts=collect("<results>/{world}/verdicts.tsv", world=PLAN.worlds),
        code=library("files", "persistence", "results"),
    output:
        verified="<results>/verified.txt",
    log:
        "<logs>/verify_results.log",
    benchmark:
        "<benchmarks>/verify_results.tsv"
    conda:
        "../../envs/paper.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        worlds=PLAN.worlds,
    message:
        "Test the results: what must hold in any build"
    script:
        "../scripts/verify_results.py"


rule typeset:
    input:
        verified="<results>/verified.txt",
        numbers="<results>/numbers.json",
        text=collect(
            "workflow/paper/{part}",
            part=["common.typ", "paper.typ", "references.bib", "supplement.typ"],
        )
        + ["envs/default.txt"],
        captions=collect(
            "workflow/report/{caption}.rst",
            caption=sorted(glob_wildcards("workflow/report/{caption}.rst").caption),
        ),
        tables=collect("<results>/{world}/verdicts.tsv", world=PLAN.worlds),
        credits=collect("<results>/{world}/recordings.json", world=PLAN.real),
        figures=FIGURES,
        code=library("files", "numbers", "paper"),
    output:
        paper=report(
            "<results>/paper.pdf",
            caption="../report/paper.rst",
            category="The paper",
            labels={"world": "all", "shows": "The paper"},
        ),
        supplement=report(
            "<results>/supplement.pdf",
            caption="../report/supplement.rst",
            category="The paper",
            labels={"world": "all", "shows": "The supplement"},
        ),
        sources=report(
            "<results>/numbers.tsv",
            caption="../report/numbers.rst",
            category="The paper",
            labels={"world": "all", "shows": "Where each number is from"},
        ),
    log:
        "<logs>/typeset.log",
    benchmark:
        "<benchmarks>/typeset.tsv"
    conda:
        "../../envs/paper.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        told={
            "worlds": ",".join(PLAN.worlds),
            "commit": os.environ["CHINGOLO_COMMIT"],
            "version": __version__,
        },
    message:
        "Typeset the paper and its supplement"
    script:
        "../scripts/typeset.py"

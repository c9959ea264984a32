# In: all that was built. Out: a research object crate of it, with what it cost.

# What `snakemake deposit` puts where the configuration says.
DEPOSITED = {
    name: stored(f"{CONFIG.deposit or '<results>/deposit'}/{name}")
    for name in ["paper.pdf", "supplement.pdf", "numbers.json", "numbers.tsv", "provenance.zip"]
}


rule describe_build:
    input:
        documents=["<results>/paper.pdf", "<results>/supplement.pdf"],
        numbers="<results>/numbers.json",
        sources=[
            *rules.collect_numbers.input.sources,
            "<results>/config.json",
            "<results>/numbers.tsv",
            "<results>/verified.txt",
        ],
        tables=collect("<results>/{world}/verdicts.tsv", world=PLAN.worlds),
        figures=FIGURES,
        heard=collect("<results>/{world}/recordings.json", world=PLAN.real),
        given=[*sum(PLAN.sheets.values(), []), *PLAN.sketches, *PLAN.pictures],
        text="workflow/paper/statement.typ",
        # These are not in it, but what they cost is: it is the last to be written.
        others=[
            "<results>/hits",
            "<results>/primer/index.html",
            *collect(
                "<results>/{world}/{part}",
                world=PLAN.worlds,
                part=["songs", "model/registered.json"],
            ),
        ],
        code=library("files", "provenance", "statement"),
    output:
        folder=directory("<results>/provenance"),
        statement=report(
            "<results>/statement.pdf",
            caption="../report/statement.rst",
            category="The paper",
            labels={"world": "all", "shows": "Reproducibility statement: time, machine, cost"},
        ),
    log:
        "<logs>/describe_build.log",
    benchmark:
        "<benchmarks>/describe_build.tsv"
    conda:
        "../../envs/paper.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        build={
            "title": CONFIG.study.title,
            "version": __version__,
            "commit": os.environ["CHINGOLO_COMMIT"],
            "snakemake": version("snakemake"),
            "worlds": list(PLAN.worlds),
        },
        tree=[
            *("Snakefile", "Makefile", "README.md", "CHANGELOG.md", "LICENSE", "CITATION.cff"),
            *("codecheck.yml", "pyproject.toml", "chingolo", "config", "envs", "profiles"),
            *("tests", "workflow"),
        ],
    message:
        "Describe the build: code, results, runs, time and cost"
    script:
        "../scripts/describe_build.py"


# Not part of the paper.
rule deposit:
    input:
        documents=["<results>/paper.pdf", "<results>/supplement.pdf"],
        numbers=["<results>/numbers.json", "<results>/numbers.tsv"],
        crate="<results>/provenance",
        code=library("provenance"),
    output:
        documents=[DEPOSITED["paper.pdf"], DEPOSITED["supplement.pdf"]],
        numbers=[DEPOSITED["numbers.json"], DEPOSITED["numbers.tsv"]],
        crate=DEPOSITED["provenance.zip"],
    log:
        "<logs>/deposit.log",
    benchmark:
        "<benchmarks>/deposit.tsv"
    conda:
        "../../envs/paper.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Put paper, numbers and crate where the configuration says"
    script:
        "../scripts/deposit.py"

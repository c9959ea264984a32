"""Third-party packages that a script needs, by reading its imports and those of what it imports."""

import ast
import sys
from pathlib import Path

from chingolo.library import _path, imported, imports_of

PACKAGES = {
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
    "soundfile": "pysoundfile",
    "torch": "pytorch",
    "skimage": "scikit-image",
    "PIL": "pillow",
    "pytorch_metric_learning": "pytorch-metric-learning",
    "umap": "umap-learn",
}


def third_party(path: Path) -> set[str]:
    """Conda names of the packages that one file imports itself."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return {PACKAGES.get(n, n) for n in found - set(sys.stdlib_module_names) - {"chingolo"}}


def needed(script: Path) -> set[str]:
    """Conda names of all packages that running a script imports."""
    modules, todo = set(), list(imports_of(script))
    while todo:
        module = todo.pop()
        if module not in modules:
            modules.add(module)
            todo += imported(module)
    # Types of parameters are unpickled before the script's first line.
    modules |= {"config", "errors"}
    return third_party(script).union(*(third_party(_path(m)) for m in modules))

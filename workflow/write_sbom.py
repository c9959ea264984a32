"""Write envs/sbom.cdx.json, the bill of materials (CycloneDX) of the pip lock: make sbom.

The same bytes for the same lock; without the addresses that the tool adds, which are those of one index.
"""

import json
import subprocess
import sys
from pathlib import Path

LOCK, BILL = Path("envs/default.txt"), Path("envs/sbom.cdx.json")
WORDS = ["requirements", "--output-reproducible", "--of", "JSON", str(LOCK)]

if __name__ == "__main__":
    tool = Path(sys.argv[1])
    made = subprocess.run([tool, *WORDS], capture_output=True, text=True, check=True).stdout
    bill = json.loads(made)
    for one in bill["components"]:
        one.pop("externalReferences", None)
        one.pop("description", None)
    bill["components"].sort(key=lambda one: one["purl"])
    bill["metadata"].pop("tools", None)
    BILL.write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n", encoding="utf-8")

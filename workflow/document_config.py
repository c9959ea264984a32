"""Write the table of configuration keys into the documentation: make docs."""

import re
from pathlib import Path

import yaml

from chingolo.config import parse, table

page = Path("workflow/documentation.md")
values = parse(yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8")))
text = page.read_text(encoding="utf-8")
begin, end = "<!-- config table: make docs -->\n", "\n<!-- end of config table -->"
new = re.sub(
    re.escape(begin) + ".*?" + re.escape(end),
    lambda _: begin + table(values) + end,
    text,
    flags=re.DOTALL,
)
page.write_text(new, encoding="utf-8")

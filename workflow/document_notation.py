"""Write the notation's schema for editors, and its table into the documentation: make docs."""

import re
from pathlib import Path

from chingolo import pages
from chingolo.files import write_json
from chingolo.notation import schema, table

write_json("config/sketches/sketch.schema.json", schema())
write_json("config/sketches/page.schema.json", pages.schema())
page = Path("workflow/documentation.md")
text = page.read_text(encoding="utf-8")
begin, end = "<!-- notation table: make docs -->\n", "\n<!-- end of notation table -->"
new = re.sub(
    re.escape(begin) + ".*?" + re.escape(end),
    lambda _: begin + table() + end,
    text,
    flags=re.DOTALL,
)
page.write_text(new, encoding="utf-8")

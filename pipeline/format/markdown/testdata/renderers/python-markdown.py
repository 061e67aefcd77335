"""Renders Markdown as MkDocs does: a JSON string a line in, a JSON string of HTML a line out."""
import json
import sys

import markdown

EXTENSIONS = ["toc", "tables", "fenced_code", "admonition", "attr_list", "abbr", "def_list",
              "footnotes", "md_in_html", "meta"]
OPTIONAL = ["pymdownx.details", "pymdownx.tabbed", "pymdownx.superfences", "pymdownx.tilde",
            "pymdownx.caret", "pymdownx.mark", "pymdownx.tasklist", "pymdownx.arithmatex",
            "pymdownx.critic", "pymdownx.keys", "pymdownx.snippets"]
CONFIG = {"pymdownx.tabbed": {"alternate_style": True}, "pymdownx.arithmatex": {"generic": True}}
if "--plain" in sys.argv:
    OPTIONAL, EXTENSIONS = [], ["tables", "fenced_code"]
else:
    EXTENSIONS.remove("fenced_code")

for line in sys.stdin:
    try:
        html = markdown.markdown(json.loads(line), extensions=EXTENSIONS + OPTIONAL, extension_configs=CONFIG)
    except Exception as e:
        html = "<!-- failed: %s -->" % type(e).__name__
    print(json.dumps(html), flush=True)

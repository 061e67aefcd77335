"""Renders Markdown as Quarto does: a JSON string a line in, a JSON string of HTML a line out."""
import json
import subprocess
import sys

for line in sys.stdin:
    done = subprocess.run(["pandoc", "-f", "markdown-auto_identifiers", "-t", "html", "--wrap=none"],
                          input=json.loads(line), capture_output=True, text=True)
    print(json.dumps(done.stdout if done.returncode == 0 else "<!-- failed: %s -->" % done.stderr[:80]), flush=True)

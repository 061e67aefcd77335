// Renders Markdown as VitePress and others do: a JSON string a line in, a JSON string of HTML a line out.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
const require = createRequire(process.env.HEXAPLA_NODE_MODULES + "/");
const markdownIt = require("markdown-it");
const md = (markdownIt.default ?? markdownIt)({ html: true, linkify: true });
for await (const line of createInterface({ input: process.stdin })) {
  let html;
  try {
    html = md.render(JSON.parse(line));
  } catch (e) {
    html = `<!-- failed: ${e.name} -->`;
  }
  process.stdout.write(JSON.stringify(html) + "\n");
}

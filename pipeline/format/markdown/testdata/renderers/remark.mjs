// Renders Markdown as Astro and GitHub-like sites do: a JSON string a line in, a JSON string of HTML a line out.
// With "mdx" as argument the input is MDX and the output the elements and code of the tree, as tags.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { createInterface } from "node:readline";
const require = createRequire(process.env.HEXAPLA_NODE_MODULES + "/");
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { remark } = await load("remark");
const { default: gfm } = await load("remark-gfm");
const mdx = process.argv[2] === "mdx";
let render;
if (mdx) {
  const { default: remarkMdx } = await load("remark-mdx");
  const { default: directive } = await load("remark-directive");
  const processor = remark().use(remarkMdx).use(gfm).use(directive);
  const escape = (s) => String(s ?? "").replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const show = (node) => {
    if (node.type === "text") return escape(node.value);
    const facts = [];
    for (const key of ["depth", "ordered", "url", "lang", "name", "identifier", "checked", "align", "value"]) {
      if (node[key] !== undefined && node[key] !== null) facts.push(` data-${key}="${escape(node[key])}"`);
    }
    for (const a of node.attributes ?? []) {
      if (a.type !== "mdxJsxAttribute") facts.push(` data-expression="${escape(a.value)}"`);
      else if (a.name === "title" || a.name === "alt") facts.push(` ${a.name}=""`);
      else facts.push(` data-a-${escape(a.name)}="${escape(typeof a.value === "object" ? a.value?.value : a.value)}"`);
    }
    return `<${node.type.toLowerCase()}${facts.join("")}>${(node.children ?? []).map(show).join("")}</${node.type.toLowerCase()}>`;
  };
  render = async (text) => show(processor.parse(text));
} else {
  const { default: html } = await load("remark-html");
  const processor = remark().use(gfm).use(html, { sanitize: false });
  render = async (text) => String(await processor.process(text));
}
for await (const line of createInterface({ input: process.stdin })) {
  let out;
  try {
    out = await render(JSON.parse(line));
  } catch (e) {
    out = `<!-- failed: ${e.name} -->`;
  }
  process.stdout.write(JSON.stringify(out) + "\n");
}

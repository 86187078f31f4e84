import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { report } from "./report.ts";

/** Relative links of the documents lead to files and headings that exist, and each page is named in the README. */
const root = resolve(import.meta.dirname, "..");
const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root, exclude: ["**/node_modules/**"] }).sort();
const texts = new Map(pages.map((page) => [page, readFileSync(resolve(root, page), "utf8")]));
const problems: string[] = [];
const linkedFromReadme = new Set<string>();

/** What GitHub makes of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

function anchorsOf(text: string): Set<string> {
  return new Set([...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading.trim())));
}

/** The text without its code. */
function proseOf(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, "");
}

for (const [page, text] of texts) {
  for (const [, target = ""] of proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : relative(root, resolve(root, dirname(page), path));
    if (page === "README.md") linkedFromReadme.add(file);
    if (!existsSync(join(root, file))) problems.push(`${page}: ${target}: there is no ${file}`);
    else if (anchor !== undefined && texts.has(file) && !anchorsOf(texts.get(file) as string).has(anchor)) {
      problems.push(`${page}: ${target}: ${file} has no such heading`);
    }
  }
}
for (const page of pages.filter((page) => dirname(page) === "docs")) {
  if (!linkedFromReadme.has(page)) problems.push(`README.md: no link to ${page}`);
}
report(`links of ${pages.length} pages`, problems);

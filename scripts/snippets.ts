/** A fenced block of a page, of TypeScript or of a file that it names. */
export interface Snippet {
  /** The page it stands in, and its first line there. */
  readonly page: string;
  readonly line: number;
  /** The file it shows, from a first line such as `// blog/models.ts` or `<!-- blog/templates/a.html -->`. */
  readonly file: string | undefined;
  /** What follows `ts` on the fence: `nocheck` for a fragment that cannot stand alone, `run` for tests to be run. */
  readonly flags: readonly string[];
  readonly code: string;
}

/** The TypeScript blocks of a Markdown page, and those of HTML that name a file, in order. */
export function snippetsOf(page: string, markdown: string): Snippet[] {
  const snippets: Snippet[] = [];
  const lines = markdown.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const fence = /^```(ts|html)\b(.*)$/.exec(lines[index] ?? "");
    if (fence === null) continue;
    const end = lines.indexOf("```", index + 1);
    if (end < 0) throw new Error(`${page}:${index + 1}: the block is not closed`);
    const code = lines.slice(index + 1, end).join("\n");
    const file = /^(?:\/\/|<!--) ([\w./-]+\.(?:ts|html))(?: -->)?$/.exec(lines[index + 1] ?? "")?.[1];
    const flags = (fence[2] ?? "").split(/\s+/).filter(Boolean);
    if (fence[1] === "ts" || file !== undefined) {
      snippets.push({ page, line: index + 2, file, flags, code: `${code}\n` });
    }
    index = end;
  }
  return snippets;
}

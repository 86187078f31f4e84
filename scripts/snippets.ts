/** A fenced TypeScript block of a page. */
export interface Snippet {
  /** The page it stands in, and its first line there. */
  readonly page: string;
  readonly line: number;
  /** The file it shows, from a first line such as `// blog/models.ts`. */
  readonly file: string | undefined;
  /** What follows `ts` on the fence: `nocheck` for a fragment that cannot stand alone. */
  readonly flags: readonly string[];
  readonly code: string;
}

/** The TypeScript blocks of a Markdown page, in order. */
export function snippetsOf(page: string, markdown: string): Snippet[] {
  const snippets: Snippet[] = [];
  const lines = markdown.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const fence = /^```(?:ts|typescript)\b(.*)$/.exec(lines[index] ?? "");
    if (fence === null) continue;
    const end = lines.indexOf("```", index + 1);
    if (end < 0) throw new Error(`${page}:${index + 1}: the block is not closed`);
    const code = lines.slice(index + 1, end).join("\n");
    const file = /^\/\/ ([\w./-]+\.ts)$/.exec(lines[index + 1] ?? "")?.[1];
    snippets.push({
      page,
      line: index + 2,
      file,
      flags: (fence[1] ?? "").split(/\s+/).filter(Boolean),
      code: `${code}\n`,
    });
    index = end;
  }
  return snippets;
}

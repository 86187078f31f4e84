import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LanguageServer } from "./language-server.ts";

const tsc = join(resolve(import.meta.dirname, "../.."), "node_modules/.bin/tsc");
const head =
  'import { M1 } from "./m1.ts"; import { M4 } from "./m4.ts"; import { Count } from "@tsjango/orm"; export {};\n';
const CODES = [
  "M1.objects.filter({ | })",
  'M1.objects.filter({ c0: "x", | })',
  'M4.objects.filter({ c0: "x" }).live().filter({ | })',
  'M1.objects.orderBy("|")',
  'M1.objects.values("c0", "|")',
  'M1.objects.selectRelated("|")',
  'M1.objects.prefetchRelated("|")',
  "M1.objects.create({ | })",
  "M1.objects.update({ | })",
  'M1.objects.annotate({ n: Count("prevs") }).filter({ | })',
  "M4.objects.filter({ b: true }).|",
  'const [b] = await M1.objects.selectRelated("next"); b!.next.|',
];

/** What a completion cost. */
export interface Completion {
  readonly code: string;
  /** Milliseconds, of seven edits. */
  readonly median: number;
  readonly most: number;
  readonly entries: number;
}

/** Asks TypeScript's language server to complete code in a project, after an edit each time. */
export async function measureCompletions(directory: string, codes: readonly string[] = CODES): Promise<Completion[]> {
  const file = join(directory, "probe.ts");
  writeFileSync(file, "");
  const server = await LanguageServer.start(tsc, directory, file);
  try {
    for (const code of codes) await server.ask("completion", head + code);
    const measured: Completion[] = [];
    for (const code of codes) {
      const times: number[] = [];
      let entries = 0;
      for (let edit = 0; edit < 7; edit++) {
        const start = performance.now();
        const found = await server.ask("completion", head + code + " ".repeat(edit));
        times.push(performance.now() - start);
        entries = entriesIn(found).length;
      }
      times.sort((a, b) => a - b);
      measured.push({ code, median: times[3] as number, most: times[6] as number, entries });
    }
    return measured;
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

/** The names that the language server offers. */
export function entriesIn(found: unknown): readonly { readonly label: string }[] {
  const list = found as { readonly items?: readonly { readonly label: string }[] } | null;
  return Array.isArray(list) ? list : (list?.items ?? []);
}

import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { createTemplateEngine, markSafe } from "@tsjango/core/template";
import { expect, test } from "vitest";

type Golden = {
  readonly context: Readonly<Record<string, unknown>>;
  readonly templates: Readonly<Record<string, string>>;
  readonly cases: readonly (readonly [template: string, output: string | { readonly error: string }])[];
};

const golden: Golden = JSON.parse(readFileSync(new URL("golden/builtins.json", import.meta.url), "utf8"));

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== "object" || value === null) return value;
  if ("$date" in value) return new Date(`${value.$date}Z`);
  if ("$safe" in value) return markSafe(String(value.$safe));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decode(inner)]));
}

const engine = createTemplateEngine({
  debug: false,
  staticUrl: "/static/",
  baseDir: import.meta.dirname,
  templates: { dirs: [], strings: golden.templates },
  installedApps: [],
});

/** JSON may have other blanks and fewer escapes. */
function comparable(html: string): unknown {
  const script = /^(<script[^>]*>)(.*)(<\/script>)$/s.exec(html);
  return script === null ? html : [script[1], JSON.parse(script[2] as string), script[3]];
}

/** The same values, each of which has to be waited for. */
function later(context: object): object {
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [name, Promise.resolve(value)]));
}

test.each([
  ["of values that are there", (context: object) => context],
  ["of promises", later],
])("what Django's tags and filters write, %s", async (_name, prepare) => {
  const context = prepare(decode(golden.context) as object);
  const wrong: unknown[] = [];
  for (const [template, expected] of golden.cases) {
    // What Django refuses with an error of its own is not compared: ours may do better.
    if (typeof expected !== "string") continue;
    const actual = await engine.renderText(template, context).catch((error) => `error: ${error.message}`);
    if (!isDeepStrictEqual(comparable(actual), comparable(expected))) wrong.push({ template, expected, actual });
  }
  expect(wrong).toEqual([]);
  expect(golden.cases.length).toBeGreaterThan(900);
});

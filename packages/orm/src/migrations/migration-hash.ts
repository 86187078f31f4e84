import { createHash } from "node:crypto";
import type { Migration } from "./migration.ts";

const SHOWN = 16;

/** What a migration does, as a short text: two that do the same have the same, however their files are formatted. */
export function migrationHash({ operations }: Pick<Migration, "operations">): string {
  const content = JSON.stringify(
    operations.map((each) => each.call),
    plain,
  );
  return createHash("sha256").update(content).digest("hex").slice(0, SHOWN);
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "function") return `function ${withoutLayout(String(value))}`;
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof RegExp) return String(value);
  if (typeof value === "object" && value !== null && "call" in value) return (value as { call: unknown }).call;
  return value;
}

/** Source without what a formatter, or taking the types out, changes. */
function withoutLayout(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|(?<![:"'`\\])\/\/[^\n]*/g, "").replaceAll(/[\s;,()]+/g, "");
}

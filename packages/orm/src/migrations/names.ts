import type { Operation } from "./operations/operation.ts";

const LONGEST = 52;

/** The name of an app's next migration: a number, and what it does: `0002_book_pages`. */
export function migrationName(
  operations: readonly Operation[],
  { after, name }: { after?: string | undefined; name?: string | undefined },
): string {
  const number = String(numberOf(after) + 1).padStart(4, "0");
  return `${number}_${name ?? (after === undefined ? "initial" : fragment(operations))}`;
}

function numberOf(name: string | undefined): number {
  return Number(/^\d+/.exec(name ?? "")?.[0] ?? 0);
}

function fragment(operations: readonly Operation[]): string {
  const fragments = operations.flatMap(({ nameFragment }) => (nameFragment === undefined ? [] : [nameFragment]));
  let text = fragments[0] ?? "custom";
  for (const [position, next] of fragments.slice(1).entries()) {
    const longer = `${text}_${next}`;
    if (longer.length > LONGEST) return `${text}_and_${fragments.length - position - 1}_more`;
    text = longer;
  }
  return text.replaceAll(/\W/g, "_");
}

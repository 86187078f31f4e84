import pg from "pg";
import type { Field } from "../../fields/field.ts";

/** What its types tell otherwise. */
const { arrayParser } = pg.types as unknown as {
  readonly arrayParser: {
    create(text: string, leaf: (text: string) => unknown): { parse(): unknown[] };
  };
};

/** A list as PostgreSQL reads it: `{"a","b\"c",NULL}`. Elements are encoded already. */
export function arrayText(elements: readonly unknown[]): string {
  return `{${elements.map(elementText).join(",")}}`;
}

function elementText(element: unknown): string {
  if (element === null) return "NULL";
  if (Array.isArray(element)) return arrayText(element);
  const text = element instanceof Uint8Array ? `\\x${Buffer.from(element).toString("hex")}` : String(element);
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** The elements of a list that PostgreSQL wrote, each as the driver would give it alone. */
export function arrayOf(field: Field, text: string): unknown[] {
  const { storage } = elementOf(field);
  return arrayParser.create(text, storage === "real" ? Number : storage === "boolean" ? isTrue : asIs).parse();
}

/** The kind of field in the innermost list. */
function elementOf(field: Field): Field {
  const { base } = field as { base?: Field };
  return base === undefined ? field : elementOf(base);
}

function isTrue(text: string): boolean {
  return text === "t";
}

function asIs(text: string): string {
  return text;
}

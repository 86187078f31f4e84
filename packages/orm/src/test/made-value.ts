import { ModelError } from "../exceptions.ts";
import { Duration } from "../fields/duration.ts";
import type { Field } from "../fields/field.ts";
import type { FilePathField } from "../fields/file-path.ts";

/** What a factory puts into a field that has to have a value: the n-th of its kind. */
export function madeValue(field: Field, n: number): unknown {
  const { choices } = field.options;
  if (choices !== undefined) return firstChoice(choices);
  const make = MAKERS[field.kind];
  if (make !== undefined) return make(field, n);
  throw new ModelError(
    `A factory does not know what to put into ${field.label}, a field of the kind ${field.kind}. ` +
      `Tell it: factory(${field.model?.name ?? "Model"}, { ${field.name}: … }).`,
  );
}

const MAKERS: Readonly<Record<string, (field: Field, n: number) => unknown>> = {
  char: shortText,
  text: shortText,
  slug: (field, n) => fitted(`${field.name}-${n}`, n, field),
  email: (field, n) => `${field.name}${n}@example.com`,
  url: (field, n) => `https://example.com/${field.name}/${n}/`,
  uuid: () => crypto.randomUUID(),
  integer: (_field, n) => n,
  positiveInteger: (_field, n) => n,
  smallInteger: (_field, n) => n % 32_768,
  positiveSmallInteger: (_field, n) => n % 32_768,
  positiveBigInteger: (_field, n) => BigInt(n),
  bigInteger: (_field, n) => BigInt(n),
  float: (_field, n) => n,
  boolean: () => false,
  decimal: (field, n) => {
    const { maxDigits, decimalPlaces } = field as Field & { maxDigits: number; decimalPlaces: number };
    return String(n % 10 ** Math.min(maxDigits - decimalPlaces, 9));
  },
  dateTime: () => new Date(),
  date: () => new Date().toISOString().slice(0, 10),
  time: (_field, n) => new Date(n * 1000).toISOString().slice(11, 19),
  duration: (_field, n) => Duration.from({ seconds: n }),
  binary: (_field, n) => new TextEncoder().encode(String(n)),
  ipAddress: (_field, n) => `2001:db8::${(n % 65_536).toString(16)}`,
  filePath: (field) => (field as FilePathField).paths()[0],
  json: () => ({}),
  array: (field, n) => [madeValue((field as Field & { base: Field }).base, n)],
  searchVector: () => "",
};

function shortText(field: Field, n: number): string {
  return fitted(`${field.name} ${n}`, n, field);
}

/** Its end tells one from the next, so the beginning goes where there is no room. */
function fitted(text: string, n: number, field: Field): string {
  const { maxLength = text.length } = field as Field & { maxLength?: number };
  return text.length <= maxLength ? text : String(n).slice(-maxLength);
}

/** Of `choices(…)`, a list of values or a list of pairs. */
function firstChoice(choices: unknown): unknown {
  const values: readonly unknown[] = Array.isArray(choices) ? choices : (choices as { values: unknown[] }).values;
  const [first] = values;
  return Array.isArray(first) ? first[0] : first;
}

import { FieldError } from "../exceptions.ts";
import { calledOf } from "../expressions/called.ts";
import type { PlainFunctionName } from "../expressions/expression.ts";
import type { Field } from "../fields/field.ts";
import { type Compiled, type Context, usesOf } from "./context.ts";
import { isNumeric, kindOf, outputOf } from "./outputs.ts";

type Taken = "float" | "text" | "whole";

interface Signature {
  readonly takes: readonly Taken[];
  readonly gives: "float" | "text" | "integer" | "uuid";
  /** Whether it can be null of what is not: outside of what it is defined for, on SQLite. */
  readonly partial?: boolean;
}

const FLOAT: Signature = { takes: ["float"], gives: "float" };
const PARTIAL: Signature = { ...FLOAT, partial: true };
const TEXT: Signature = { takes: ["text"], gives: "text" };
const CUT: Signature = { takes: ["text", "whole", "whole"], gives: "text" };
const PADDED: Signature = { takes: ["text", "whole", "text"], gives: "text" };

const SIGNATURES: Readonly<Record<PlainFunctionName, Signature>> = {
  acos: PARTIAL,
  asin: PARTIAL,
  atan: FLOAT,
  atan2: { takes: ["float", "float"], gives: "float" },
  cos: FLOAT,
  cot: PARTIAL,
  degrees: FLOAT,
  exp: FLOAT,
  ln: PARTIAL,
  log: { takes: ["float", "float"], gives: "float", partial: true },
  pi: { takes: [], gives: "float" },
  radians: FLOAT,
  random: { takes: [], gives: "float" },
  sin: FLOAT,
  sqrt: PARTIAL,
  tan: FLOAT,
  chr: { takes: ["whole"], gives: "text" },
  left: CUT,
  lpad: PADDED,
  ltrim: TEXT,
  md5: TEXT,
  ord: { takes: ["text"], gives: "integer" },
  repeat: CUT,
  replace: { takes: ["text", "text", "text"], gives: "text" },
  reverse: TEXT,
  right: CUT,
  rpad: PADDED,
  rtrim: TEXT,
  sha1: TEXT,
  sha224: TEXT,
  sha256: TEXT,
  sha384: TEXT,
  sha512: TEXT,
  strIndex: { takes: ["text", "text"], gives: "integer" },
  substr: CUT,
  trim: TEXT,
  uuid4: { takes: [], gives: "uuid" },
  uuid7: { takes: [], gives: "uuid" },
};

/** Whether a function's arguments and result are always of the same kinds. */
export function isPlain(name: string): name is PlainFunctionName {
  return Object.hasOwn(SIGNATURES, name);
}

/** `sqrt(x)`, `lpad(x, 10, ' ')` and the like. */
export function compilePlain(context: Context, name: PlainFunctionName, args: readonly Compiled[]): Compiled {
  const { takes, gives, partial = false } = SIGNATURES[name];
  const nodes = args.map((each, index) => taken(context, { name, each, as: takes[index] as Taken }));
  return {
    ...usesOf(args),
    node: context.backend.functions.plain(name, nodes),
    output: outputOf(gives),
    nullable: partial || args.some((each) => each.nullable),
  };
}

function taken(context: Context, { name, each, as }: { name: string; each: Compiled; as: Taken }): Compiled["node"] {
  if (as === "text") return asText(context, name, each).node;
  const { storage } = each.output.valueField;
  if (as === "float") {
    if (isNumeric(each.output)) {
      return context.backend.functions.toFloat(each);
    }
    throw wrongKind(name, "numbers", each.output);
  }
  if (storage === "integer" || storage === "bigint") return each.node;
  throw wrongKind(name, "a whole number here", each.output);
}

/** A text; what is kept as one, such as a UUID, as such. */
export function asText(context: Context, name: string, given: Compiled): Compiled {
  const { storage } = given.output.valueField;
  if (storage === "text") return given;
  const output = outputOf("text");
  const { functions } = context.backend;
  if (storage === "json") return { ...given, node: functions.jsonText(given.node), output };
  if (storage === "uuid") return { ...given, node: functions.cast(given, output), output };
  throw wrongKind(name, "texts", given.output);
}

function wrongKind(name: string, wanted: string, output: Field): FieldError {
  return new FieldError(`${calledOf(name)} takes ${wanted}; ${output.label} is of the kind ${kindOf(output)}.`);
}

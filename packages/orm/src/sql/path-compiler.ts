import { describeValue } from "@tsjango/kernel/utils";
import { SEPARATOR } from "../constants.ts";
import { FieldError } from "../exceptions.ts";
import { isKeepable } from "../fields/json-value.ts";
import { applyArray, isArray } from "./array-path.ts";
import { type Compiled, type Context, NO_USES, usesOf } from "./context.ts";
import { columnNode } from "./nodes.ts";
import { type ResolvedPath, resolvePath, unknownLookup } from "./path.ts";
import { applyTransform } from "./transforms.ts";

/** A path that is no condition: a field or named expression, with transforms behind it. */
export function compilePath(context: Context, path: string): Compiled {
  const named = namedExpression(context, path);
  if (named !== undefined) return withTransforms(context, named.compiled, named.rest, path);
  const resolved = resolvePath(context.joins.options, path, context.annotations.keys(), context.relations);
  const { compiled } = compileColumn(context, resolved);
  return withTransforms(context, compiled, resolved.rest, path);
}

/** The named expression that a path begins with. */
export function namedExpression(
  context: Context,
  path: string,
): { readonly compiled: Compiled; readonly rest: readonly string[] } | undefined {
  const [head = "", ...rest] = path.split(SEPARATOR);
  const total = context.totals?.get(head);
  if (total !== undefined) {
    if (context.within === undefined) return { compiled: total, rest };
    throw new FieldError(
      `${context.within} cannot be computed of "${path}": here "${head}" is the aggregate that stands before it. Give that one another name, or let it stand behind.`,
    );
  }
  const found = context.annotations.get(head);
  if (found === undefined) return undefined;
  const compiled = context.lift === undefined ? found : context.lift(found);
  context.note(compiled);
  return { compiled, rest };
}

/** The column at the end of a path, its tables joined; and the aliases of these. */
export function compileColumn(
  context: Context,
  { hops, field }: Pick<ResolvedPath, "hops" | "field">,
): { readonly compiled: Compiled; readonly aliases: readonly string[] } {
  const { joins, reuse } = context;
  const aliases = joins.walk(hops, reuse);
  if (reuse !== "all") for (const alias of aliases) reuse.add(alias);
  const node = columnNode(aliases.at(-1) ?? joins.base, (field.keyFields[0] ?? field).column);
  const nullable = field.null || hops.some((hop) => hop.nullable);
  const plain: Compiled = { ...NO_USES, node, output: field, nullable, columns: [node] };
  const compiled = context.lift === undefined ? plain : context.lift(plain);
  context.note(compiled);
  return { compiled, aliases };
}

function withTransforms(context: Context, start: Compiled, names: readonly string[], path: string): Compiled {
  let compiled = start;
  let rest = names;
  for (let [name] = rest; name !== undefined; [name] = rest) {
    const json = compiled.output.valueField.storage === "json";
    if (json) return applyJson(context, compiled, rest);
    const element = isArray(compiled) ? applyArray(compiled, rest, path) : undefined;
    const next = element?.compiled ?? applyTransform(context, compiled, { name });
    if (next === undefined) throw noTransform(compiled, name, path);
    compiled = next;
    rest = rest.slice(element?.used ?? 1);
  }
  return compiled;
}

/** Keys of JSON, all at once. */
export function applyJson({ backend }: Context, compiled: Compiled, keys: readonly string[]): Compiled {
  const key = keys.find((each) => !isKeepable(each));
  if (key !== undefined) {
    throw new FieldError(
      `${compiled.output.label} has no key ${describeValue(key)}: JSON is kept without NUL characters and halves of surrogate pairs.`,
    );
  }
  return { ...compiled, ...usesOf([compiled]), node: backend.functions.jsonAt(compiled.node, keys), nullable: true };
}

function noTransform({ output }: Compiled, name: string, path: string): FieldError {
  const error = unknownLookup(output, name, path);
  return new FieldError(`${error.message} A path that is no condition names fields, and parts of dates.`);
}

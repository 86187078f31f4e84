import { describeValue, didYouMean } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import {
  type ExpressionNode,
  expressionOf,
  type OrderingExpression,
  type OrderingNode,
} from "../expressions/expression.ts";
import { FilteredRelationData } from "../expressions/filtered-relation.ts";
import { SqlFragment } from "../expressions/sql.ts";
import { ORDERING, QUERY } from "../expressions/symbols.ts";
import { optionsOf } from "../fields/prepared.ts";
import { hasAggregate } from "../sql/prune.ts";
import {
  type AnnotationStep,
  type Combination,
  isDistinctBy,
  isSliced,
  type LockOptions,
  type NamedRelation,
  newQuery,
  type Query,
  standsIn,
  type ValuesOptions,
} from "../sql/query.ts";
import { withoutReplaced } from "./replaced.ts";

type Change = Partial<Query>;
type Expressions = Readonly<Record<string, unknown>>;

/** Such a name can be read in a path and stand in SQL. */
const NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

function nodeOf(method: string, name: string, given: unknown): ExpressionNode {
  const node = expressionOf(given);
  if (node !== undefined) return node;
  throw new QueryError(
    given instanceof SqlFragment
      ? `${method}(): "${name}" is SQL whose values may be of any kind. Say of which: sql\`…\`.as(fields.integer()).`
      : `${method}(): "${name}" takes an expression, such as Count("…") or F("…"); found ${describeValue(given)}. ` +
          "Write Value(…) for a value.",
  );
}

/** A query with named expressions. */
export function annotated(query: Query, expressions: Expressions, selected: boolean): Change {
  const method = selected ? "annotate" : "alias";
  const options = optionsOf(query.model);
  const relations: NamedRelation[] = [];
  const steps = Object.entries(expressions).flatMap(([name, given]): AnnotationStep[] => {
    if (!NAME.test(name) || name.includes("__")) {
      throw new QueryError(`${method}(): "${name}" is no name for a value: letters, digits and single "_" only.`);
    }
    if (options.find(name) !== undefined || name in options.model.prototype) {
      throw new QueryError(`${method}(): ${options.modelName} has a field or method "${name}". Choose another name.`);
    }
    if (given instanceof FilteredRelationData) {
      relations.push({ name, path: given.path, condition: given.condition });
      return [];
    }
    return [{ kind: "annotation", name, expression: nodeOf(method, name, given), selected }];
  });
  const names = steps.map((step) => step.name);
  const kept = withoutReplaced(query.steps, steps);
  const values = query.values && {
    ...query.values,
    names: selected ? [...new Set([...query.values.names, ...names])] : query.values.names,
    at: kept.slice(0, query.values.at).filter((step) => step !== undefined).length,
  };
  const grows = steps.some((step) => hasAggregate(step.expression));
  const named = new Set([...names, ...relations.map((relation) => relation.name)]);
  const others = (query.relations ?? []).filter((relation) => !named.has(relation.name));
  return {
    ...(relations.length + others.length > 0 && { relations: [...others, ...relations] }),
    steps: [...kept.filter((step) => step !== undefined), ...steps],
    values,
    groupBy:
      grows && query.groupBy === undefined
        ? query.values === undefined
          ? "model"
          : query.values.names
        : query.groupBy,
  };
}

/** The aggregates that are asked of all rows. */
export function aggregatesOf(expressions: Expressions): (readonly [string, ExpressionNode])[] {
  return Object.entries(expressions).map(([name, given]) => [name, nodeOf("aggregate", name, given)] as const);
}

/** The order of rows. */
export function ordered(items: readonly unknown[]): Change {
  const ordering = items.map((item): string | OrderingNode => {
    if (typeof item === "string") return item;
    if (typeof item === "object" && item !== null && ORDERING in item) return (item as OrderingExpression)[ORDERING];
    const expression = expressionOf(item);
    if (expression !== undefined) return { expression, descending: false, nulls: undefined };
    throw new QueryError(`orderBy takes paths and expressions; found ${describeValue(item)}.`);
  });
  return { ordering, reversed: false };
}

/** A part of the rows; of a part a part. */
export function sliced({ offset, limit }: Query, start: number, end: number | undefined): Change {
  for (const [name, value] of Object.entries({ start, end: end ?? start })) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new QueryError(
      `slice(${start}, ${end}): ${name} must be a whole number from 0; found ${describeValue(value)}. ` +
        "To count from the end, use reverse() first.",
    );
  }
  const left = limit === undefined ? undefined : Math.max(limit - start, 0);
  const wanted = end === undefined ? undefined : Math.max(end - start, 0);
  const smaller = wanted === undefined ? left : Math.min(wanted, left ?? wanted);
  return { offset: offset + start, limit: smaller };
}

/** Rows without duplicates. */
export function distinct(names: readonly string[]): Change {
  for (const name of names) {
    if (typeof name !== "string") throw new QueryError(`distinct takes paths; found ${describeValue(name)}.`);
  }
  return { distinct: names };
}

/** Rows as values, of all fields and named expressions where none are named. */
export function valued(query: Query, given: readonly string[], form: ValuesOptions["form"]): Change {
  for (const name of given) {
    if (typeof name !== "string") throw new QueryError(`values takes paths; found ${describeValue(name)}.`);
  }
  const annotations = query.steps.flatMap((step) => (step.kind === "annotation" && step.selected ? [step.name] : []));
  const all = [...optionsOf(query.model).fields.map((field) => field.attribute), ...annotations];
  const names = given.length === 0 ? all : given;
  const taken = form === "named" ? names.find((name) => name in Array.prototype) : undefined;
  if (taken !== undefined) {
    throw new QueryError(
      `valuesList with named: true: every list has a "${taken}" already. Write values("${taken}", …).`,
    );
  }
  if (form === "flat" && names.length !== 1) {
    throw new QueryError(`valuesList with flat: true takes one path; found ${names.length}.`);
  }
  const { combination } = query;
  const values = { names, form, at: query.steps.length };
  if (combination === undefined) return { values };
  const members = combination.members.map((member) => ({ ...member, ...valued(member, given, form) }));
  return { values, combination: { ...combination, members } };
}

/** Several query sets as one. */
export function combined(query: Query, operator: Combination["operator"], others: readonly unknown[]): Query {
  const members = others.map((other) => {
    const found = typeof other === "object" && other !== null ? (other as { [QUERY]?: Query })[QUERY] : undefined;
    if (found !== undefined) return found;
    throw new QueryError(`${operator} takes query sets; found ${describeValue(other)}.`);
  });
  const { model, alias, values, fetchMode, routed, free } = query;
  for (const member of members) {
    if (standsIn(member, alias)) continue;
    throw new QueryError(
      `${operator} of rows in the database "${alias}" takes rows of that one; found rows of ${member.model.name} in ` +
        `"${member.alias}". Await them, and put the lists together.`,
    );
  }
  return {
    ...newQuery(model, alias),
    routed,
    free,
    ordering: [],
    values,
    fetchMode,
    combination: { operator, members: [query, ...members].map(unordered) },
  };
}

/** Inside of a combination only what is chosen by an order needs one. */
function unordered(query: Query): Query {
  return isSliced(query) || isDistinctBy(query) ? query : { ...query, ordering: [] };
}

/** What `latest` and `earliest` go by: what is given, else the model's `getLatestBy`. */
export function latestOrder({ model }: Query, given: readonly unknown[]): readonly unknown[] {
  if (given.length > 0) return given;
  const { getLatestBy } = optionsOf(model);
  if (getLatestBy.length > 0) return getLatestBy;
  throw new QueryError(
    `latest() and earliest() need a path, or getLatestBy in the meta of ${model.name}: latest("created").`,
  );
}

const LOCK_OPTIONS = ["nowait", "skipLocked", "of", "noKey"];

/** How rows are locked, checked. */
export function lockOf(options: LockOptions): LockOptions {
  for (const name of Object.keys(options)) {
    if (LOCK_OPTIONS.includes(name)) continue;
    throw new QueryError(`selectForUpdate() has no option "${name}".${didYouMean(name, LOCK_OPTIONS)}`);
  }
  if (options.nowait && options.skipLocked) {
    throw new QueryError(
      "selectForUpdate(): nowait throws for a locked row, skipLocked leaves it out. Take one of them.",
    );
  }
  return options;
}

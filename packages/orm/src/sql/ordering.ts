import { raw } from "../backends/base/raw.ts";
import { SEPARATOR } from "../constants.ts";
import { FieldError, ModelError } from "../exceptions.ts";
import { opposite } from "../expressions/expression.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import { type Context, NO_USES, type Ordered } from "./context.ts";
import { compileOrder } from "./direction.ts";
import { outputOf } from "./outputs.ts";
import { findRelation, resolvePath } from "./path.ts";
import type { Query } from "./query.ts";

const MOST_ORDERING_HOPS = 8;

/** What a query is ordered by. Groups have no order of the model's own. */
function orderOf(query: Query, context: Context, grouped: boolean): Query["ordering"] & {} {
  return query.ordering ?? (grouped ? [] : context.joins.options.ordering);
}

/** The expressions that rows are ordered by, each with its direction; their tables are joined. */
export function compileOrdering(context: Context, query: Query, grouped: boolean): Ordered[] {
  const { reversed } = query;
  return orderOf(query, context, grouped).flatMap((item) => {
    if (typeof item !== "string") {
      const ordered = compileOrder(context, reversed ? opposite(item) : item);
      if (ordered.of.aggregate && !grouped) throw aggregateAlone();
      return [ordered];
    }
    const path = item.replace(/^-/, "");
    // A relation that values() names is its key there, and ordered by that.
    return orderByPath(context, item, {
      flip: reversed,
      prefix: "",
      depth: 0,
      asIs: query.values?.names.includes(path) === true,
    });
  });
}

/** Source: `django.db.models.sql.query.Query.add_ordering`. */
function aggregateAlone(): FieldError {
  return new FieldError(
    'orderBy(): an aggregate is of groups of rows, which annotate() makes: annotate({ n: Count("…") }).orderBy("-n").',
  );
}

function orderByPath(
  context: Context,
  path: string,
  { flip, prefix, depth, asIs = false }: { flip: boolean; prefix: string; depth: number; asIs?: boolean },
): Ordered[] {
  if (path === "?") {
    const of = { ...NO_USES, node: raw("random()"), output: outputOf("float"), nullable: false };
    return [{ of, direction: "" }];
  }
  const descending = path.startsWith("-") !== flip;
  const name = prefix + path.replace(/^-/, "");
  const named = asIs || context.annotations.has(name.split(SEPARATOR)[0] as string);
  const own = named ? undefined : ownOrdering(context, name);
  if (own === undefined) {
    return [compileOrder(context, { expression: { kind: "reference", path: name }, descending, nulls: undefined })];
  }
  if (depth >= MOST_ORDERING_HOPS) {
    throw new ModelError(`Ordering by "${name}" never ends: the models' orderings refer to each other.`);
  }
  return own.flatMap((each) =>
    orderByPath(context, each, { flip: descending, prefix: name + SEPARATOR, depth: depth + 1 }),
  );
}

/** A relation to one row is ordered as its model says. */
function ownOrdering({ joins, annotations, relations }: Context, path: string): readonly string[] | undefined {
  const { field, hops, rest } = resolvePath(joins.options, path, annotations.keys(), relations);
  if (!(field instanceof ForeignKey) || rest.length > 0) return undefined;
  const owner = hops.at(-1)?.to ?? joins.options;
  const last = path.split(SEPARATOR).at(-1) as string;
  if (findRelation(owner, last) !== field) return undefined;
  // Of its expressions nothing is known here: they are about its own table.
  const ordering = optionsOf(field.target).ordering.filter((item) => typeof item === "string");
  return ordering.length > 0 ? ordering : undefined;
}

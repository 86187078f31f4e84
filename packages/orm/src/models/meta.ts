import type { OrderingNode } from "../expressions/expression.ts";
import { CONDITION, EXPRESSION, ORDERING } from "../expressions/symbols.ts";
import { snakeCase } from "../fields/snake-case.ts";
import { shapeOf } from "./class-factory.ts";
import type { ConstraintOptions, IndexOptions, ModelType, OptionsInit } from "./options.ts";

/** What a model's `meta` may say, as the ORM's own code reads it. */
export interface MetaInput {
  readonly dbTable?: string;
  readonly dbTableComment?: string;
  readonly managed?: boolean;
  readonly ordering?: readonly unknown[];
  readonly indexes?: readonly (readonly string[] | IndexOptions)[];
  readonly constraints?: readonly ConstraintOptions[];
  readonly getLatestBy?: string | readonly string[];
  readonly verboseName?: string;
  readonly verboseNamePlural?: string;
}

/** All that `meta` may say. */
export const META_KEYS: readonly (keyof MetaInput)[] = [
  "dbTable",
  "dbTableComment",
  "managed",
  "ordering",
  "indexes",
  "constraints",
  "getLatestBy",
  "verboseName",
  "verboseNamePlural",
];

/** A model's own `meta`, else that of the last abstract model it extends which has one. A proxy has only its own. */
export function metaOf(model: ModelType, proxy: boolean): MetaInput {
  if (Object.hasOwn(model, "meta")) return (model as unknown as { meta: MetaInput }).meta;
  if (proxy) return {};
  const bases = (shapeOf(model)?.bases ?? []) as readonly { readonly meta?: MetaInput }[];
  const { dbTable: _table, ...inherited } = bases.findLast((base) => base.meta !== undefined)?.meta ?? {};
  return inherited;
}

/** What `meta` says, with what it leaves open. */
export function optionsFromMeta(
  meta: MetaInput,
  { model, appLabel }: { readonly model: ModelType; readonly appLabel: string },
): Pick<
  OptionsInit,
  | "managed"
  | "ordering"
  | "indexes"
  | "constraints"
  | "verboseName"
  | "verboseNamePlural"
  | "getLatestBy"
  | "dbTableComment"
> {
  const verboseName = meta.verboseName ?? snakeCase(model.name).replaceAll("_", " ");
  // An abstract model's meta is that of several tables, whose indexes and constraints may not have one name.
  const named = <T extends { readonly name?: string }>(item: T): T =>
    item.name === undefined
      ? item
      : {
          ...item,
          name: item.name.replaceAll("%(app_label)s", appLabel).replaceAll("%(class)s", model.name.toLowerCase()),
        };
  return {
    managed: meta.managed ?? true,
    ordering: (meta.ordering ?? []).map(orderingOf),
    indexes: (meta.indexes ?? []).map((index) => named("fields" in index ? plainIndex(index) : { fields: index })),
    constraints: (meta.constraints ?? []).map((constraint) => named(plainConstraint(constraint))),
    verboseName,
    verboseNamePlural: meta.verboseNamePlural ?? `${verboseName}s`,
    getLatestBy: [meta.getLatestBy ?? []].flat(),
    dbTableComment: meta.dbTableComment,
  };
}

/** A path, or an order by an expression as data. */
function orderingOf(item: unknown): string | OrderingNode {
  if (typeof item !== "object" || item === null) return item as string;
  if (ORDERING in item) return item[ORDERING] as OrderingNode;
  if (!(EXPRESSION in item)) return item as OrderingNode;
  return { expression: item[EXPRESSION] as OrderingNode["expression"], descending: false, nulls: undefined };
}

function plainIndex(index: IndexOptions): IndexOptions {
  return index.where === undefined ? index : { ...index, where: plainCondition(index.where) };
}

function plainConstraint(constraint: ConstraintOptions): ConstraintOptions {
  if ("check" in constraint) return { ...constraint, check: plainCondition(constraint.check) };
  return constraint.where === undefined ? constraint : { ...constraint, where: plainCondition(constraint.where) };
}

/** A condition as data. */
function plainCondition(value: unknown): unknown {
  return (value as { [CONDITION]?: unknown } | undefined)?.[CONDITION] ?? value;
}

import { DeleteQueryNode, IdentifierNode, SelectModifierNode, type SelectQueryNode, TableNode } from "kysely";
import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import { listed, raw } from "../backends/base/raw.ts";
import { SEPARATOR } from "../constants.ts";
import { QueryError } from "../exceptions.ts";
import { optionsOf } from "../fields/prepared.ts";
import { beginSelect, OUTERMOST, type Select } from "./begin.ts";
import { compileCombination } from "./combination.ts";
import type { Context } from "./context.ts";
import type { Query } from "./query.ts";
import { aliasOf, planRows, type RowPlan } from "./rows.ts";
import { finishSelect } from "./select.ts";
import { subqueries } from "./subqueries.ts";
import { targetRows } from "./target-rows.ts";

/** A statement that gives rows, with the plan to read them. */
export interface CompiledRows {
  readonly statement: CompiledStatement;
  readonly plan: RowPlan;
}

/** The rows of a query; undefined where it is known to have none. */
export function compileRows(backend: Backend, query: Query): CompiledRows | undefined {
  if (query.limit === 0) return undefined;
  if (query.combination !== undefined) {
    const combined = compileCombination(backend, query, { subqueries, place: OUTERMOST });
    return combined && { statement: backend.compileQuery(combined.node), plan: combined.plan };
  }
  const select = beginSelect(backend, query, OUTERMOST, subqueries);
  if (select.where === false) return undefined;
  const { columns, plan } = planRows(select);
  return { statement: backend.compileQuery(locked(select, finishSelect(select, columns))), plan };
}

/** A SELECT that locks its rows, where the database can. Of a table whose row may be missing none is locked by itself. */
function locked({ context, query }: Select, node: SelectQueryNode): SelectQueryNode {
  const { lock } = query;
  if (lock === undefined) return node;
  const { joins } = context;
  const aliases =
    lock.of === undefined
      ? joins.hasOuter
        ? [joins.base, ...joins.inner()]
        : []
      : lock.of.map((path) => (path === "self" ? joins.base : lockedAlias(query, context, path)));
  if (!context.backend.features.rowLocks) return node;
  const of = aliases.length > 0 ? [" of ", ...listed(aliases.map((alias) => IdentifierNode.create(alias)))] : [];
  const end = lock.nowait ? " nowait" : lock.skipLocked ? " skip locked" : "";
  const words = raw(lock.noKey ? "for no key update" : "for update", ...of, end);
  return { ...node, endModifiers: [SelectModifierNode.createWithExpression(words)] };
}

function lockedAlias({ selectRelated }: Query, context: Context, path: string): string {
  const loaded = selectRelated.some((each) => each === path || each.startsWith(`${path}${SEPARATOR}`));
  if (loaded) return aliasOf(context, path.split(SEPARATOR));
  const choices = ["self", ...selectRelated].join(", ");
  throw new QueryError(`selectForUpdate(): of names what selectRelated loads; found "${path}". Choices: ${choices}.`);
}

/** `delete` of all rows of a query; undefined where there are none. */
export function compileDelete(backend: Backend, query: Query): CompiledStatement | undefined {
  const target = targetRows(backend, beginSelect(backend, query, OUTERMOST, subqueries));
  if (target === undefined) return undefined;
  const { dbTable } = optionsOf(query.model);
  return backend.compileQuery({ ...DeleteQueryNode.create([TableNode.create(dbTable)]), ...target });
}

import { AliasNode, IdentifierNode, JoinNode, type OperationNode, TableNode } from "kysely";
import type { Options } from "../models/options.ts";
import type { Reuse } from "./context.ts";
import { binary, columnNode, conjunction, truth } from "./nodes.ts";
import type { Hop } from "./path.ts";

interface Join {
  readonly alias: string;
  readonly parent: string;
  readonly hop: Hop;
  type: "inner" | "left";
}

/**
 * The tables of one SELECT. Single-valued steps are shared; a multi-valued one is shared only inside one call of
 * `filter`. Source: `django.db.models.sql.query` (`join`, `promote_joins`, `demote_joins`).
 */
export class Joins {
  readonly base: string;
  readonly options: Options;
  readonly #prefix: string | undefined;
  readonly #joins = new Map<string, Join>();

  /** With a prefix (of subqueries) tables are called `U0`, `U1` …; without, by their names as long as these are free. */
  constructor(options: Options, prefix?: string, base?: string) {
    this.options = options;
    this.#prefix = prefix;
    this.base = base ?? (prefix === undefined ? options.dbTable : `${prefix}0`);
  }

  get size(): number {
    return this.#joins.size;
  }

  /** Whether a table is joined to the first one under this name. */
  has(alias: string): boolean {
    return this.#joins.has(alias);
  }

  /** Walks the steps and gives the aliases met; `reuse` are the multi-valued ones that may be shared. */
  walk(hops: readonly Hop[], reuse: Reuse): string[] {
    const aliases: string[] = [];
    let parent = this.base;
    for (const hop of hops) {
      parent = this.find(parent, hop, reuse) ?? this.#add(parent, hop);
      aliases.push(parent);
    }
    return aliases;
  }

  /** The table that a step leads to, where it is joined; of several that may be shared, the last. */
  find(parent: string, hop: Hop, reuse: Reuse): string | undefined {
    const found = [...this.#joins.values()].findLast(
      (join) =>
        join.parent === parent &&
        join.hop.field === hop.field &&
        join.hop.forward === hop.forward &&
        join.hop.filter?.name === hop.filter?.name &&
        (!hop.multiple || hop.filter !== undefined || reuse === "all" || reuse.has(join.alias)),
    );
    return found?.alias;
  }

  #add(parent: string, hop: Hop): string {
    const number = this.#joins.size + 1;
    const table = hop.to.dbTable;
    const taken = table === this.base || this.#joins.has(table);
    const alias = this.#prefix !== undefined ? `${this.#prefix}${number}` : taken ? `T${number + 1}` : table;
    const outer = hop.nullable || this.isOuter(parent);
    this.#joins.set(alias, { alias, parent, hop, type: outer ? "left" : "inner" });
    return alias;
  }

  /** Whether the table's row may be missing. */
  isOuter(alias: string): boolean {
    return this.#joins.get(alias)?.type === "left";
  }

  /** Whether a table has several rows for one of the first table. */
  isMany(alias: string | undefined): boolean {
    const join = this.#joins.get(alias ?? this.base);
    return join !== undefined && (join.hop.multiple || this.isMany(join.parent));
  }

  /** Whether one row of the first table can be met several times. */
  get multiplies(): boolean {
    return [...this.#joins.values()].some((join) => join.hop.multiple);
  }

  /** Whether any table's row may be missing. */
  get hasOuter(): boolean {
    return [...this.#joins.values()].some((join) => join.type === "left");
  }

  /** The aliases that must have a row. */
  inner(): string[] {
    return [...this.#joins.values()].filter((join) => join.type === "inner").map((join) => join.alias);
  }

  /** Lets rows be missing where they can be, down to the tables that hang on them. */
  promote(aliases: Iterable<string>): void {
    const open = [...aliases];
    for (let alias = open.shift(); alias !== undefined; alias = open.shift()) {
      const join = this.#joins.get(alias);
      if (join === undefined || join.type === "left") continue;
      if (!join.hop.nullable && !this.isOuter(join.parent)) continue;
      join.type = "left";
      for (const child of this.#joins.values()) if (child.parent === alias) open.push(child.alias);
    }
  }

  /** Demands rows, up to the tables that these hang on. */
  demote(aliases: Iterable<string>): void {
    const open = [...aliases];
    for (let alias = open.shift(); alias !== undefined; alias = open.shift()) {
      const join = this.#joins.get(alias);
      if (join === undefined || join.type === "inner") continue;
      join.type = "inner";
      open.push(join.parent);
    }
  }

  /** The first table, with its alias. */
  fromNode(): OperationNode {
    return tableNode(this.options.dbTable, this.base);
  }

  nodes(): JoinNode[] {
    return [...this.#joins.values()].map(({ alias, parent, hop, type }) =>
      JoinNode.createWithOn(
        type === "inner" ? "InnerJoin" : "LeftJoin",
        tableNode(hop.to.dbTable, alias),
        onClause(hop, parent, alias),
      ),
    );
  }
}

/** What ties a row to the one before it; and what it must meet besides. */
function onClause({ fromColumn, toColumn, filter }: Hop, parent: string, alias: string): OperationNode {
  const tied = binary(columnNode(parent, fromColumn), "=", columnNode(alias, toColumn));
  const besides = filter === undefined ? true : filter.on(alias);
  return typeof besides === "boolean" && besides ? tied : (conjunction([tied, truth(besides)]) as OperationNode);
}

function tableNode(table: string, alias: string): OperationNode {
  const node = TableNode.create(table);
  return table === alias ? node : AliasNode.create(node, IdentifierNode.create(alias));
}

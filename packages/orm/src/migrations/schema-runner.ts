import type { Backend } from "../backends/base/backend.ts";
import { quoteName, type SchemaEditor, type TableChange } from "../backends/base/schema-editor.ts";
import type { TableStep } from "./table-changes.ts";

/** Where statements go, and what may be asked of the database. */
export interface StatementTarget {
  /** Whether tables are changed step by step while others use them, rather than in one transaction. */
  readonly online: boolean;
  /** Runs statements that belong together. */
  execute(...statements: readonly string[]): Promise<void>;
  /** The statements that make a table's triggers, which go with the table when it is remade. */
  triggers(table: string): Promise<readonly string[]>;
}

/**
 * Turns changes of tables into statements. Where a change copies the whole table, those of one migration are kept back
 * and made at once; whoever needs the tables as they are calls `flush` first.
 */
export class SchemaRunner {
  readonly #editor: SchemaEditor;
  readonly #target: StatementTarget;
  readonly #pending = new Map<string, TableChange>();

  constructor(editor: SchemaEditor, target: StatementTarget) {
    this.#editor = editor;
    this.#target = target;
  }

  async run(step: TableStep): Promise<void> {
    if (step.kind === "alter" && this.#editor.remakes) return this.#keep(step.change);
    if (step.kind === "alter") return this.#alter(step.change);
    await this.flush();
    const statements =
      step.kind === "create" ? this.#editor.createTable(step.table) : this.#editor.dropTable(step.table);
    await this.#target.execute(...statements);
  }

  /** Makes what was kept back. */
  async flush(): Promise<void> {
    const changes = [...this.#pending.values()];
    this.#pending.clear();
    for (const change of changes) await this.#alter(change);
  }

  async #keep(change: TableChange): Promise<void> {
    const { from, to } = change;
    const renames = from.name !== to.name || [...change.sources].some(([now, before]) => now !== before);
    if (renames || change.moved !== undefined) {
      // Native renames reach into other tables: these must be as they are taken to be.
      await this.flush();
      return this.#alter(change);
    }
    const earlier = this.#pending.get(to.name);
    const composed = earlier === undefined ? change : compose(earlier, change);
    if (composed === undefined) {
      this.#pending.delete(to.name);
      await this.#alter(earlier as TableChange);
    }
    this.#pending.set(to.name, composed ?? change);
  }

  async #alter(change: TableChange): Promise<void> {
    const parts = this.#target.online ? this.#editor.alterOnline?.(change) : undefined;
    if (parts !== undefined) {
      for (const part of parts) await this.#target.execute(...part);
      return;
    }
    const statements = this.#editor.alterTable(change);
    const dropped = statements.includes(`DROP TABLE ${quoteName(change.to.name)}`);
    const triggers = dropped ? await this.#target.triggers(change.from.name) : [];
    if (statements.length > 0) await this.#target.execute(...statements, ...triggers);
  }
}

/** Two changes of one table as one; undefined where the rows have to be changed in between. */
function compose(first: TableChange, second: TableChange): TableChange | undefined {
  const sources = new Map<string, string>();
  const fills = new Map<string, string>();
  for (const { name, type, scale } of second.to.columns) {
    const middle = second.sources.get(name);
    const source = middle === undefined ? undefined : first.sources.get(middle);
    if (source !== undefined) sources.set(name, source);
    const before = first.to.columns.find((column) => column.name === middle);
    const early = middle === undefined ? undefined : first.fills.get(middle);
    // A value that was put in is a text of the column's type at that time.
    if (early !== undefined && (before?.type !== type || before.scale !== scale)) return undefined;
    const fill = early ?? second.fills.get(name);
    if (fill !== undefined) fills.set(name, fill);
  }
  return { from: first.from, to: second.to, sources, fills };
}

/** Reads the statements that make a table's triggers. */
export async function triggersOf(
  connection: Pick<Backend, "execute">,
  backend: Pick<Backend, "vendor">,
  table: string,
): Promise<string[]> {
  if (backend.vendor !== "sqlite") return [];
  const { rows } = await connection.execute(
    "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? AND sql IS NOT NULL ORDER BY name",
    [table],
  );
  return rows.map(([sql]) => String(sql));
}

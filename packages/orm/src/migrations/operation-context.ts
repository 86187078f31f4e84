import type { Backend } from "../backends/base/backend.ts";
import { BadMigrationError } from "../exceptions.ts";
import { migrationAllowed } from "../routers.ts";
import type { MigrationDatabase } from "./migration-database.ts";
import type { OperationContext } from "./operations/operation.ts";
import { renderTable } from "./render-table.ts";
import type { SchemaRunner } from "./schema-runner.ts";
import type { ProjectState } from "./state.ts";
import { tableChanges } from "./table-changes.ts";

/** Where an operation's statements go. */
export interface StatementSink {
  execute(statement: string): Promise<void>;
  run(code: (database: MigrationDatabase) => Promise<void>, state: ProjectState): Promise<void>;
}

/** What changes of tables are given to. */
export type Schema = Pick<SchemaRunner, "run" | "flush">;

/** What an operation is applied with, between two states. */
export function operationContext(
  app: string,
  [from, to]: readonly [ProjectState, ProjectState],
  place: { schema: Schema; backend: Backend; sink: StatementSink; atomic: boolean },
): OperationContext {
  const { schema, backend, sink, atomic } = place;
  return {
    app,
    from,
    to,
    vendor: backend.vendor,
    atomic,
    table(key) {
      const state = to.find(key) === undefined ? from : to;
      const model = state.find(key);
      if (model === undefined) throw new BadMigrationError(`There is no model ${key} at this point.`);
      return renderTable(state, model, backend);
    },
    between: (...states) => operationContext(app, states, place),
    async execute(statement, model) {
      await schema.flush();
      if (migrationAllowed(backend.alias, app, model)) await sink.execute(statement);
    },
    async run(code) {
      await schema.flush();
      if (migrationAllowed(backend.alias, app)) await sink.run(code, from);
    },
    async changeModel(key, change = {}) {
      const [app_ = app, model] = key.split(".");
      if (!migrationAllowed(backend.alias, app_, model)) return;
      for (const step of tableChanges({ key, ...change }, { from, to, backend })) await schema.run(step);
    },
  };
}

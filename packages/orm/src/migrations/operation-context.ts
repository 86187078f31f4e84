import type { Backend } from "../backends/base/backend.ts";
import type { SchemaEditor } from "../backends/base/schema-editor.ts";
import type { MigrationDatabase } from "./migration-database.ts";
import type { OperationContext } from "./operations/operation.ts";
import type { ProjectState } from "./state.ts";
import { tableChanges } from "./table-changes.ts";

/** Where an operation's statements go. */
export interface StatementSink {
  execute(statement: string): Promise<void>;
  run(code: (database: MigrationDatabase) => Promise<void>): Promise<void>;
}

/** What an operation is applied with, between two states. */
export function operationContext(
  app: string,
  [from, to]: readonly [ProjectState, ProjectState],
  { editor, backend, sink }: { editor: SchemaEditor; backend: Backend; sink: StatementSink },
): OperationContext {
  return {
    app,
    from,
    to,
    execute: (statement) => sink.execute(statement),
    run: (code) => sink.run(code),
    async changeModel(key, fills = {}) {
      for (const statement of tableChanges(key, { from, to, fills, editor, backend })) await sink.execute(statement);
    },
  };
}

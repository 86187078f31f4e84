import type { Backend } from "../backends/base/backend.ts";
import type { MigrationDatabase } from "./migration-database.ts";
import type { OperationContext } from "./operations/operation.ts";
import type { SchemaRunner } from "./schema-runner.ts";
import type { ProjectState } from "./state.ts";
import { tableChanges } from "./table-changes.ts";

/** Where an operation's statements go. */
export interface StatementSink {
  execute(statement: string): Promise<void>;
  run(code: (database: MigrationDatabase) => Promise<void>, state: ProjectState): Promise<void>;
}

/** What an operation is applied with, between two states. */
export function operationContext(
  app: string,
  [from, to]: readonly [ProjectState, ProjectState],
  { schema, backend, sink, atomic }: { schema: SchemaRunner; backend: Backend; sink: StatementSink; atomic: boolean },
): OperationContext {
  return {
    app,
    from,
    to,
    vendor: backend.vendor,
    atomic,
    async execute(statement) {
      await schema.flush();
      await sink.execute(statement);
    },
    async run(code) {
      await schema.flush();
      await sink.run(code, from);
    },
    async changeModel(key, change = {}) {
      for (const step of tableChanges({ key, ...change }, { from, to, backend })) await schema.run(step);
    },
  };
}

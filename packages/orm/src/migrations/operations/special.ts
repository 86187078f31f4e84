import type { MigrationDatabase } from "../migration-database.ts";
import type { Operation } from "./operation.ts";

/** A statement, or several in order. Each string is one statement. */
export type Statements = string | readonly string[];

/** Runs statements of your own. Without `backwards` it cannot be taken back. */
export function runSql(statements: { readonly forwards: Statements; readonly backwards?: Statements }): Operation {
  const { forwards, backwards } = statements;
  return {
    call: ["runSql", statements],
    description: "Run SQL",
    changeState: (_app, state) => state,
    forwards: async ({ execute }) => {
      for (const statement of [forwards].flat()) await execute(statement);
    },
    ...(backwards !== undefined && {
      backwards: async ({ execute }: Parameters<Operation["forwards"]>[0]) => {
        for (const statement of [backwards].flat()) await execute(statement);
      },
    }),
  };
}

/** Work on the rows, inside the migration's transaction. */
export type MigrationCode = (database: MigrationDatabase) => Promise<void>;

/** Runs code of your own. Without `backwards` it cannot be taken back; `async () => {}` lets it be passed over. */
export function runCode(code: { readonly forwards: MigrationCode; readonly backwards?: MigrationCode }): Operation {
  const { forwards, backwards } = code;
  return {
    call: ["runCode", code],
    description: "Run code",
    changeState: (_app, state) => state,
    forwards: ({ run }) => run(forwards),
    ...(backwards && { backwards: ({ run }: Parameters<Operation["forwards"]>[0]) => run(backwards) }),
  };
}

import { BadMigrationError } from "../../exceptions.ts";
import type { MigrationDatabase } from "../migration-database.ts";
import type { ProjectState } from "../state.ts";
import type { Operation, OperationContext } from "./operation.ts";

/** A statement, or several in order. Each string is one statement. */
export type Statements = string | readonly string[];

/** What `runSql` is told. */
export interface RunSqlOptions {
  readonly forwards: Statements;
  readonly backwards?: Statements;
  /** What the statements mean for the models, as operations that touch nothing in the database. */
  readonly state?: readonly Operation[];
  /** Whether it may be left out where migrations are squashed. */
  readonly elidable?: boolean;
}

/**
 * Runs statements of your own. Without `backwards` it cannot be taken back; `[]` lets it be passed over.
 * Source: https://docs.djangoproject.com/en/5.2/ref/migration-operations/#runsql
 */
export function runSql(options: RunSqlOptions): Operation {
  const { forwards, backwards, state: changes = [], elidable = false } = options;
  const run =
    (statements: Statements) =>
    async ({ execute }: OperationContext) => {
      for (const statement of [statements].flat()) await execute(statement);
    };
  return {
    call: ["runSql", options],
    description: "Run SQL",
    elidable,
    changeState: (app, state) => statesThrough(changes, app, state).at(-1) as ProjectState,
    forwards: run(forwards),
    ...(backwards !== undefined && { backwards: run(backwards) }),
  };
}

/** Work on the rows, inside the migration's transaction. */
export type MigrationCode = (database: MigrationDatabase) => Promise<void>;

/** What `runCode` is told. */
export interface RunCodeOptions {
  readonly forwards: MigrationCode;
  readonly backwards?: MigrationCode;
  /** Whether it may be left out where migrations are squashed. */
  readonly elidable?: boolean;
}

/**
 * Runs code of your own. Without `backwards` it cannot be taken back; `async () => {}` lets it be passed over.
 * Source: https://docs.djangoproject.com/en/5.2/ref/migration-operations/#runpython
 */
export function runCode(options: RunCodeOptions): Operation {
  const { forwards, backwards, elidable = false } = options;
  return {
    call: ["runCode", options],
    description: "Run code",
    elidable,
    changeState: (_app, state) => state,
    forwards: ({ run }) => run(forwards),
    ...(backwards && { backwards: ({ run }: OperationContext) => run(backwards) }),
  };
}

/** What `separateDatabaseAndState` is told. */
export interface SeparateOptions {
  /** What happens to the tables. */
  readonly database?: readonly Operation[];
  /** What migrations take to have happened. */
  readonly state?: readonly Operation[];
}

/**
 * Does one thing to the tables and another to the models that migrations know: for tables that are changed by hand, or
 * models that move to another app.
 * Source: https://docs.djangoproject.com/en/5.2/ref/migration-operations/#separatedatabaseandstate
 */
export function separateDatabaseAndState(options: SeparateOptions): Operation {
  const { database = [], state: changes = [] } = options;
  const through = (context: OperationContext, start: ProjectState) => statesThrough(database, context.app, start);
  const oneWay = database.find((operation) => operation.backwards === undefined);
  return {
    call: ["separateDatabaseAndState", options],
    description: `Separately: ${[...database, ...changes].map((each) => each.description).join(", ") || "nothing"}`,
    destructive: database.some((operation) => operation.destructive === true),
    changeState: (app, state) => statesThrough(changes, app, state).at(-1) as ProjectState,
    async forwards(context) {
      const states = through(context, context.from);
      for (const [index, operation] of database.entries()) {
        await operation.forwards(context.between(states[index] as ProjectState, states[index + 1] as ProjectState));
      }
    },
    ...(oneWay === undefined && {
      async backwards(context: OperationContext) {
        const states = through(context, context.to);
        for (const [index, operation] of [...database.entries()].reverse()) {
          await operation.backwards?.(
            context.between(states[index + 1] as ProjectState, states[index] as ProjectState),
          );
        }
      },
    }),
  };
}

function statesThrough(operations: readonly Operation[], app: string, start: ProjectState): ProjectState[] {
  const states = [start];
  for (const operation of operations) {
    if (typeof operation?.changeState !== "function") {
      throw new BadMigrationError(
        `Operations are made with functions such as addField(…); found ${String(operation)}.`,
      );
    }
    states.push(operation.changeState(app, states.at(-1) as ProjectState));
  }
  return states;
}

import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
} from "kysely";
import { connections } from "../connections.ts";
import { DEFAULT_ALIAS } from "../constants.ts";
import { NotSupportedError, QueryError } from "../exceptions.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelType, Options } from "../models/options.ts";
import { databaseForWrite } from "../routers.ts";
import { runStatement } from "../transaction.ts";
import type { KyselyTables } from "./kysely.types.ts";
import { ModelNames } from "./kysely-plugin.ts";

/** What `kysely` takes besides the models. */
export interface KyselyOptions {
  /** The alias of the database. Default: the one that the models are written to, by the routers, or `default`. */
  readonly using?: string;
}

/**
 * Kysely over the tables of models, by the names that they are given here, with the types of their columns. It runs in the
 * current transaction. Values of columns are those of the fields, also of a query inside of another one, and of `min` and
 * `max`; what else is computed is as the database gives it.
 * Source: https://kysely.dev
 * @example
 * const rows = await kysely({ Book, Author })
 *   .selectFrom("Book")
 *   .innerJoin("Author", "Author.id", "Book.authorId")
 *   .select(["Book.title", "Author.name as author"])
 *   .execute();
 */
export function kysely<const T extends Readonly<Record<string, object>>>(
  models: T,
  options: KyselyOptions = {},
): Kysely<KyselyTables<T>> {
  const using = options.using ?? databaseOf(Object.values(models) as unknown as ModelType[]);
  const tables = new Map<string, Options>(
    Object.entries(models).map(([name, model]) => [name, optionsOf(model as unknown as ModelType)]),
  );
  connections.options(using);
  const backend = () => connections.get(using);
  const made: unknown = new Kysely({ dialect: new ModelDialect(using), plugins: [new ModelNames(tables, backend)] });
  return made as Kysely<KyselyTables<T>>;
}

/** The database that models are written to: statements by hand may do anything. */
function databaseOf(models: readonly ModelType[]): string {
  const aliases = models.map((model) => databaseForWrite(model) ?? DEFAULT_ALIAS);
  const [alias = DEFAULT_ALIAS] = aliases;
  const other = aliases.findIndex((each) => each !== alias);
  if (other < 0) return alias;
  throw new QueryError(
    `kysely(): ${models[0]?.name} is in the database "${alias}", ${models[other]?.name} in "${aliases[other]}". A statement is ` +
      "of one database: give each its own kysely(), or say which with { using }.",
  );
}

/** Compiles as the database's backend does, and executes where statements of query sets are executed. */
class ModelDialect implements Dialect {
  readonly #alias: string;

  constructor(alias: string) {
    this.#alias = alias;
  }

  createAdapter(): SqliteAdapter {
    return new SqliteAdapter();
  }
  createDriver(): Driver {
    return new ModelDriver(this.#alias);
  }
  createQueryCompiler(): QueryCompiler {
    const alias = this.#alias;
    return {
      compileQuery: (query, queryId) => ({ query, queryId, ...connections.get(alias).compileQuery(query) }),
    };
  }
  createIntrospector(db: unknown): ReturnType<Dialect["createIntrospector"]> {
    void db;
    return refuse("introspection");
  }
}

class ModelDriver implements Driver {
  readonly #alias: string;

  constructor(alias: string) {
    this.#alias = alias;
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    const alias = this.#alias;
    return {
      async executeQuery<R>({
        sql,
        parameters,
      }: {
        sql: string;
        parameters: readonly unknown[];
      }): Promise<QueryResult<R>> {
        const { columns, rows, changes } = await runStatement(alias, { sql, parameters });
        const objects = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
        return { rows: objects as R[], numAffectedRows: BigInt(changes) };
      },
      streamQuery: () => refuse("stream(): await execute(), or iterate a query set"),
    };
  }
  async beginTransaction(): Promise<void> {
    refuse("transaction(): write atomic(async () => { … }) around it");
  }
  async commitTransaction(): Promise<void> {
    refuse("transaction(): write atomic(async () => { … }) around it");
  }
  async rollbackTransaction(): Promise<void> {
    refuse("transaction(): write atomic(async () => { … }) around it");
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

function refuse(what: string): never {
  throw new NotSupportedError(`kysely() has no ${what}.`);
}

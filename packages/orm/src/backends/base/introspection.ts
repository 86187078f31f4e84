import type { Backend } from "./backend.ts";

/** What a database says of a table. */
export interface IntrospectedTable {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    /** As the database writes it: `character varying(100)` on PostgreSQL. */
    readonly type: string;
    readonly null: boolean;
    readonly primaryKey: boolean;
    readonly auto: boolean;
    /** Whether the database computes it. */
    readonly generated?: boolean;
    readonly references?: { readonly table: string; readonly column: string };
  }[];
  /** Without the primary key's. */
  readonly indexes: readonly {
    readonly name: string;
    readonly columns: readonly { readonly name: string; readonly descending: boolean }[];
    readonly unique: boolean;
    readonly where?: string;
  }[];
  readonly checks: readonly { readonly name: string; readonly sql: string }[];
}

/** Reads what tables a database has. */
export interface Introspection {
  /** The names of all tables, in order. */
  tableNames(backend: Pick<Backend, "execute">): Promise<string[]>;
  /** One table; undefined where there is none. */
  table(backend: Pick<Backend, "execute">, name: string): Promise<IntrospectedTable | undefined>;
}

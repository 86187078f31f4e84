import { quoteName } from "../../backends/base/schema-editor.ts";
import { BadMigrationError } from "../../exceptions.ts";
import type { ConstraintState, IndexState } from "../state.ts";
import { addConstraint, addIndex, removeIndex } from "./indexes.ts";
import type { Operation, OperationContext } from "./operation.ts";

/**
 * Adds an index that others may go on writing beside. Its migration must say `atomic: false`. SQLite makes it as usual.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#concurrent-index-operations
 */
export function addIndexConcurrently(model: string, index: IndexState): Operation {
  return concurrently("addIndexConcurrently", addIndex(model, index), [model, index]);
}

/** Removes an index without waiting for those who use the table. Its migration must say `atomic: false`. */
export function removeIndexConcurrently(model: string, name: string): Operation {
  return concurrently("removeIndexConcurrently", removeIndex(model, name), [model, name]);
}

/** In a migration that is not atomic, all indexes are built concurrently. */
function concurrently(name: string, operation: Operation, args: readonly unknown[]): Operation {
  const guarded = (run: Operation["forwards"]) => async (context: OperationContext) => {
    if (context.atomic && context.vendor === "postgres") {
      throw new BadMigrationError(
        `${name}("${args[0]}", …) cannot run in a transaction. Write atomic: false in its migration, and nothing else into it.`,
      );
    }
    await run(context);
  };
  return {
    ...operation,
    call: [name, ...args],
    description: `${operation.description} concurrently`,
    forwards: guarded(operation.forwards),
    ...(operation.backwards && { backwards: guarded(operation.backwards) }),
  };
}

/**
 * Adds a check that new rows must obey at once; those that are there are not looked at before `validateConstraint`.
 * SQLite, which cannot do so, looks at them here.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#adding-constraints-without-enforcing-validation
 */
export function addConstraintNotValid(
  model: string,
  constraint: Extract<ConstraintState, { readonly check: unknown }>,
): Operation {
  const operation = addConstraint(model, constraint);
  return {
    ...operation,
    call: ["addConstraintNotValid", model, constraint],
    description: `Create not valid constraint ${constraint.name} on ${model}`,
    nameFragment: `${constraint.name}_not_valid`.toLowerCase(),
    async forwards(context) {
      if (context.vendor !== "postgres") return operation.forwards(context);
      const table = context.table(`${context.app}.${model}`);
      const check = table.checks.find(({ name }) => name === constraint.name);
      await context.execute(
        `ALTER TABLE ${quoteName(table.name)} ADD CONSTRAINT ${quoteName(constraint.name)} CHECK (${check?.sql}) NOT VALID`,
        model,
      );
    },
  };
}

/** Looks at the rows that were there before `addConstraintNotValid`, without a lock that keeps writers out. */
export function validateConstraint(model: string, name: string): Operation {
  return {
    call: ["validateConstraint", model, name],
    description: `Validate constraint ${name} on ${model}`,
    nameFragment: `validate_${name}`.toLowerCase(),
    changeState: (_app, state) => state,
    async forwards(context) {
      // Elsewhere a constraint was validated when it was added.
      if (context.vendor !== "postgres") return;
      const table = context.table(`${context.app}.${model}`);
      const statement = `ALTER TABLE ${quoteName(table.name)} VALIDATE CONSTRAINT ${quoteName(name)}`;
      await context.execute(statement, model);
    },
    backwards: async () => {},
  };
}

/** Statements for PostgreSQL alone; other databases pass them over, as they have nothing of the kind. */
function postgresOnly(
  call: Operation["call"],
  description: string,
  statements: { readonly forwards: string; readonly backwards: string },
): Operation {
  const run =
    (statement: string) =>
    async ({ vendor, execute }: OperationContext) => {
      if (vendor === "postgres") await execute(statement);
    };
  return {
    call,
    description,
    nameFragment: String(call[1]).toLowerCase(),
    changeState: (_app, state) => state,
    forwards: run(statements.forwards),
    backwards: run(statements.backwards),
  };
}

/**
 * Installs an extension in a PostgreSQL database: `createExtension("pg_trgm")`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#createextension
 */
export function createExtension(name: string): Operation {
  return extension(["createExtension", name], name);
}

/** Installs `pg_trgm`: texts that are alike, and `gin_trgm_ops` for indexes of parts of texts. */
export function trigramExtension(): Operation {
  return extension(["trigramExtension"], "pg_trgm");
}

/** Installs `unaccent`: texts without accents. */
export function unaccentExtension(): Operation {
  return extension(["unaccentExtension"], "unaccent");
}

/** Installs `btree_gin`: GIN indexes of plain values beside others. */
export function btreeGinExtension(): Operation {
  return extension(["btreeGinExtension"], "btree_gin");
}

/** Installs `btree_gist`: GiST indexes of plain values beside others. */
export function btreeGistExtension(): Operation {
  return extension(["btreeGistExtension"], "btree_gist");
}

/** Installs `pgcrypto`, which `SHA1` needs. */
export function cryptoExtension(): Operation {
  return extension(["cryptoExtension"], "pgcrypto");
}

function extension(call: Operation["call"], name: string): Operation {
  const operation = postgresOnly(call, `Create extension ${name}`, {
    forwards: `CREATE EXTENSION IF NOT EXISTS ${quoteName(name)}`,
    backwards: `DROP EXTENSION IF EXISTS ${quoteName(name)}`,
  });
  return { ...operation, nameFragment: name.toLowerCase() };
}

/** What a collation is made of. */
export interface CollationOptions {
  /** `"de-u-ks-level2"`, `"en_US.utf8"`. */
  readonly locale: string;
  /** Default `"icu"`. */
  readonly provider?: "icu" | "libc";
  /** False lets texts be equal that are not the same bytes. Default true. */
  readonly deterministic?: boolean;
}

/**
 * Makes a collation in a PostgreSQL database.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#managing-collations-using-migrations
 */
export function createCollation(name: string, options: CollationOptions): Operation {
  return postgresOnly(["createCollation", name, options], `Create collation ${name}`, {
    forwards: collationSql(name, options),
    backwards: `DROP COLLATION ${quoteName(name)}`,
  });
}

/** Drops a collation of a PostgreSQL database; the options make it again. */
export function removeCollation(name: string, options: CollationOptions): Operation {
  return postgresOnly(["removeCollation", name, options], `Remove collation ${name}`, {
    forwards: `DROP COLLATION ${quoteName(name)}`,
    backwards: collationSql(name, options),
  });
}

function collationSql(name: string, { locale, provider = "icu", deterministic = true }: CollationOptions): string {
  const quoted = `'${locale.replaceAll("'", "''")}'`;
  return `CREATE COLLATION ${quoteName(name)} (locale = ${quoted}, provider = ${provider}, deterministic = ${deterministic})`;
}

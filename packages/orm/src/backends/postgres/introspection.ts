import type { Backend } from "../base/backend.ts";
import { rowObjects } from "../base/connection.ts";
import type { IntrospectedTable, Introspection } from "../base/introspection.ts";

type Rows = Record<string, unknown>[];

/** Reads tables of the current schema from PostgreSQL's catalogue. */
export const postgresIntrospection: Introspection = {
  async tableNames(backend) {
    const rows = await read(
      backend,
      "SELECT relname AS name FROM pg_class " +
        "WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace ORDER BY relname",
    );
    return rows.map((row) => String(row["name"]));
  },
  async table(backend, name) {
    const found = await columns(backend, name);
    if (found.length === 0) return undefined;
    return { name, columns: found, indexes: await indexes(backend, name), checks: await checks(backend, name) };
  },
};

const TABLE = "(SELECT oid FROM pg_class WHERE relname = $1 AND relnamespace = current_schema()::regnamespace)";

async function read(backend: Pick<Backend, "execute">, sql: string, ...parameters: string[]): Promise<Rows> {
  return rowObjects(await backend.execute(sql, parameters));
}

async function columns(backend: Pick<Backend, "execute">, table: string): Promise<IntrospectedTable["columns"]> {
  const rows = await read(
    backend,
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
       (a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false)) AS auto,
       a.attgenerated <> '' AS is_generated, pk.conname IS NOT NULL AS primary_key,
       target.relname AS target_table, key.attname AS target_column
     FROM pg_attribute a
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     LEFT JOIN pg_constraint pk ON pk.conrelid = a.attrelid AND pk.contype = 'p' AND a.attnum = ANY (pk.conkey)
     LEFT JOIN pg_constraint fk ON fk.conrelid = a.attrelid AND fk.contype = 'f' AND fk.conkey[1] = a.attnum
     LEFT JOIN pg_class target ON target.oid = fk.confrelid
     LEFT JOIN pg_attribute key ON key.attrelid = fk.confrelid AND key.attnum = fk.confkey[1]
     WHERE a.attrelid = ${TABLE} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    table,
  );
  return rows.map((row) => ({
    name: String(row["name"]),
    type: String(row["type"]),
    null: row["required"] !== true,
    primaryKey: row["primary_key"] === true,
    auto: row["auto"] === true,
    ...(row["is_generated"] === true && { generated: true }),
    ...(row["target_table"] !== null && {
      references: { table: String(row["target_table"]), column: String(row["target_column"]) },
    }),
  }));
}

async function indexes(backend: Pick<Backend, "execute">, table: string): Promise<IntrospectedTable["indexes"]> {
  const rows = await read(
    backend,
    `SELECT class.relname AS name, i.indisunique AS is_unique, pg_get_expr(i.indpred, i.indrelid) AS condition,
       a.attname AS column_name, (i.indoption[k.position - 1] & 1) = 1 AS descending
     FROM pg_index i
     JOIN pg_class class ON class.oid = i.indexrelid
     CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = ${TABLE} AND NOT i.indisprimary ORDER BY class.relname, k.position`,
    table,
  );
  return [...Map.groupBy(rows, (row) => String(row["name"]))].map(([name, parts]) => ({
    name,
    columns: parts.map((part) => ({ name: String(part["column_name"]), descending: part["descending"] === true })),
    unique: parts[0]?.["is_unique"] === true,
    ...(parts[0]?.["condition"] != null && { where: String(parts[0]["condition"]) }),
  }));
}

async function checks(backend: Pick<Backend, "execute">, table: string): Promise<IntrospectedTable["checks"]> {
  const rows = await read(
    backend,
    `SELECT conname AS name, pg_get_expr(conbin, conrelid) AS sql FROM pg_constraint
     WHERE conrelid = ${TABLE} AND contype = 'c' ORDER BY conname`,
    table,
  );
  return rows.map((row) => ({ name: String(row["name"]), sql: String(row["sql"]) }));
}

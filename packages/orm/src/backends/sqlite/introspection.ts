import type { Backend } from "../base/backend.ts";
import { rowObjects } from "../base/connection.ts";
import type { IntrospectedTable, Introspection } from "../base/introspection.ts";

type Rows = Record<string, unknown>[];

/** Reads tables from `sqlite_master` and the table-valued pragmas. */
export const sqliteIntrospection: Introspection = {
  async tableNames(backend) {
    const rows = await read(
      backend,
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    );
    return rows.map((row) => String(row["name"]));
  },
  async table(backend, name) {
    const [master] = await read(backend, "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", name);
    if (master === undefined) return undefined;
    const sql = String(master["sql"]);
    return {
      name,
      columns: await columns(backend, name, sql),
      indexes: await indexes(backend, name),
      checks: checks(sql),
    };
  },
};

async function read(backend: Pick<Backend, "execute">, sql: string, ...parameters: string[]): Promise<Rows> {
  return rowObjects(await backend.execute(sql, parameters));
}

async function columns(
  backend: Pick<Backend, "execute">,
  table: string,
  sql: string,
): Promise<IntrospectedTable["columns"]> {
  const keys = await read(backend, 'SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)', table);
  const rows = await read(
    backend,
    'SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid',
    table,
  );
  return rows.map((row) => {
    const key = keys.find((each) => each["from"] === row["name"]);
    const primaryKey = Number(row["pk"]) > 0;
    return {
      name: String(row["name"]),
      type: String(row["type"]),
      null: Number(row["notnull"]) === 0,
      primaryKey,
      auto: primaryKey && /AUTOINCREMENT/i.test(sql),
      ...(Number(row["hidden"]) > 1 && { generated: true }),
      ...(key && { references: { table: String(key["table"]), column: String(key["to"]) } }),
    };
  });
}

async function indexes(backend: Pick<Backend, "execute">, table: string): Promise<IntrospectedTable["indexes"]> {
  const rows = await read(
    backend,
    'SELECT list.name, list."unique", master.sql FROM pragma_index_list(?) AS list ' +
      "JOIN sqlite_master AS master ON master.type = 'index' AND master.name = list.name " +
      "WHERE list.origin <> 'pk' ORDER BY list.name",
    table,
  );
  const found: IntrospectedTable["indexes"][number][] = [];
  for (const row of rows) {
    const name = String(row["name"]);
    const parts = await read(
      backend,
      'SELECT name, "desc" FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno',
      name,
    );
    const where = / WHERE (.*)$/s.exec(String(row["sql"] ?? ""))?.[1];
    found.push({
      name,
      columns: parts.map((part) => ({ name: String(part["name"]), descending: Number(part["desc"]) === 1 })),
      unique: Number(row["unique"]) === 1,
      ...(where !== undefined && { where }),
    });
  }
  return found;
}

function checks(sql: string): IntrospectedTable["checks"] {
  return [...sql.matchAll(/CONSTRAINT "((?:[^"]|"")+)" CHECK \(/g)].map((match) => ({
    name: (match[1] as string).replaceAll('""', '"'),
    sql: untilClosed(sql, match.index + match[0].length),
  }));
}

/** The text from `start` to the parenthesis that closes the one before it; those in quotes do not count. */
function untilClosed(sql: string, start: number): string {
  let depth = 1;
  let quote: string | undefined;
  for (let at = start; at < sql.length; at++) {
    const character = sql[at] as string;
    if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) return sql.slice(start, at);
  }
  return sql.slice(start);
}

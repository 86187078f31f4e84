// Run as a process of its own: moves money between accounts until it is killed.

import { configure, type Settings } from "@tsjango/kernel/conf";
import Database from "better-sqlite3";
import { atomic } from "../../src/index.ts";
import { runStatement } from "../../src/transaction.ts";

const [file = ""] = process.argv.slice(2);
new Database(file).exec(
  "create table if not exists account (id integer primary key, amount integer not null);" +
    "create table if not exists entry (id integer primary key, account_id integer not null, amount integer not null);" +
    "insert or ignore into account values (1, 500), (2, 500);",
);
configure({ databases: { default: { url: `sqlite:${file}` } } } as unknown as Settings);

const run = (sql: string, ...parameters: unknown[]) => runStatement("default", { sql, parameters });

for (let move = 1; ; move++) {
  const [from, to] = move % 2 === 0 ? [1, 2] : [2, 1];
  await atomic(async () => {
    await run("update account set amount = amount - 1 where id = ?", from);
    await run("insert into entry (account_id, amount) values (?, -1)", from);
    await atomic(async () => {
      await run("update account set amount = amount + 1 where id = ?", to);
      await new Promise((resolve) => setImmediate(resolve));
      await run("insert into entry (account_id, amount) values (?, 1)", to);
    });
  });
  if (move === 1) process.stdout.write("moving\n");
}

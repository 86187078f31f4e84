import { tmpdir } from "node:os";
import { apps, defineApp } from "@tsjango/kernel/apps";
import { configure } from "@tsjango/kernel/conf";
import Database from "better-sqlite3";
import { connections } from "../src/connections.ts";
import { currentModels } from "../src/migrations/models-state.ts";
import { renderTable } from "../src/migrations/render-table.ts";
import { schemaEditors } from "../src/migrations/vendors.ts";
import { prepareModels } from "../src/models/prepare.ts";
import * as models from "./support/models.ts";
import { rmSync } from "node:fs";
rmSync("/tmp/ormperf/x.sqlite3", { force: true });
const shop = defineApp({ name: "shop", models: async () => models });
configure({ baseDir: tmpdir(), installedApps: [shop], databases: { default: { url: "sqlite:/tmp/ormperf/x.sqlite3" } } } as never);
await apps.load([shop]);
prepareModels(apps.all());
const backend = connections.get();
const { state } = currentModels(apps);
for (const name of ["Author", "Publisher", "Profile", "Book", "Review"])
  for (const s of schemaEditors.sqlite.createTable(renderTable(state, state.find(`shop.${name}`)!, backend))) await backend.execute(s);
const a = await models.Author.objects.create({ name: "x" });
await models.Book.objects.create({ title: "T", author: a });
const db = new Database("/tmp/ormperf/x.sqlite3");
const st = db.prepare("select * from shop_book where id = ?");
const raw = db.prepare("select * from shop_book where id = ?").raw(true).safeIntegers(true);
const lim = db.prepare("select * from shop_book where id = ? limit ?").raw(true);
const time = async (f: () => unknown) => { const t = performance.now(); for (let i = 0; i < 5000; i++) await f(); return +((performance.now() - t) / 5).toFixed(1); };
for (let r = 0; r < 4; r++) {
  console.log({ bare: await time(() => st.get(1)), rawAll: await time(() => raw.all(1n)), lim: await time(() => lim.all(1n, 21)),
    driver: await time(() => backend.execute("select * from shop_book where id = ?", [1n])),
    book: await time(() => models.Book.objects.get({ id: 1 })), author: await time(() => models.Author.objects.get({ id: 1 })) });
}

import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineApp, setup, type TestRun, tearDown } from "@tsjango/kernel/apps";
import { settingsDefiner } from "@tsjango/kernel/conf";
import orm from "../../src/app.ts";
import { openDatabase } from "../../src/connections.ts";
import { makeMigrations, migrationsDirectory } from "../../src/migrations/make-migrations.ts";
import { writeMigration } from "../../src/migrations/writer.ts";
import { dropDatabases } from "../../src/test/postgres-databases.ts";
import { projectDirectory } from "../migrations/project.ts";
import * as models from "../support/models.ts";
import { postgresUrl } from "../support/postgres-broker.ts";
import { use } from "../support/use.ts";

/** A project with migrations, the shop's models, and a run of its tests. */
export interface ProjectUnderTest {
  readonly path: string;
  readonly run: TestRun;
  /** The prefix of its databases at the server. */
  readonly prefix: string;
  /** Writes a migration of code into the app. */
  write(name: string, operations: string): void;
  /** The names of its databases at the server, or of its templates in the cache. */
  serverDatabases(): Promise<string[]>;
}

/** Sets it up until the end of the test. */
export async function projectUnderTest(vendor: string, aliases: readonly string[] = ["default"]) {
  const { path } = use(projectDirectory());
  const shop = defineApp({ name: "shop", path: join(path, "shop"), models: async () => models });
  const name = `kit_${randomBytes(5).toString("hex")}`;
  const server = vendor === "postgres" ? await postgresUrl() : "";
  const urls = aliases.map((alias) =>
    vendor === "sqlite" ? `sqlite:${alias}.sqlite3` : server.replace(/[^/]*$/, `${name}_${alias}`),
  );
  const settings = settingsDefiner([orm])({
    baseDir: path,
    secretKey: "x",
    installedApps: [shop],
    databases: Object.fromEntries(aliases.map((alias, index) => [alias, { url: urls[index] as string }])),
  });
  await setup(settings as never);
  use({ [Symbol.asyncDispose]: tearDown });
  for (const migration of (await makeMigrations()).migrations) writeMigration(migrationsDirectory(shop), migration);
  const directory = use(projectDirectory()).path;
  const run = { directory, cacheDirectory: join(path, "cache"), keepDatabases: false, recreateDatabases: false };
  const onServer = async <T>(work: (admin: ReturnType<typeof openDatabase>) => Promise<T>) => {
    const admin = openDatabase("admin", { url: server, maxConnections: 1 });
    try {
      return await work(admin);
    } finally {
      await admin.close();
    }
  };
  const serverDatabases = () =>
    onServer(async (admin) => {
      const list = "SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY 1";
      return (await admin.execute(list, [`test_${name}`])).rows.map(([found]) => String(found));
    });
  if (vendor === "postgres") {
    use({
      async [Symbol.asyncDispose]() {
        await dropDatabases(run);
        for (const database of await serverDatabases()) {
          await onServer(async (admin) => {
            await admin.execute(`ALTER DATABASE "${database}" IS_TEMPLATE false`);
            await admin.execute(`DROP DATABASE "${database}" WITH (FORCE)`);
          });
        }
      },
    });
  }
  return {
    path,
    run,
    prefix: `test_${name}_default`,
    write(file: string, operations: string) {
      const head = 'import { migration, runCode, runSql } from "tsjango/db/migrations";\n';
      const previous = file.startsWith("0002") ? "0001_initial" : "0002_more";
      const body = `export default migration({ dependencies: [["shop", "${previous}"]], operations: [${operations}] });\n`;
      writeFileSync(join(migrationsDirectory(shop), `${file}.ts`), head + body);
    },
    serverDatabases,
  } satisfies ProjectUnderTest;
}

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { quantile } from "../harness.ts";

/**
 * What migrations cost in a project of 200 models: `makemigrations` where nothing has changed, and `migrate` of 200
 * migrations on an empty SQLite file; whole processes, from their start to their end. Beside each, `tsjango version`
 * in the same project: what starting costs. `node migrations/run.ts [rounds]`; `npm run build` first for the built packages.
 */
const rounds = Number(process.argv[2] ?? 5);
const root = resolve(import.meta.dirname, "../..");
const work = join(root, ".cache/bench-migrations");
const bin = join(root, "packages/tsjango/bin/tsjango.js");
const env = { ...process.env, NODE_OPTIONS: process.env["BENCH_SOURCE"] ? "--conditions=@tsjango/source" : "" };

const APPS = 10;
const MODELS = 20;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), text);
}

function model(name: string, target: string): string {
  return `export class ${name} extends Model<${name}>()({
  title: fields.char({ maxLength: 200 }),
  slug: fields.slug({ unique: true }),
  pages: fields.positiveInteger({ default: 0 }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, default: "0" }),
  published: fields.dateTime({ null: true }),
  created: fields.dateTime({ autoNowAdd: true }),
  draft: fields.boolean({ default: true }),
  text: fields.text({ default: "" }),
  other: () => fields.foreignKey(${target}, { null: true, onDelete: "setNull" }),
}) {
  static override meta = meta<${name}>({ indexes: [["title", "-published"]] });
}
`;
}

function project(apps: readonly string[]): void {
  rmSync(work, { recursive: true, force: true });
  write("package.json", JSON.stringify({ type: "module", tsjango: { settings: "./site/settings.ts" } }));
  const imports = apps.map((app) => `import ${app} from "../${app}/app.ts";`).join("\n");
  write(
    "site/settings.ts",
    `import { defineSettings } from "tsjango/conf";
${imports}
export default defineSettings({
  baseDir: new URL("..", import.meta.url),
  secretKey: "${"k".repeat(60)}",
  debug: true,
  allowedHosts: [],
  installedApps: [${apps.join(", ")}],
  middleware: [],
  rootUrlconf: async () => ({ urlpatterns: [] }),
  databases: { default: { url: "sqlite:db.sqlite3" } },
});
`,
  );
  for (const app of apps) write(`${app}/app.ts`, appSource(app));
}

function appSource(app: string): string {
  return `import { defineApp } from "tsjango/apps";
export default defineApp({ name: "${app}", models: () => import("./models.ts") });
`;
}

/** Ten apps of twenty models of ten fields, with their migrations. */
function projectOfModels(): void {
  const apps = Array.from({ length: APPS }, (_, index) => `app${index}`);
  project(apps);
  for (const app of apps) {
    const models = Array.from({ length: MODELS }, (_, index) =>
      model(`Model${index}`, `Model${Math.max(0, index - 1)}`),
    );
    write(`${app}/models.ts`, `import { fields, Model, meta } from "tsjango/db";\n${models.join("\n")}`);
  }
  run("makemigrations");
}

/** One app whose 200 migrations each make a model, add a field to the one before, and alter that field. */
function projectOfMigrations(): void {
  project(["history"]);
  write("history/models.ts", "export {};\n");
  for (let number = 1; number <= 200; number++) {
    const before = `Model${number - 1}`;
    const more =
      number === 1
        ? ""
        : `addField("${before}", "more", fields.integer({ null: true })),
    alterField("${before}", "more", fields.integer({ default: 0 }), { fill: 0 }),`;
    const name = (value: number) => `${String(value).padStart(4, "0")}_step`;
    write(
      `history/migrations/${name(number)}.ts`,
      `import { addField, alterField, createModel, fields, migration } from "tsjango/db/migrations";
export default migration({
  dependencies: [${number === 1 ? "" : `["history", "${name(number - 1)}"]`}],
  operations: [
    createModel("Model${number}", { fields: {
      id: fields.auto({ primaryKey: true }), title: fields.char({ maxLength: 200 }), slug: fields.slug({ unique: true }),
      price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, default: "0" }), created: fields.dateTime({ autoNowAdd: true }),
    } }),
    ${more}
  ],
});
`,
    );
  }
}

function run(...words: string[]): number {
  const start = performance.now();
  execFileSync(process.execPath, [bin, ...words], { cwd: work, env, stdio: ["ignore", "ignore", "inherit"] });
  return performance.now() - start;
}

function measure(title: string, words: readonly string[], before: () => void = () => {}): void {
  const [times, starts]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    before();
    starts.push(run("version"));
    times.push(run(...words));
  }
  const shown = (values: number[]) => [0.25, 0.5, 0.75].map((q) => Math.round(quantile(values, q))).join(" / ");
  console.log(`${title}: ${shown(times)} ms (quartiles); tsjango version: ${shown(starts)} ms`);
}

console.log(`Node ${process.version}, ${rounds} rounds`);
projectOfModels();
measure(`makemigrations --check, ${APPS * MODELS} models without a change`, ["makemigrations", "--check"]);
projectOfMigrations();
measure("migrate, 200 migrations on SQLite", ["migrate", "--skip-checks"], () => {
  for (const file of readdirSync(work)) if (file.startsWith("db.sqlite3")) rmSync(join(work, file));
});

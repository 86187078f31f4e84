import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * What the types cost: a project of 100 models in a ring (14 fields and relations each, every fourth with query methods)
 * and 300 query functions (a filter of five keys, selectRelated, orderBy; a create), checked on one thread.
 * `node types/run.ts [models] [queries]`. Instantiations are exact; times are those of a shared machine.
 */
const models = Number(process.argv[2] ?? 100);
const queries = Number(process.argv[3] ?? 300);
const aggregates = process.argv[4] === "aggregates";
const root = resolve(import.meta.dirname, "../..");
const directory = join(root, ".cache/bench-types");

rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
writeFileSync(
  join(directory, "tsconfig.json"),
  JSON.stringify({ extends: "../../tsconfig.base.json", include: ["*.ts"] }),
);
for (let model = 0; model < models; model++) writeFileSync(join(directory, `m${model}.ts`), modelSource(model));
for (let first = 0; first < queries; first += 10) writeFileSync(join(directory, `q${first}.ts`), querySource(first));

const { stdout } = spawnSync(
  join(root, "node_modules/.bin/tsc"),
  ["-p", directory, "--singleThreaded", "--extendedDiagnostics"],
  { encoding: "utf8" },
);
const errors = stdout.split("\n").filter((line) => line.includes("error TS"));
const figure = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(stdout)?.[1] ?? "?";
console.log(
  `${models} models, ${queries} queries: ${figure("Instantiations")} instantiations, check ${figure("Check time")}, memory ${figure("Memory used")}`,
);
for (const error of errors.slice(0, 5)) console.error(error);
process.exitCode = errors.length === 0 ? 0 : 1;

function modelSource(model: number): string {
  const at = (other: number) => ((other % models) + models) % models;
  const others = [model * 7 + 1, model * 13 + 5].map(at).filter((other) => other !== model);
  const imported = [...new Set([...others, at(model + 1), at(model - 1)])].filter((other) => other !== model);
  const lines = [
    'import { Model, fields, manager } from "@tsjango/orm";',
    ...imported.map((other) => `import { M${other} } from "./m${other}.ts";`),
    `export class M${model} extends Model<M${model}>()({`,
    ...[0, 1, 2, 3].map((index) => `  c${index}: fields.char({ maxLength: 10 }),`),
    ...[0, 1, 2].map((index) => `  n${index}: fields.integer({ null: true }),`),
    ...[0, 1].map((index) => `  d${index}: fields.dateTime({ null: true }),`),
    "  b: fields.boolean({ default: false }),",
    `  next: () => fields.foreignKey(M${at(model + 1)}, { onDelete: "cascade" }),`,
    ...others.map(
      (other, index) => `  r${index}: () => fields.foreignKey(M${other}, { onDelete: "cascade", null: true }),`,
    ),
    `  prevs: () => fields.related(M${at(model - 1)}, "next"),`,
    "}) {",
    ...(model % 4 === 0
      ? [`  static override objects = manager<M${model}>()({ live() { return this.filter({ b: true }); } });`]
      : []),
    "  get label() { return this.c0 + this.c1; }",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function querySource(first: number): string {
  const used = [...new Set(Array.from({ length: 10 }, (_, index) => (first + index * 3) % models))];
  const lines = [
    'import { Count } from "../../packages/orm/src/expressions/aggregates.ts"; import { Q } from "@tsjango/orm";',
    ...used.map((model) => `import { M${model} } from "./m${model}.ts";`),
    "export async function queries() {",
    ...used.flatMap((model) => [
      `  const a${model} = await M${model}.objects`,
      '    .filter({ c0__icontains: "x", next__next__c1__startswith: "y", n0__gte: 3, d0__year: 2020, prevs__c2: "z" })',
      '    .selectRelated("next")',
      '    .orderBy("-c0", "next__c1");',
      `  a${model}[0]?.next.c0.length; a${model}[0]?.label.length;`,
      `  const v${model} = await M${model}.objects.values("c0", "next__c1", "next__next__n0"); v${model}[0]?.next__next__n0;`,
      `  await M${model}.objects.create({ c0: "", c1: "", c2: "", c3: "", next: 1 });`,
      ...(aggregates
        ? [
            `  const n${model} = await M${model}.objects.annotate({ n: Count("prevs") })`,
            `    .filter(Q({ n__gt: 2 }).or({ c0: "x" }))${model % 4 === 0 ? ".live()" : ""}.orderBy("-n"); n${model}[0]?.n;`,
          ]
        : []),
    ]),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

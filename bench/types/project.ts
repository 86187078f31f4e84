import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** How large a made project is. */
export interface ProjectOptions {
  readonly models: number;
  readonly queries: number;
  /** Whether each query function also annotates with an aggregate and filters by it. */
  readonly aggregates?: boolean;
  /** How many times as many fields each model has: 14 fields and relations with 1. */
  readonly width?: number;
}

/**
 * Writes a project of models in a ring (14 fields and relations each, every fourth with query methods) and of query
 * functions: a filter of five keys, selectRelated, orderBy; values over two hops; a create.
 */
export function writeProject(directory: string, options: ProjectOptions): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const config = { extends: join(relative(directory, root), "tsconfig.base.json"), include: ["*.ts"] };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(config));
  for (let model = 0; model < options.models; model++) {
    writeFileSync(join(directory, `m${model}.ts`), modelSource(model, options));
  }
  for (let first = 0; first < options.queries; first += 10) {
    writeFileSync(join(directory, `q${first}.ts`), querySource(first, options));
  }
}

function modelSource(model: number, { models, width = 1 }: ProjectOptions): string {
  const at = (other: number) => ((other % models) + models) % models;
  const others = [model * 7 + 1, model * 13 + 5].map(at).filter((other) => other !== model);
  const imported = [...new Set([...others, at(model + 1), at(model - 1)])].filter((other) => other !== model);
  const times = (count: number, line: (index: number) => string) =>
    Array.from({ length: count * width }, (_, index) => line(index));
  const lines = [
    'import { Model, fields, manager } from "@tsjango/orm";',
    ...imported.map((other) => `import { M${other} } from "./m${other}.ts";`),
    `export class M${model} extends Model<M${model}>()({`,
    ...times(4, (index) => `  c${index}: fields.char({ maxLength: 10 }),`),
    ...times(3, (index) => `  n${index}: fields.integer({ null: true }),`),
    ...times(2, (index) => `  d${index}: fields.dateTime({ null: true }),`),
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

function querySource(first: number, { models, aggregates = false, width = 1 }: ProjectOptions): string {
  const used = [...new Set(Array.from({ length: 10 }, (_, index) => (first + index * 3) % models))];
  const texts = Array.from({ length: 4 * width }, (_, index) => `c${index}: ""`).join(", ");
  const lines = [
    'import { Count, Q } from "@tsjango/orm";',
    ...used.map((model) => `import { M${model} } from "./m${model}.ts";`),
    "export async function queries() {",
    ...used.flatMap((model) => [
      `  const a${model} = await M${model}.objects`,
      '    .filter({ c0__icontains: "x", next__next__c1__startswith: "y", n0__gte: 3, d0__year: 2020, prevs__c2: "z" })',
      '    .selectRelated("next")',
      '    .orderBy("-c0", "next__c1");',
      `  a${model}[0]?.next.c0.length; a${model}[0]?.label.length;`,
      `  const v${model} = await M${model}.objects.values("c0", "next__c1", "next__next__n0");`,
      `  v${model}[0]?.next__next__n0?.toFixed();`,
      `  await M${model}.objects.create({ ${texts}, next: 1 });`,
      ...(aggregates
        ? [
            `  const n${model} = await M${model}.objects.annotate({ n: Count("prevs") })`,
            `    .filter(Q({ n__gt: 2 }).or({ c0: "x" }))${model % 4 === 0 ? ".live()" : ""}.orderBy("-n");`,
            `  n${model}[0]?.n.toFixed();`,
          ]
        : []),
    ]),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

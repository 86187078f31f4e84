import { join, resolve } from "node:path";
import { checkProject } from "./check.ts";
import { measureCompletions } from "./completion.ts";
import { type ProjectOptions, writeProject } from "./project.ts";

/**
 * What the types cost: instantiations of a project of 100 models and 300 query functions, and how long the language
 * server takes to complete. `node types/run.ts [models] [queries]`.
 */
const models = Number(process.argv[2] ?? 100);
const queries = Number(process.argv[3] ?? 300);
const directory = join(resolve(import.meta.dirname, "../.."), ".cache/bench-types");

const projects: readonly (readonly [name: string, options: ProjectOptions])[] = [
  ["plain", { models, queries }],
  ["with an aggregate in each query", { models, queries, aggregates: true }],
  ["models of 32 fields", { models, queries, width: 3 }],
];
for (const [name, options] of projects) {
  writeProject(directory, options);
  const { instantiations, time, memory, errors } = checkProject(directory);
  console.log(
    `${models} models, ${queries} queries, ${name}: ${instantiations} instantiations, check ${time}, memory ${memory}`,
  );
  for (const error of errors.slice(0, 5)) console.error(error);
  if (errors.length > 0) process.exitCode = 1;
}
for (const width of [1, 3]) {
  writeProject(directory, { models, queries: 0, width });
  console.log(`completion, models of ${width === 1 ? 14 : 32} fields and relations, median of 7 after an edit:`);
  for (const { code, median, most, entries } of await measureCompletions(directory)) {
    console.log(`  ${median.toFixed(0).padStart(4)} ms (most ${most.toFixed(0)}), ${entries} entries: ${code}`);
  }
}

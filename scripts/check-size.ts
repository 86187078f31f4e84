import { resolve } from "node:path";
import { readSources } from "./module-graph.ts";
import { report } from "./report.ts";

const MOST = 500;
const MEDIAN = 120;

/** No source file over 500 lines, and a small median: a room is found, and read, in a minute. */
const sizes = [...readSources(resolve(import.meta.dirname, ".."))].map(
  ([file, source]) => [source.split("\n").length - 1, file] as const,
);
sizes.sort(([a], [b]) => a - b);
const median = sizes[Math.floor(sizes.length / 2)]?.[0] ?? 0;
const problems = sizes
  .filter(([lines]) => lines > MOST)
  .map(([lines, file]) => `${file}: ${lines} lines; at most ${MOST}`);
if (median > MEDIAN) problems.push(`the median source file has ${median} lines; at most ${MEDIAN}`);
report("sizes", problems);

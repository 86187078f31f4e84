import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "../harness.ts";
import { DemoSite, DevServer } from "./site.ts";

/**
 * What a developer waits for: from the start of `runserver` to its first answer, and from a save to the first answer of
 * the new code, for each kind of file; and the memory of all its processes. `node dev-loop/run.ts [saves] [pause in ms]`;
 * run `npm run build` first.
 */
const saves = Number(process.argv[2] ?? 40);
const pause = Number(process.argv[3] ?? 700);
const site = new DemoSite("bench-dev-loop");

const boots: number[] = [];
for (let round = 0; round < 11; round++) {
  const start = performance.now();
  const server = await DevServer.start(site.directory);
  await server.until("/", (_, status) => status === 200);
  boots.push(performance.now() - start);
  await server.stop();
}

const server = await DevServer.start(site.directory);
await server.until("/", (_, status) => status === 200);
const times = new Map<string, number[]>(DemoSite.files.map((file) => [file, []]));
let stale = 0;
for (let round = 0; round < saves; round++) {
  for (const [file, found] of times) {
    await sleep(pause);
    const start = performance.now();
    const mark = site.save(file);
    stale += await server.until("/mark/", (marks) => marks.includes(`"${mark}"`));
    found.push(performance.now() - start);
  }
}
// The site at rest, as it is most of the time.
await sleep(6000);
const memory = server.memory();
await server.stop();

function shown(values: readonly number[]): string {
  const [low, middle, high, most] = [0.25, 0.5, 0.75, 0.95].map((q) => Math.round(quantile(values, q)));
  return `${middle} ms (quartiles ${low}–${high}), p95 ${most} ms`;
}

console.log(`Node ${process.version}; ${saves} saves of each file, ${pause} ms apart`);
console.log(`start to first answer: ${shown(boots)}`);
for (const [file, values] of times) console.log(`${file} saved to first new answer: ${shown(values)}`);
console.log(`all files: ${shown([...times.values()].flat())}; answers of old code after a save: ${stale}`);
const total = memory.reduce((sum, { pss }) => sum + pss, 0);
const each = memory.map(({ pss }) => Math.round(pss / 2 ** 20)).join(" + ");
console.log(`memory (PSS): ${Math.round(total / 2 ** 20)} MB = ${each}`);

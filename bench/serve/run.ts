import { compare } from "../harness.ts";
import { load } from "../http/load.ts";
import { ANSWER, work } from "./work.ts";

// `ROUNDS` sets the number of rounds. The figure is wall time over one worker's: 0.5 is twice the throughput. On a machine
// with two processors the clients share them with two workers: there the time of the processor (µs CPU, all processes of
// the server) says more of a view that does nothing.
const start = performance.now();
for (let round = 0; round < 50; round++) work();
console.log(`The work of the view takes ${((performance.now() - start) / 50).toFixed(2)} ms here.`);
const contender = (file: string) => new URL(`${file}.ts`, import.meta.url);
for (const [title, path, count] of [
  ["a view of 5 ms CPU", "/work", 400],
  ["a view that does nothing", "/nothing", 20_000],
] as const) {
  await compare({
    title: `${title}, served by processes`,
    count,
    ...(process.env["ROUNDS"] && { rounds: Number(process.env["ROUNDS"]) }),
    load: (url, requests) => load(url, requests, { title, method: "GET", path, answer: ANSWER }),
    contenders: {
      "one worker": contender("one-worker"),
      "two workers": contender("two-workers"),
      "node:cluster, two workers": contender("cluster"),
    },
  });
}

import { Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";
import { BEAT, END, ENDED, PROBE, type Sample, type SamplerData, type Stretch } from "./sampler.ts";

// Watches the beats of the main thread. When one is overdue, it has the main thread say in the middle of things where it is.
const { beats, threshold } = workerData as SamplerData;
// The name makes the frame of this code one of Node's, which nobody is told of.
const EXPRESSION = `globalThis[Symbol.for(${JSON.stringify(PROBE)})]?.() ?? ""\n//# sourceURL=node:watch`;
/** Looked at more than once, so that many short pieces of work in a row are not taken for a long one. In thresholds. */
const LOOKS = [0.4, 0.8, 1.6, 3.2, 6.4];

const session = new Session();
session.connectToMainThread();
parentPort?.postMessage("ready");

let beat = Atomics.load(beats, BEAT);
let since = performance.now();
/** The main thread was asked and has not answered: it may run code of Node that cannot be interrupted. */
let waiting = false;
let asked = 0;
let samples: Sample[] = [];

function look(): void {
  const [askedAt, askedIn] = [performance.now(), beat];
  waiting = true;
  asked += 1;
  session.post("Runtime.evaluate", { expression: EXPRESSION, silent: true }, (_error, answer) => {
    // An answer to what is over belongs to nothing that still runs.
    if (askedIn !== beat) return;
    waiting = false;
    const text: unknown = answer?.result.value;
    if (typeof text !== "string" || text === "") return;
    samples.push({ ...JSON.parse(text), waited: performance.now() - askedAt });
  });
}

const timer = setInterval(() => {
  if (Atomics.load(beats, END) !== 0) return letGo();
  const now = performance.now();
  const current = Atomics.load(beats, BEAT);
  if (current !== beat) {
    if (samples.length > 0) parentPort?.postMessage({ beat, samples } satisfies Stretch);
    [beat, since, asked, waiting, samples] = [current, now, 0, false, []];
    return;
  }
  const next = LOOKS[asked];
  if (!waiting && next !== undefined && now - since >= next * threshold) look();
}, threshold / 10);

function letGo(): void {
  clearInterval(timer);
  session.disconnect();
  Atomics.store(beats, END, ENDED);
  Atomics.notify(beats, END);
}

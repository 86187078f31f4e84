import { type Debugger, Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";
import { BEAT, CONTEXT_PROBE, END, ENDED, type Sample, type SamplerData, type Stretch } from "./sampler.ts";

// Watches the beats of the main thread. When one is overdue, it halts the main thread for a moment and notes where it is.
const { beats, threshold } = workerData as SamplerData;
const PROBE = `globalThis[Symbol.for(${JSON.stringify(CONTEXT_PROBE)})]?.() ?? ""`;
/** Looked at more than once, so that many short pieces of work in a row are not taken for a long one. In thresholds. */
const LOOKS = [0.4, 0.8, 1.6, 3.2, 6.4];

const session = new Session();
const urls = new Map<string, string>();
session.connectToMainThread();
session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => {
  if (url !== "") urls.set(scriptId, url);
});
session.post("Debugger.enable", () => parentPort?.postMessage("ready"));

let beat = Atomics.load(beats, BEAT);
let since = performance.now();
/** When the main thread was asked to halt, until it has: it may run code of Node that cannot be interrupted. */
let askedAt: number | undefined;
let asked = 0;
let samples: Sample[] = [];

session.on("Debugger.paused", ({ params }) => {
  const frame = params.callFrames[0];
  const stack = params.callFrames.map(inWords).join("\n");
  const waited = askedAt === undefined ? 0 : performance.now() - askedAt;
  askedAt = undefined;
  const done = (context: Sample["context"]) => {
    if (asked > 0) samples.push({ stack, context, waited });
    session.post("Debugger.resume");
  };
  if (frame === undefined || asked === 0) return done(undefined);
  const { callFrameId } = frame;
  session.post("Debugger.evaluateOnCallFrame", { callFrameId, expression: PROBE, silent: true }, (_error, answer) => {
    const text: unknown = answer?.result.value;
    done(typeof text === "string" && text !== "" ? JSON.parse(text) : undefined);
  });
});

function inWords({ functionName, url, location }: Debugger.CallFrame): string {
  const place = `${url || urls.get(location.scriptId) || "unknown"}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`;
  return functionName === "" ? `    at ${place}` : `    at ${functionName} (${place})`;
}

const timer = setInterval(() => {
  if (Atomics.load(beats, END) !== 0) return letGo();
  const now = performance.now();
  const current = Atomics.load(beats, BEAT);
  if (current !== beat) {
    if (samples.length > 0) parentPort?.postMessage({ beat, samples } satisfies Stretch);
    [beat, since, asked, askedAt, samples] = [current, now, 0, undefined, []];
    return;
  }
  const look = LOOKS[asked];
  if (askedAt !== undefined || look === undefined || now - since < look * threshold) return;
  asked += 1;
  askedAt = now;
  session.post("Debugger.pause");
}, threshold / 10);

function letGo(): void {
  clearInterval(timer);
  session.disconnect();
  Atomics.store(beats, END, ENDED);
  Atomics.notify(beats, END);
}

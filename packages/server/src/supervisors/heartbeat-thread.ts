import { writeSync } from "node:fs";
import { type Debugger, Session } from "node:inspector";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { workerData } from "node:worker_threads";
import type { BlockedReport, HeartbeatData } from "./heartbeat.ts";

const { beats, timeout, reportFd } = workerData as HeartbeatData;

/** Milliseconds between two looks. */
const LOOK = 200;
/** How long the other thread gets to show its stack, and then the supervisor to kill this process. */
const PATIENCE = 2_000;
/** Frames of the stack that are told. */
const FRAMES = 20;

let count = Atomics.load(beats, 0);
let since = performance.now();
let looked = since;

const look = setInterval(() => {
  const now = performance.now();
  // This thread stood still too: the machine slept, or the process was stopped. The other one gets its time anew.
  if (now - looked > 5 * LOOK) since = now;
  looked = now;
  const seen = Atomics.load(beats, 0);
  if (seen !== count) {
    count = seen;
    since = now;
  } else if (now - since >= timeout) {
    clearInterval(look);
    void report(now - since);
  }
}, LOOK);

async function report(milliseconds: number): Promise<void> {
  const found = await stackOfMainThread();
  const message: BlockedReport = { type: "blocked", milliseconds: Math.round(milliseconds), ...found };
  try {
    writeSync(reportFd, `${JSON.stringify(message)}\n`);
  } finally {
    // The supervisor kills this process; where it cannot, this thread does.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), PATIENCE);
  }
}

/** Stops the other thread where it is, which also works inside a loop, and reads where that was. */
function stackOfMainThread(): Promise<Pick<BlockedReport, "stack" | "requests">> {
  return new Promise((resolve) => {
    setTimeout(() => resolve({}), PATIENCE);
    const session = new Session();
    const files = new Map<string, string>();
    session.on("Debugger.scriptParsed", ({ params }) => files.set(params.scriptId, params.url));
    session.on("Debugger.paused", ({ params: { callFrames } }) => {
      const stack = callFrames.slice(0, FRAMES).map((frame) => describe(frame, files));
      const expression = 'JSON.stringify(globalThis[Symbol.for("tsjango.server.requests")]?.() ?? [])';
      const callFrameId = (callFrames[0] as Debugger.CallFrame).callFrameId;
      session.post(
        "Debugger.evaluateOnCallFrame",
        { callFrameId, expression, returnByValue: true },
        (error, answer) => {
          const requests = error === null ? (JSON.parse(String(answer.result.value ?? "[]")) as string[]) : undefined;
          resolve({ stack: stack.join("\n"), requests });
        },
      );
    });
    session.connectToMainThread();
    session.post("Debugger.enable");
    session.post("Debugger.pause");
  });
}

function describe({ functionName, location }: Debugger.CallFrame, files: ReadonlyMap<string, string>): string {
  const url = files.get(location.scriptId) ?? "";
  const file = url.startsWith("file:") ? fileURLToPath(url) : url;
  const place = `${file}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`;
  return functionName === "" ? `    at ${place}` : `    at ${functionName} (${place})`;
}

import { appendFileSync } from "node:fs";
import { defineServer } from "../../src/index.ts";

// A server file whose hooks write down that they were called.
function note(name: string, text: unknown = ""): void {
  appendFileSync(process.env["HOOKS_FILE"] as string, `${name} ${text}\n`);
}

export default defineServer({
  onStarting: ({ workers }) => note("onStarting", workers),
  onReload: () => note("onReload"),
  whenReady: ({ pid }) => note("whenReady", pid === process.pid),
  preFork: (_supervisor, { id, pid }) => note("preFork", `${id} ${pid}`),
  postFork: ({ id, pid }) => note("postFork", `${id} ${pid === process.pid}`),
  postWorkerInit: ({ id }) => note("postWorkerInit", id),
  workerInt: ({ id }) => note("workerInt", id),
  workerAbort: (_supervisor, { id }, stack) => note("workerAbort", `${id} ${stack?.includes("spin")}`),
  preExec: () => note("preExec"),
  preRequest: (_worker, scope) => {
    if (scope.type === "http" && scope.path === "/hook-throws") throw new Error("the hook throws");
    note("preRequest", scope.type);
  },
  postRequest: (_worker, _scope, { status, milliseconds }) => note("postRequest", `${status} ${milliseconds >= 0}`),
  childExit: (_supervisor, { id }) => note("childExit", id),
  workerExit: ({ id }) => note("workerExit", id),
  nworkersChanged: (_supervisor, count, before) => note("nworkersChanged", `${before} ${count}`),
  onExit: () => note("onExit"),
});

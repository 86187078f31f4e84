import type {} from "@tsjango/core/app";
import { createTemplateEngine, loadLibraries, setTemplateEngine } from "@tsjango/core/template";
import { type TestScope, tearDown } from "@tsjango/kernel/apps";
import { aroundAll, aroundEach, expect, onTestFailed } from "vitest";
import { useTestSettings } from "./application.ts";
import { isOn, repeatedQueries } from "./environment.ts";
import { client } from "./index.ts";
import { matchers } from "./matchers.ts";
import { withoutRepeats } from "./n-plus-one.ts";
import { withoutPending } from "./pending-matchers.ts";
import { projectUnderTest, runInside } from "./project-under-test.ts";
import { isTransactional } from "./transactional.ts";
import { atWorkerEnd } from "./worker-end.ts";

/** Vitest loads this file anew for each file of tests; what it imports stays for the length of the worker. */
const repeats = repeatedQueries();
const { settings, hooks, run } = await projectUnderTest();
atWorkerEnd(tearDown);
setTemplateEngine(createTemplateEngine(settings, { libraries: await loadLibraries(settings.installedApps) }));
useTestSettings(settings);
expect.extend(matchers);

// biome-ignore lint/correctness/noEmptyPattern: Vitest reads from this pattern which fixtures are wanted
aroundAll(async (runFile, {}, { file }) => {
  const endings: (() => Promise<void>)[] = [];
  const scope: TestScope = { transactional: isTransactional(file) };
  try {
    for (const { setUpWorker } of hooks) {
      const ending = await setUpWorker?.(Number(process.env["VITEST_POOL_ID"] ?? 1), run);
      if (ending !== undefined) endings.unshift(ending);
    }
    const around = hooks.map(
      ({ aroundFile }) => aroundFile && ((inner: () => Promise<void>) => aroundFile(inner, scope)),
    );
    await runInside(around, runFile);
  } finally {
    for (const ending of endings) await ending();
  }
}, 60_000);

aroundEach(async (runTest, { task }) => {
  client.cookies.clear();
  const scope: TestScope = {
    transactional: isTransactional(task),
    ...(isOn("debugSql") && { onFailed: (report) => onTestFailed(() => printReport(task.name, report())) }),
  };
  const around = hooks.map(
    ({ aroundTest }) => aroundTest && ((inner: () => Promise<void>) => aroundTest(inner, scope)),
  );
  const tested = () => withoutPending(runTest);
  await runInside(around, () => (repeats === undefined ? tested() : withoutRepeats(hooks, repeats, tested)));
});

function printReport(name: string, report: string | undefined): void {
  if (report !== undefined) console.error(`${name}\n${report}`);
}

import { hasMetricListeners, type Metric, onMetric, recordMetric } from "@tsjango/kernel/metrics";
import { expect, test } from "vitest";

const metric: Metric = { name: "jobs.done", kind: "counter", value: 1, unit: "{job}" };

test("listeners get every measurement until they stop", () => {
  const got: Metric[] = [];
  expect(hasMetricListeners()).toBe(false);
  const stop = onMetric((one) => got.push(one));
  expect(hasMetricListeners()).toBe(true);
  recordMetric(metric);
  stop();
  recordMetric(metric);
  expect(got).toEqual([metric]);
});

test("a listener that fails is warned of, and the others hear", async () => {
  const got: Metric[] = [];
  const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
  const stops = [
    onMetric(() => {
      throw new Error("the collector is down");
    }),
    onMetric((one) => got.push(one)),
  ];
  recordMetric(metric);
  for (const stop of stops) stop();
  expect(got).toEqual([metric]);
  expect((await warned).message).toBe("A listener of metrics failed at jobs.done: Error: the collector is down");
});

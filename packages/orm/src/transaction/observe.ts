import { logger } from "@tsjango/kernel/logging";
import { hasMetricListeners, recordMetric } from "@tsjango/kernel/metrics";
import type { CompiledStatement } from "../backends/base/backend.ts";
import { connections } from "../connections.ts";

const log = logger("tsjango.database");

/** The names of OpenTelemetry. */
const SYSTEMS: Readonly<Record<string, string>> = { postgres: "postgresql" };

let slowThreshold = Number.POSITIVE_INFINITY;

/** From how many milliseconds on a statement is told of at "warn"; undefined for never. */
export function setSlowQueryThreshold(milliseconds: number | undefined): void {
  slowThreshold = milliseconds ?? Number.POSITIVE_INFINITY;
}

/** Whether statements have to be timed for a log or a metric; asked before each of them. */
export function isObserved(): boolean {
  return hasMetricListeners() || slowThreshold !== Number.POSITIVE_INFINITY || log.isEnabled("debug");
}

/** Logs and measures a statement that was answered or has failed. Of its parameters only the count is told. */
export function observe(
  alias: string,
  { sql, parameters }: CompiledStatement,
  duration: number,
  error?: unknown,
): void {
  const fields = { alias, milliseconds: Math.round(duration * 1000) / 1000, parameters: parameters.length };
  if (duration >= slowThreshold) log.warn(fields, `Slow: ${sql}`);
  else log.debug(fields, sql);
  if (!hasMetricListeners()) return;
  const { vendor } = connections.get(alias);
  recordMetric({
    name: "db.client.operation.duration",
    kind: "histogram",
    value: duration / 1000,
    unit: "s",
    attributes: {
      "db.system.name": SYSTEMS[vendor] ?? vendor,
      "db.operation.name": /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? "",
      "tsjango.database.alias": alias,
      ...(error === undefined ? {} : { "error.type": error instanceof Error ? error.name : "_OTHER" }),
    },
  });
}

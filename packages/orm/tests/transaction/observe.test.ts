import { configureLogging, type LogRecord, redirectLogs } from "@tsjango/kernel/logging";
import { type Metric, onMetric } from "@tsjango/kernel/metrics";
import { expect, onTestFinished, test } from "vitest";
import { runStatement, runStatementSync, setSlowQueryThreshold } from "../../src/transaction.ts";
import { Author } from "../support/models.ts";
import { describeDatabases, openProject } from "../support/project.ts";
import { use } from "../support/use.ts";

type LoggingOf = Parameters<typeof configureLogging>[0];

/** The records of a level and above, from now on. */
function logged(level: "info" | "debug"): LogRecord[] {
  const inForce = (channels: object) =>
    configureLogging({
      debug: false,
      baseDir: "/",
      logging: { level: "info", channels, format: "json", file: undefined, handlers: [] },
    } as unknown as LoggingOf);
  inForce({ "tsjango.database": level });
  const records: LogRecord[] = [];
  const stop = redirectLogs((record) => records.push(record));
  onTestFinished(() => {
    stop();
    inForce({});
    setSlowQueryThreshold(undefined);
  });
  return records;
}

describeDatabases("statements", (vendor) => {
  test("are logged at debug with their time and how many parameters they have, never the values", async () => {
    use(await openProject(vendor));
    const records = logged("debug");
    await Author.objects.create({ name: "Jane Secretive" });
    expect(records).toEqual([
      expect.objectContaining({
        level: "debug",
        channel: "tsjango.database",
        message: expect.stringMatching(/^insert into/i),
        fields: { alias: "default", milliseconds: expect.any(Number), parameters: expect.any(Number) },
      }),
    ]);
    expect(records[0]?.fields["parameters"]).toBeGreaterThan(0);
    expect(JSON.stringify(records)).not.toContain("Secretive");
  });

  test("are warned of from the threshold on, and not logged otherwise", async () => {
    use(await openProject(vendor));
    const records = logged("info");
    await Author.objects.count();
    setSlowQueryThreshold(60_000);
    await Author.objects.count();
    expect(records).toEqual([]);
    setSlowQueryThreshold(0);
    await Author.objects.count();
    expect(records).toMatchObject([{ level: "warn", message: expect.stringMatching(/^Slow: select/i) }]);
  });

  test("are measured while somebody listens, those that failed with their error", async () => {
    use(await openProject(vendor));
    const metrics: Metric[] = [];
    const stop = onMetric((metric) => metric.name.startsWith("db.") && metrics.push(metric));
    await Author.objects.count();
    await expect(runStatement("default", { sql: "wrong", parameters: [] })).rejects.toThrow();
    stop();
    await Author.objects.count();
    const system = { "db.system.name": vendor === "postgres" ? "postgresql" : "sqlite" };
    const measured = { name: "db.client.operation.duration", kind: "histogram", unit: "s", value: expect.any(Number) };
    const alias = { "tsjango.database.alias": "default" };
    expect(metrics).toEqual([
      { ...measured, attributes: { ...system, ...alias, "db.operation.name": "SELECT" } },
      {
        ...measured,
        attributes: {
          ...system,
          ...alias,
          "db.operation.name": "WRONG",
          "error.type": expect.stringMatching(/Error$/),
        },
      },
    ]);
    expect(metrics.every(({ value }) => value > 0 && value < 10)).toBe(true);
  });
});

test("statements that run at once are logged, too", async () => {
  use(await openProject("sqlite"));
  const records = logged("debug");
  process.env["TSJANGO_ALLOW_ASYNC_UNSAFE"] = "1";
  onTestFinished(() => void delete process.env["TSJANGO_ALLOW_ASYNC_UNSAFE"]);
  runStatementSync("default", { sql: "SELECT 1", parameters: [] });
  expect(() => runStatementSync("default", { sql: "wrong", parameters: [] })).toThrow();
  expect(records.map(({ message }) => message)).toEqual(["SELECT 1", "wrong"]);
});

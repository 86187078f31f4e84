import { setTimeout as sleep } from "node:timers/promises";
import { connections } from "@tsjango/orm";
import type { DatabaseSite } from "./database-site.ts";
import { Entry } from "./database-site.ts";
import { expectThat } from "./scenario.ts";

/** One request that was not acknowledged. */
interface Failure {
  readonly key: string;
  readonly status: number;
  /** When, in ms as `performance.now()`. */
  readonly at: number;
}

/** Clients that write without a pause and never repeat a write, and what they were told. */
export class Ledger {
  readonly acknowledged = new Set<string>();
  readonly failures: Failure[] = [];
  readonly latencies: number[] = [];
  reads = 0;
  #running = true;
  readonly #clients: Promise<void>[];

  constructor({ client }: DatabaseSite, clients: number) {
    this.#clients = Array.from({ length: clients }, async () => {
      while (this.#running) {
        const key = crypto.randomUUID();
        const start = performance.now();
        const { status } = await client.post("/entries/", { body: key, headers: { "content-type": "text/plain" } });
        this.latencies.push(performance.now() - start);
        if (status === 201) this.acknowledged.add(key);
        else {
          this.failures.push({ key, status, at: performance.now() });
          await sleep(5);
        }
        const read = await client.get("/entries/");
        if (read.status === 200) this.reads++;
        else this.failures.push({ key: "", status: read.status, at: performance.now() });
      }
    });
  }

  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#clients);
  }

  /** Every acknowledged write is there once; what is there without was under way when its answer was lost. */
  async check(): Promise<string> {
    await connections.closeAll();
    const keys = await Entry.objects.valuesList("key", { flat: true });
    const there = new Set(keys);
    const lost = [...this.acknowledged].filter((key) => !there.has(key));
    const failed = new Set(this.failures.map(({ key }) => key));
    const unknown = keys.filter((key) => !this.acknowledged.has(key) && !failed.has(key));
    expectThat(lost.length === 0, `${lost.length} acknowledged writes are lost`);
    expectThat(unknown.length === 0 && there.size === keys.length, `${unknown.length} rows that nobody wrote`);
    const statuses = Object.entries(Object.groupBy(this.failures, ({ status }) => String(status)));
    const told = statuses.map(([status, list]) => `${list?.length} × ${status}`).join(", ") || "none";
    return `${this.acknowledged.size} writes acknowledged, 0 lost, 0 double; failures: ${told}`;
  }
}

/** The value below which so much of a list lies. */
export function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}

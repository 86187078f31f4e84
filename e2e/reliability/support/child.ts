import { setTimeout as sleep } from "node:timers/promises";
import { atomic, connections, F } from "@tsjango/orm";
import { ACCOUNTS, Account, DatabaseSite, Entry, Job } from "./database-site.ts";
import { percentile } from "./ledger.ts";
import { Stalls } from "./stall.ts";

// A process of a scenario: `child.ts <task> <url> <number>`. It tells what was committed, a line each.
const [task = "", url = "", number = "0"] = process.argv.slice(2);
// Many processes start at once here.
const options = url.startsWith("postgres") ? { connectTimeout: 60_000 } : {};
await (url === "sqlite::memory:" ? DatabaseSite.make(url) : DatabaseSite.open(url, { maxConnections: 4, options }));

const tasks: Readonly<Record<string, () => Promise<void>>> = {
  /** Moves money until it is killed, each time with an entry in the same transaction. */
  async transfers() {
    const account = () => 1 + Math.floor(Math.random() * ACCOUNTS);
    const client = async () => {
      for (;;) {
        const [from, to, key] = [account(), account(), crypto.randomUUID()];
        await atomic(
          async () => {
            await Account.objects.filter({ id: Math.min(from, to) }).update({ cents: F("cents").minus(1) });
            await Entry.objects.create({ key });
            await sleep(1);
            await atomic(async () => {
              await Account.objects.filter({ id: Math.max(from, to) }).update({ cents: F("cents").plus(1) });
            });
          },
          { retries: 50 },
        );
        console.log(key);
      }
    };
    await Promise.all([client(), client(), client()]);
  },

  /** Writes so many rows, alone and in transactions, and tells how it went. */
  async writes() {
    const latencies: number[] = [];
    const errors: string[] = [];
    // What is run for the first time is compiled first.
    for (let first = 0; first < 20; first++) await atomic(() => Entry.objects.create({ key: crypto.randomUUID() }));
    let left = Number(number) - 20;
    const stalls = new Stalls();
    const client = async () => {
      while (left-- > 0) {
        const key = crypto.randomUUID();
        const start = performance.now();
        try {
          if (left % 2 === 0) await Entry.objects.create({ key });
          else await atomic(() => Entry.objects.create({ key }));
        } catch (error) {
          errors.push(String(error));
        }
        latencies.push(performance.now() - start);
      }
    };
    await Promise.all(Array.from({ length: 8 }, client));
    const stall = stalls.stop();
    console.log(JSON.stringify({ stall, p99: percentile(latencies, 0.99), longest: Math.max(...latencies), errors }));
  },

  /** Does jobs until none is left. */
  async jobs() {
    for (;;) {
      const done = await atomic(async () => {
        const waiting = Job.objects.filter({ done: false }).orderBy("id");
        const taken = await waiting.selectForUpdate({ skipLocked: true }).slice(0, 5);
        for (const { id } of taken) await Job.objects.filter({ id }).update({ runs: F("runs").plus(1), done: true });
        // As long as the work takes: a worker may be killed at it.
        await sleep(40);
        return taken.length;
      });
      console.log(done);
      if (done > 0) continue;
      if (!(await Job.objects.filter({ done: false }).exists())) return;
      await sleep(20);
    }
  },
};

await tasks[task]?.();
await connections.closeAll();

import { setTimeout as sleep } from "node:timers/promises";
import { alone } from "./support/alone.ts";
import { Child } from "./support/children.ts";
import { DatabaseSite, Job, sql } from "./support/database-site.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** Workers that take jobs with SKIP LOCKED and are killed at it: each job is done exactly once. */
export default function queueWorkers(form: "long" | "short"): Promise<Measured> {
  const [jobs, workers, mostKills] = form === "long" ? [10_000, 4, 20] : [400, 2, 1];
  return within(PostgresServer.start(), (server) =>
    within(DatabaseSite.make(server.url), async () => {
      await sql("insert into ledger_job (runs, done) select 0, false from generate_series(1, $1::int)", jobs);
      const running = Array.from({ length: workers }, () => new Child("jobs", server.url));
      let kills = 0;
      while (kills < mostKills) {
        const victim = running[kills % workers] as Child;
        await victim.started();
        await sleep(Math.random() * 100);
        if (!(await Job.objects.filter({ done: false }).exists())) break;
        await victim.kill();
        running[kills % workers] = new Child("jobs", server.url);
        kills++;
      }
      const ended = await Promise.all(running.map((child) => child.ended));
      const once = await Job.objects.filter({ done: true, runs: 1 }).count();
      expectThat(
        ended.every((code) => code === 0),
        `a worker ended with ${ended}`,
      );
      expectThat(kills >= mostKills / 2, `the jobs were done after ${kills} kills`);
      expectThat(once === jobs, `${once} of ${jobs} jobs were done once`);
      return { figure: `${jobs} jobs, ${workers} workers, ${kills} kills: each done exactly once` };
    }),
  );
}

await alone(import.meta.filename, queueWorkers);

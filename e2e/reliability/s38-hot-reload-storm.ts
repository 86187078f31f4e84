import { renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DevServer } from "./support/dev-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

const URLS = `import { path, urls } from "@tsjango/core/urls";
import { home } from "./views.ts";
export const urlpatterns = urls(path("", home));
`;

/**
 * Saves in a row (in place, by an editor's rename, touched), then a switch of branches that changes many files at once,
 * while a client asks all the time: at most one start in 100 ms, the last state wins, no request is refused, cut or waits
 * long, nothing is left behind.
 */
export default async function hotReloadStorm(form: "long" | "short"): Promise<Measured> {
  const { saves, seconds, branch } =
    form === "long" ? { saves: 1000, seconds: 10, branch: 500 } : { saves: 60, seconds: 1, branch: 50 };
  const file = (index: number) => `mysite/branch/file${index}.ts`;
  const viewsOf = (version: number) => `import { HttpResponse } from "@tsjango/core/http";
import { branch } from "./branch/file0.ts";
export const home = () => new HttpResponse(\`version ${version} of \${branch}\`);
`;
  return await within(
    DevServer.start(async (site) => {
      for (let index = 0; index < branch; index++)
        await site.write(file(index), `export const branch = "old ${index}";\n`);
      await site.write("mysite/views.ts", viewsOf(0));
      await site.write("mysite/urls.ts", URLS);
    }),
    async (server) => {
      const views = join(server.site.directory, "mysite/views.ts");
      await server.until("/", ({ text }) => text === "version 0 of old 0");
      await sleep(1000);
      const before = server.holding();
      const startsBefore = starts(server);

      let storming = true;
      const asking = (async () => {
        const statuses = new Map<number, number>();
        while (storming) {
          const { status } = await server.get("/");
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          await sleep(20);
        }
        return statuses;
      })();
      const begin = performance.now();
      for (let save = 1; save <= saves; save++) {
        const text = viewsOf(save);
        if (save % 3 === 0) {
          writeFileSync(`${views}.tmp`, text);
          renameSync(`${views}.tmp`, views);
        } else if (save % 3 === 1) writeFileSync(views, text);
        else {
          writeFileSync(views, text);
          utimesSync(views, new Date(), new Date());
        }
        await sleep(Math.max(0, begin + (save * seconds * 1000) / saves - performance.now()));
      }
      for (let index = 0; index < branch; index++) {
        writeFileSync(join(server.site.directory, file(index)), `export const branch = "new ${index}";\n`);
      }
      const stormed = performance.now() - begin;
      const last = await server.until("/", ({ text }) => text === `version ${saves} of new 0`);
      storming = false;
      const statuses = await asking;
      const startsDuring = starts(server) - startsBefore;
      const most = Math.ceil((performance.now() - begin) / 100) + 1;
      expectThat(startsDuring <= most, `${startsDuring} starts in ${Math.round(stormed)} ms`);
      expectThat(
        server.slowest < (form === "long" ? 5000 : 20_000),
        `a request waited ${Math.round(server.slowest)} ms`,
      );
      expectThat([...statuses.keys()].join() === "200", `statuses ${JSON.stringify([...statuses])}`);

      // The site and the process that stands by; what was replaced has ended.
      const end = performance.now() + 20_000;
      while (server.running.children().length > 2 && performance.now() < end) await sleep(100);
      if (form === "long") await sleep(4000);
      const children = server.running.children().length;
      const after = server.holding();
      expectThat(children <= 2, `${children} processes are left`);
      expectThat(after.files <= before.files + 5, `open files ${before.files} → ${after.files}`);
      expectThat(after.memory < before.memory + 40_000, `memory ${before.memory} → ${after.memory} kB`);
      const mb = (kilobytes: number) => Math.round(kilobytes / 1024);
      return {
        figure:
          `${saves} saves and ${branch} files in ${(stormed / 1000).toFixed(1)} s: ${startsDuring} starts, the last state after ` +
          `${Math.round(last.milliseconds)} ms; ${server.answered} requests, all 200, ` +
          `slowest ${Math.round(server.slowest)} ms; ${children} processes, files ${before.files} → ${after.files}, ` +
          `memory ${mb(before.memory)} → ${mb(after.memory)} MB`,
      };
    },
  );
}

function starts(server: DevServer): number {
  return (server.running.stdout.match(/ restarting\.$/gm) ?? []).length;
}

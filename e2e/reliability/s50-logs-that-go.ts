import { once } from "node:events";
import { mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** The reader of the log goes, or reads no more, or the file is moved away: requests are answered all the same. */
export default async function logsThatGo(form: "long" | "short"): Promise<Measured> {
  const count = form === "long" ? 40_000 : 2_000;
  const figures: string[] = [];
  await within(Site.serve({ accessLog: true }), async (site) => {
    site.child.stdout?.destroy();
    expectThat((await ask(site, 500)) === 500, "requests failed after the reader had gone");
    site.child.kill("SIGTERM");
    const { code } = await site.exit;
    expectThat(code === 0, `exit code ${code}`);
    figures.push("reader gone: 500 of 500 answered, exit code 0");
  });
  await within(Site.serve({ accessLog: true, timeout: 5 }), async (site) => {
    site.child.stdout?.pause();
    const answered = await ask(site, count);
    expectThat(answered === count, `${count - answered} requests failed while nobody read`);
    expectThat(!site.stderr.includes("blocked"), site.stderr);
    figures.push(`reader asleep: ${answered} of ${count} answered`);
  });
  {
    const directory = await mkdtemp(join(tmpdir(), "tsjango-s50-"));
    const path = join(directory, "access.log");
    await within(Site.serve({ accessLog: true, workers: 2, accessLogFile: path }), async (site) => {
      await ask(site, 300);
      await rename(path, `${path}.1`);
      site.child.kill("SIGUSR1");
      await site.until(
        () =>
          readFile(path).then(
            () => true,
            () => false,
          ),
        10,
        "open the log anew",
      );
      await new Promise((resolve) => setTimeout(resolve, 300));
      await ask(site, 300);
      site.child.kill("SIGTERM");
      await site.exit;
      const [old, fresh] = await Promise.all(
        [`${path}.1`, path].map(async (each) => (await readFile(each, "utf8")).trim().split("\n")),
      );
      const total = (old?.length ?? 0) + (fresh?.length ?? 0);
      expectThat(total === 600 && (fresh?.length ?? 0) >= 300, `${old?.length} and ${fresh?.length} lines`);
      await rm(directory, { recursive: true });
      figures.push(`file moved away: 600 of 600 lines, ${fresh?.length} in the new one`);
    });
  }
  return { figure: figures.join("; ") };
}

/** Makes requests over a few connections; gives how many were answered with 200. */
async function ask(site: Site, count: number): Promise<number> {
  let answered = 0;
  const connections = 4;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(site.port, "127.0.0.1");
      const each = count / connections;
      for (let sent = 0; sent < each; sent += 25) {
        const batch = Math.min(25, each - sent);
        let text = "";
        socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(batch));
        while ((text.match(/HTTP\/1\.1 200 /g)?.length ?? 0) < batch || !text.endsWith("version 1")) {
          const [data] = await once(socket, "data");
          text += data;
        }
        answered += batch;
      }
      socket.destroy();
    }),
  );
  return answered;
}

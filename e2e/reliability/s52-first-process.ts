import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** As a container's first process: orphans are collected, their end is no worker's, SIGTERM drains. */
export default async function firstProcess(): Promise<Measured> {
  const namespace = ["--pid", "--fork", "--mount-proc", "--kill-child"];
  if (process.platform !== "linux" || spawnSync("unshare", [...namespace, "true"]).status !== 0) {
    return { figure: "left out: this machine gives no process namespaces" };
  }
  return await within(Site.serve({ workers: 2 }, [], ["unshare", ...namespace]), async (site) => {
    const [first] = await site.workers();
    expectThat(first !== undefined, "the first process of the namespace is not there");
    const name = await readFile(`/proc/${first}/comm`, "utf8");
    for (let orphan = 0; orphan < 10; orphan++) await site.get("/orphan");
    await sleep(1500);
    const listed = await descendants(first as number);
    const zombies = listed.filter(({ state }) => state === "Z").length;
    expectThat(zombies === 0, `${zombies} processes that ended were not collected`);
    const nodes = listed.filter(({ command }) => command.startsWith("node") || command === "MainThread").length;
    expectThat(nodes === 3, `there are ${nodes} processes of the server: ${JSON.stringify(listed)}`);
    expectThat(site.stderr === "", `the log: ${site.stderr}`);
    const slow = site.get("/slow?1000");
    await sleep(300);
    process.kill(first as number, "SIGTERM");
    expectThat((await slow).status === 200, "the request in flight was cut");
    const { code } = await site.exit;
    expectThat(code === 0, `exit code ${code}`);
    return {
      figure: `first process ${name.trim()}: 10 orphans collected, 0 zombies, both workers stayed, SIGTERM drained, exit 0`,
    };
  });
}

interface Listed {
  readonly pid: number;
  readonly state: string;
  readonly command: string;
}

async function descendants(pid: number): Promise<Listed[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const children = text.trim().split(" ").filter(Boolean).map(Number);
  const all: Listed[] = [];
  for (const child of children) {
    const stat = await readFile(`/proc/${child}/stat`, "utf8").catch(() => "");
    const { command = "", state = "" } = /\((?<command>.*)\) (?<state>\w)/.exec(stat)?.groups ?? {};
    all.push({ pid: child, state, command }, ...(await descendants(child)));
  }
  return all;
}

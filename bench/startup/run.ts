import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePort } from "../../e2e/helpers/http.ts";
import { quantile } from "../harness.ts";

/**
 * What a newcomer waits for, from the built packages: `--help`, `startproject --no-install`, and the development server
 * from its start to its first answer. `node startup/run.ts [rounds]`; run `npm run build` first.
 */
const rounds = Number(process.argv[2] ?? 11);
const root = resolve(import.meta.dirname, "../..");
const bin = join(root, "packages/tsjango/bin/tsjango.js");
const work = join(root, ".cache/bench-startup");
const env = { ...process.env, NODE_OPTIONS: "" };

function run(words: readonly string[], cwd: string): number {
  const start = performance.now();
  execFileSync(process.execPath, [bin, ...words], { cwd, env, stdio: "ignore" });
  return performance.now() - start;
}

async function firstAnswer(cwd: string): Promise<number> {
  const port = await freePort();
  const start = performance.now();
  const server = spawn(process.execPath, [bin, "runserver", String(port)], { cwd, env, stdio: "ignore" });
  try {
    for (;;) {
      const status = await fetch(`http://127.0.0.1:${port}/`).then(
        (response) => response.status,
        () => 0,
      );
      if (status === 200) return performance.now() - start;
      if (status !== 0) throw new Error(`the site answered ${status}`);
      await new Promise((done) => setTimeout(done, 2));
    }
  } finally {
    server.kill("SIGTERM");
    await new Promise((done) => server.once("close", done));
  }
}

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const site = join(work, "site0");
const times: Record<string, number[]> = {
  "--help": [],
  "startproject --no-install": [],
  "runserver, first answer": [],
};
for (let round = 0; round < rounds; round++) {
  times["startproject --no-install"]?.push(run(["startproject", `site${round}`, "--example", "--no-install"], work));
  if (round === 0) for (const command of ["migrate", "loadbooks"]) run([command], site);
  times["--help"]?.push(run(["--help"], site));
  times["runserver, first answer"]?.push(await firstAnswer(site));
}
console.log(`Node ${process.version}, ${rounds} rounds: median (quartiles), ms`);
for (const [name, values] of Object.entries(times)) {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => Math.round(quantile(values, q)));
  console.log(`${name}: ${middle} (${low}–${high})`);
}

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startPostgres } from "../../packages/orm/tests/support/postgres.ts";
import { linkModules, writeByHand, writeByHandPostgres, writeDjango, writeTsjango } from "./projects.ts";

/**
 * Tests that use a database, from the command to its end, with the built packages; each test writes one row and counts.
 * `node test-kit/run.ts [tests] [rounds]`; run `npm run build` first.
 */
const tests = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 3);
const few = tests / 10;
const root = resolve(import.meta.dirname, "../..");
const vitest = `${process.execPath} ${join(root, "node_modules/vitest/vitest.mjs")} run`;
const tsjango = `${process.execPath} ${join(root, "packages/tsjango/bin/tsjango.js")}`;
const python = ["/usr/bin/python3", "python3"].find((name) => spawnSync(name, ["-c", "import django"]).status === 0);
const directory = mkdtempSync(join(tmpdir(), "tsjango-bench-"));
const server = await startPostgres();
const postgres = { DATABASE_URL: server.url.replace(/[^/]*$/, "bench"), BY_HAND_URL: server.url };

interface Contender {
  readonly name: string;
  readonly cwd: string;
  readonly command: string;
  readonly passed: RegExp;
  readonly env?: Readonly<Record<string, string>>;
  /** Removed before each run. */
  readonly cache?: string;
}

interface Sample {
  readonly wall: number;
  readonly cpu: number;
}

try {
  const own = tsjangoProject("tsjango", tests);
  const small = tsjangoProject("tsjango-few", few);
  const byHand = at("by-hand", writeByHand);
  const byHandPostgres = at("by-hand-postgres", writeByHandPostgres);
  const passed = new RegExp(`Tests\\s+${tests} passed`);
  const ofSmall = { cwd: small, command: `${tsjango} test`, passed: new RegExp(`Tests\\s+${few} passed`) };
  const contenders: Contender[] = [
    demoSite(),
    { name: "tsjango test", cwd: own, command: `${tsjango} test`, passed },
    { name: "tsjango test --isolate", cwd: own, command: `${tsjango} test --isolate`, passed },
    { name: "Vitest, emptied by hand", cwd: byHand, command: vitest, passed },
    { name: "Vitest --no-isolate, emptied by hand", cwd: byHand, command: `${vitest} --no-isolate`, passed },
    ...djangoContenders(),
    { name: `tsjango test, ${few} tests`, ...ofSmall },
    { name: "PostgreSQL: tsjango test", cwd: own, command: `${tsjango} test`, passed, env: postgres },
    { name: `PostgreSQL: tsjango test, ${few} tests`, ...ofSmall, env: postgres },
    {
      name: "PostgreSQL: Vitest --no-isolate, emptied by hand",
      cwd: byHandPostgres,
      command: `${vitest} --no-isolate`,
      passed,
      env: postgres,
    },
  ];
  const times = new Map(contenders.map(({ name }) => [name, [] as Sample[]]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) times.get(contender.name)?.push(run(contender));
  }
  const best = (name: string, key: keyof Sample) => Math.min(...(times.get(name) ?? []).map((sample) => sample[key]));
  console.log(`${tests} database tests in ten files: best of ${rounds}, seconds`);
  for (const { name } of contenders) {
    console.log(
      `${name.padEnd(50)} ${best(name, "wall").toFixed(1).padStart(5)}  (cpu ${best(name, "cpu").toFixed(1)})`,
    );
  }
  for (const kind of ["", "PostgreSQL: "]) {
    const more = best(`${kind}tsjango test`, "wall") - best(`${kind}tsjango test, ${few} tests`, "wall");
    console.log(`${kind}each 100 tests more: ${((more / (tests - few)) * 100).toFixed(2)}`);
  }
  console.log(
    `Node ${process.version}; load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(", ")}`,
  );
} finally {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}

function at(name: string, write: (path: string, tests: number) => void, count = tests): string {
  const path = join(directory, name);
  mkdirSync(path);
  write(path, count);
  return path;
}

function tsjangoProject(name: string, count: number): string {
  const cwd = at(name, writeTsjango, count);
  run({ name: "migrations", cwd, command: `${tsjango} makemigrations`, passed: /0001_initial/ });
  return cwd;
}

/** The bookshop as `startproject --example` makes it; its migrations run anew each time. */
function demoSite(): Contender {
  const words = "startproject demo --example --no-install";
  run({ name: "startproject", cwd: directory, command: `${tsjango} ${words}`, passed: /demo/ });
  const cwd = join(directory, "demo");
  linkModules(cwd);
  const cache = join(cwd, "node_modules/.cache/tsjango");
  return { name: "the demo site, cold", cwd, command: `${tsjango} test`, passed: /Tests\s+\d+ passed/, cache };
}

function djangoContenders(): Contender[] {
  if (python === undefined) {
    console.error("Django is not on this machine: it is left out.");
    return [];
  }
  const command = `${python} -m django test --settings=settings --pythonpath=.`;
  const passed = new RegExp(`Ran ${tests} tests[^]*OK`);
  const cwd = at("django", writeDjango);
  return [
    { name: "Django --parallel", cwd, command: `${command} --parallel`, passed },
    { name: "Django", cwd, command, passed },
  ];
}

/** Runs a command to its end; the shell tells the processor time of all its processes. */
function run({ name, cwd, command, passed, env, cache }: Contender): Sample {
  if (cache !== undefined) rmSync(cache, { recursive: true, force: true });
  const { stdout, stderr } = spawnSync("bash", ["-c", `TIMEFORMAT="times %R %U %S"; time ${command}`], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", SECRET_KEY: "x", ...env },
  });
  const times = /times (\S+) (\S+) (\S+)/.exec(stderr);
  if (times === null || !passed.test(stdout + stderr)) throw new Error(`${name} failed:\n${stdout}${stderr}`);
  return { wall: Number(times[1]), cpu: Number(times[2]) + Number(times[3]) };
}

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeByHand, writeDjango, writeTsjango } from "./projects.ts";

/**
 * 1,000 database tests in ten files, SQLite, from the command to its end. Each test writes one row and counts.
 * `node --conditions=@tsjango/source test-kit/run.ts [tests]`
 */
const tests = Number(process.argv[2] ?? 1000);
const rounds = 3;
const root = resolve(import.meta.dirname, "../..");
const vitest = `${process.execPath} ${join(root, "node_modules/vitest/vitest.mjs")} run`;
const tsjango = `${process.execPath} --conditions=@tsjango/source ${join(root, "packages/tsjango/bin/tsjango.js")}`;
const python = ["/usr/bin/python3", "python3"].find((name) => spawnSync(name, ["-c", "import django"]).status === 0);
const directory = mkdtempSync(join(tmpdir(), "tsjango-bench-"));
const at = (name: string, write: (path: string, tests: number) => void) => {
  const path = join(directory, name);
  mkdirSync(path);
  write(path, tests);
  return path;
};

interface Contender {
  readonly name: string;
  readonly cwd: string;
  readonly command: string;
  readonly passed: RegExp;
}

try {
  const own = at("tsjango", writeTsjango);
  const byHand = at("by-hand", writeByHand);
  run({ name: "migrations", cwd: own, command: `${tsjango} makemigrations`, passed: /0001_initial/ });
  const passed = new RegExp(`Tests\\s+${tests} passed`);
  const contenders: Contender[] = [
    { name: "tsjango test", cwd: own, command: `${tsjango} test`, passed },
    { name: "tsjango test --isolate", cwd: own, command: `${tsjango} test --isolate`, passed },
    { name: "Vitest, emptied by hand", cwd: byHand, command: vitest, passed },
    { name: "Vitest --no-isolate, emptied by hand", cwd: byHand, command: `${vitest} --no-isolate`, passed },
  ];
  if (python === undefined) console.error("Django is not on this machine: it is left out.");
  else {
    const command = `${python} -m django test --settings=settings --pythonpath=.`;
    const parallel = { name: "Django --parallel", cwd: at("django", writeDjango), command: `${command} --parallel` };
    contenders.push(
      { ...parallel, passed: new RegExp(`Ran ${tests} tests[^]*OK`) },
      { ...parallel, name: "Django", command, passed: new RegExp(`Ran ${tests} tests[^]*OK`) },
    );
  }
  const times = new Map(contenders.map(({ name }) => [name, [] as { wall: number; cpu: number }[]]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) times.get(contender.name)?.push(run(contender));
  }
  console.log(`${tests} database tests in ten files, SQLite: best of ${rounds}, seconds`);
  for (const [name, samples] of times) {
    const best = (key: "wall" | "cpu") => Math.min(...samples.map((sample) => sample[key])).toFixed(1);
    console.log(`${name.padEnd(38)} ${best("wall").padStart(5)}  (cpu ${best("cpu")})`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** Runs a command to its end; the shell tells the processor time of all its processes. */
function run({ name, cwd, command, passed }: Contender): { wall: number; cpu: number } {
  const { stdout, stderr } = spawnSync("bash", ["-c", `TIMEFORMAT="times %R %U %S"; time ${command}`], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", SECRET_KEY: "x" },
  });
  const times = /times (\S+) (\S+) (\S+)/.exec(stderr);
  if (times === null || !passed.test(stdout + stderr)) throw new Error(`${name} failed:\n${stdout}${stderr}`);
  return { wall: Number(times[1]), cpu: Number(times[2]) + Number(times[3]) };
}

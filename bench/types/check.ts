import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** What checking a project cost. */
export interface Cost {
  readonly instantiations: number;
  readonly time: string;
  readonly memory: string;
  readonly errors: readonly string[];
}

/** Type-checks a project on one thread. Instantiations are exact; times are those of the machine. */
export function checkProject(directory: string): Cost {
  const { stdout } = spawnSync(
    join(root, "node_modules/.bin/tsc"),
    ["-p", directory, "--singleThreaded", "--extendedDiagnostics", "--pretty", "false"],
    { encoding: "utf8" },
  );
  const figure = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(stdout)?.[1] ?? "?";
  return {
    instantiations: Number(figure("Instantiations")),
    time: figure("Check time"),
    memory: figure("Memory used"),
    errors: stdout.split("\n").filter((line) => line.includes("error TS")),
  };
}

import type { Scenario } from "./scenario.ts";

/** Runs a scenario when its file is the program: `node --conditions=@tsjango/source e2e/reliability/s17….ts --short`. */
export async function alone(filename: string, scenario: Scenario): Promise<void> {
  if (process.argv[1] !== filename) return;
  const { figure } = await scenario(process.argv.includes("--short") ? "short" : "long");
  console.log(figure);
}

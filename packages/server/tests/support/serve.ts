import { type ServeOptions, serveInProcess, serveWithWorkers } from "../../src/index.ts";

// A process that serves as its arguments say, for the tests of the supervisors: workers, then options as JSON.
const count = Number(process.argv[2]);
const options = JSON.parse(process.argv[3] as string) as ServeOptions;
const output = {
  log: (line: string) => void process.stdout.write(`${line}\n`),
  error: (line: string) => void process.stderr.write(`${line}\n`),
};
try {
  process.exitCode = await (count === 1 ? serveInProcess(options, output) : serveWithWorkers(count, options, output));
} catch (error) {
  output.error((error as Error).message);
  process.exitCode = (error as { exitCode?: number }).exitCode ?? 99;
}

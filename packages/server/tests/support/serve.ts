import { enableCompileCache } from "node:module";
import { type ServeOptions, standBehindInit, supervise } from "../../src/index.ts";

// A process that serves as its argument says, for the tests of the supervisors: options as JSON.
standBehindInit();
// As the program tsjango does.
enableCompileCache();
const options = JSON.parse(process.argv[2] as string) as ServeOptions;
const output = {
  log: (line: string) => void process.stdout.write(`${line}\n`),
  error: (line: string) => void process.stderr.write(`${line}\n`),
};
try {
  process.exitCode = await supervise(options, output);
  // As a program that has more to close.
  if (process.env["LINGERS"] !== undefined) {
    setTimeout(() => undefined, 60_000);
    output.log("it is over");
  }
} catch (error) {
  output.error((error as Error).message);
  process.exitCode = (error as { exitCode?: number }).exitCode ?? 99;
}

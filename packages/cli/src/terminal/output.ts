import { styleText } from "node:util";
import type { CommandOutput } from "@tsjango/kernel/management";

/** Writes to this process's standard output and error; colours where a terminal shows them (`NO_COLOR` turns them off). */
export function terminalOutput(): CommandOutput {
  return {
    log: (line = "") => void process.stdout.write(`${line}\n`),
    error: (line) => void process.stderr.write(`${line}\n`),
    style: (format, text) => styleText(format, text, { stream: process.stdout }),
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  };
}

/** Keeps what is written, for tests; no colours, no questions. */
export function recordingOutput(): { output: CommandOutput; stdout: () => string; stderr: () => string } {
  const [out, err]: [string[], string[]] = [[], []];
  const output: CommandOutput = {
    log: (line = "") => void out.push(`${line}\n`),
    error: (line) => void err.push(`${line}\n`),
    style: (_format, text) => text,
    interactive: false,
  };
  return { output, stdout: () => out.join(""), stderr: () => err.join("") };
}

/** Ends quietly when the reader of a pipe has gone (`tsjango … | head`). */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      throw error;
    });
  }
}

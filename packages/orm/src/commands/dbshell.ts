import { spawn } from "node:child_process";
import { CommandError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import type { Backend } from "../backends/base/backend.ts";
import { connections } from "../connections.ts";
import { DEFAULT_ALIAS } from "../constants.ts";

/** Opens the database's own shell. */
export default defineCommand({
  name: "dbshell",
  description: "Opens the database's own shell: sqlite3 or psql.",
  // A site that fails its checks is one to look into.
  checks: false,
  arguments: [{ name: "[words...]", description: "more words for it, after --" }],
  options: { database: { flags: "--database <alias>", description: "the database", default: DEFAULT_ALIAS } },
  async run({ args, options }) {
    const { program, words, env } = shellOf(
      connections.get(options.database),
      connections.options(options.database).url,
    );
    const child = spawn(program, [...words, ...args], { stdio: "inherit", env: { ...process.env, ...env } });
    return new Promise<number>((resolve, reject) => {
      child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
      child.once("error", (cause) => {
        const missing = (cause as { code?: string }).code === "ENOENT";
        const why = missing ? `There is no program "${program}". Install it, or put it on PATH.` : cause.message;
        reject(new CommandError(why, { cause }));
      });
    });
  },
});

interface Shell {
  readonly program: string;
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function shellOf(backend: Backend, url: string): Shell {
  if (backend.vendor === "sqlite") {
    return { program: "sqlite3", words: [backend.displayName.replace(/^sqlite:/, "")], env: {} };
  }
  const parsed = new URL(url);
  const password = decodeURIComponent(parsed.password);
  parsed.password = "";
  // In the environment, where other users of the machine cannot read it.
  return { program: "psql", words: [parsed.href], env: password === "" ? {} : { PGPASSWORD: password } };
}

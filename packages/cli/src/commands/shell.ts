import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { start } from "node:repl";
import { text } from "node:stream/consumers";
import { constants, Script } from "node:vm";
import { apps } from "@tsjango/kernel/apps";
import { defineCommand } from "@tsjango/kernel/management";

/** What the shell knows by name: the classes and functions of each app's models module (the first app wins), and the settings. */
function namesOf(settings: unknown): Record<string, unknown> {
  const names: Record<string, unknown> = { settings };
  for (const { models } of apps.all()) {
    for (const [name, value] of Object.entries(models)) {
      if (name !== "default" && typeof value === "function" && !Object.hasOwn(names, name)) names[name] = value;
    }
  }
  return names;
}

/** Runs a snippet of JavaScript in which `await` and `import()` work, the latter from the project's directory. */
async function runSnippet(code: string, names: Record<string, unknown>, directory: string): Promise<void> {
  const script = new Script(`(async ({ ${Object.keys(names).join(", ")} }) => {\n${code}\n})`, {
    filename: join(directory, "[shell]"),
    lineOffset: -1,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  await script.runInThisContext()(names);
}

/** Node warns that the loader of snippets is experimental; nobody at the shell can act on that. */
function hushLoaderWarning(): void {
  const emitWarning = process.emitWarning.bind(process) as (...rest: unknown[]) => void;
  process.emitWarning = (...rest: unknown[]) => {
    if (!String(rest[0]).includes("USE_MAIN_CONTEXT_DEFAULT_LOADER")) emitWarning(...rest);
  };
}

async function converse(names: Record<string, unknown>, directory: string): Promise<void> {
  const server = start({ prompt: "> " });
  Object.assign(server.context, names);
  const cache = join(directory, "node_modules", ".cache", "tsjango");
  mkdirSync(cache, { recursive: true });
  server.setupHistory({ filePath: join(cache, "shell_history") }, (error) => {
    if (error !== null) process.stderr.write(`The shell keeps no history: ${error.message}\n`);
  });
  await new Promise<void>((resolve) => server.once("exit", resolve));
}

export default defineCommand({
  name: "shell",
  description:
    "Starts a shell with the project's models at hand; reads a snippet from standard input where that is a pipe.",
  options: { command: { flags: "-c, --command <code>", description: "run this instead, and end" } },
  async run({ options, output, project, settings }) {
    const names = namesOf(settings);
    output.error(`${Object.keys(names).length} objects imported: ${Object.keys(names).join(", ")}.`);
    const code = options.command ?? (process.stdin.isTTY === true ? undefined : await text(process.stdin));
    hushLoaderWarning();
    if (code !== undefined) return runSnippet(code, names, project.directory);
    return converse(names, project.directory);
  },
});

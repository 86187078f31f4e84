import { AsyncLocalStorage } from "node:async_hooks";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type REPLEval, type REPLServer, start } from "node:repl";
import { text } from "node:stream/consumers";
import { constants, Script } from "node:vm";
import { type AppConfig, apps, type Sandbox } from "@tsjango/kernel/apps";
import { CommandError } from "@tsjango/kernel/exceptions";
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

async function converse(names: Record<string, unknown>, directory: string, sandbox?: Sandbox): Promise<void> {
  const server = start({ prompt: "> " });
  if (sandbox !== undefined) evaluateInSteps(server, sandbox);
  Object.assign(server.context, names);
  const cache = join(directory, "node_modules", ".cache", "tsjango");
  mkdirSync(cache, { recursive: true });
  server.setupHistory(join(cache, "shell_history"), (error) => {
    if (error !== null) process.stderr.write(`The shell keeps no history: ${error.message}\n`);
  });
  await new Promise<void>((resolve) => server.once("exit", resolve));
}

/** Evaluates each input as a step of the sandbox, in whose context the terminal's events do not come. */
function evaluateInSteps(server: REPLServer, sandbox: Sandbox): void {
  const inSandbox = AsyncLocalStorage.snapshot();
  const evaluate = server.eval;
  const displayPrompt = server.displayPrompt.bind(server);
  const shown = new Error("The shell has shown this error itself.");
  let abandon: ((reason: Error) => void) | undefined;
  const evaluateStep: REPLEval = (code, context, file, answer) => {
    let result: unknown;
    const run = () =>
      new Promise<void>((resolve, reject) => {
        abandon = reject;
        evaluate.call(server, code, context, file, (error, value: unknown) => {
          abandon = undefined;
          result = value;
          if (error === null || error === undefined) resolve();
          else reject(error);
        });
      });
    inSandbox(() => sandbox.step(run)).then(
      () => answer(null, result),
      (error: Error) => {
        if (error !== shown) answer(error, undefined);
      },
    );
  };
  // Of what fails after an await Node shows the error and the prompt, and answers nothing.
  server.displayPrompt = (preserveCursor) => {
    abandon?.(shown);
    displayPrompt(preserveCursor);
  };
  // An ordinary property that its types call read-only.
  Object.assign(server, { eval: evaluateStep });
}

/** The sandboxes of all apps as one: each stands around the next. */
async function sandboxOf(installed: readonly AppConfig[]): Promise<Sandbox> {
  const all = (await Promise.all(installed.map((app) => app.sandbox?.()))).filter((each) => each !== undefined);
  if (all.length === 0) {
    throw new CommandError(
      "--sandbox: no installed app has anything that could be undone. Name a database in the settings, or leave it out.",
    );
  }
  const through = (name: "around" | "step") => (run: () => Promise<void>) =>
    all.reduceRight<() => Promise<void>>((inner, each) => () => each[name](inner), run)();
  return { covers: all.map(({ covers }) => covers).join(", "), around: through("around"), step: through("step") };
}

export default defineCommand({
  name: "shell",
  description:
    "Starts a shell with the project's models at hand; reads a snippet from standard input where that is a pipe.",
  // A site that fails its checks is one to look into.
  checks: false,
  options: {
    command: { flags: "-c, --command <code>", description: "run this instead, and end" },
    sandbox: { flags: "--sandbox", description: "undo at the end what was written to databases" },
  },
  async run({ options, output, project, settings }) {
    const names = namesOf(settings);
    output.error(`${Object.keys(names).length} objects imported: ${Object.keys(names).join(", ")}.`);
    const code = options.command ?? (process.stdin.isTTY === true ? undefined : await text(process.stdin));
    hushLoaderWarning();
    const sandbox = options.sandbox ? await sandboxOf(settings.installedApps) : undefined;
    const work = () =>
      code === undefined ? converse(names, project.directory, sandbox) : runSnippet(code, names, project.directory);
    if (sandbox === undefined) return work();
    output.error(`Sandbox: what is written to ${sandbox.covers} is undone when the shell ends.`);
    return sandbox.around(work);
  },
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import type { CommandOutput } from "@tsjango/kernel/management";
import type { MenuKey, Release } from "../terminal/key-menu.ts";
import { openBrowser } from "../terminal/open-browser.ts";

/** What the keys of the development server act on. */
export interface ServerKeysOptions {
  readonly url: string;
  readonly cwd: string;
  readonly output: CommandOutput;
  restart(): void;
  quit(): void;
}

/** The keys of the development server. */
export function serverKeys({ url, cwd, output, restart, quit }: ServerKeysOptions): MenuKey[] {
  const command = (word: string) => (release: Release) => release(() => runCommand(word, cwd));
  return [
    {
      key: "r",
      description: "restart, with installed packages loaded anew",
      run() {
        output.log(output.style("dim", "Restarting."));
        restart();
      },
    },
    { key: "o", description: "open the site in a browser", run: () => openBrowser(url) },
    { key: "u", description: "list the URLs", run: command("urls") },
    {
      key: "m",
      description: "apply migrations",
      async run(release) {
        await command("migrate")(release);
        restart();
      },
    },
    { key: "s", description: "shell", run: command("shell") },
    { key: "c", description: "clear the terminal", run: () => output.log("\u001b[2J\u001b[3J\u001b[H") },
    { key: "q", description: "quit", run: quit },
  ];
}

/** Runs a command of tsjango on this terminal, in a process of its own, and waits for its end. */
async function runCommand(word: string, cwd: string): Promise<void> {
  const words = [...process.execArgv, process.argv[1] as string, word];
  const child = spawn(process.execPath, words, { cwd, stdio: "inherit" });
  await once(child, "exit");
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { CommandError } from "@tsjango/kernel/exceptions";

/**
 * Shows a URL in the browser that BROWSER names, else in the system's own.
 * @throws CommandError where there is none.
 */
export async function openBrowser(url: string): Promise<void> {
  const [command, ...words] = browserCommand(process.env["BROWSER"]);
  const child = spawn(command, [...words, url], { stdio: "ignore", detached: true });
  try {
    await once(child, "spawn");
    child.unref();
  } catch (cause) {
    throw new CommandError(`No browser could be started with "${command}". Open ${url} yourself.`, { cause });
  }
}

function browserCommand(named: string | undefined): [string, ...string[]] {
  if (named) return [named];
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["cmd", "/c", "start", ""];
  return ["xdg-open"];
}

import { spawn } from "node:child_process";
import { randomBytes, timingSafeEqual } from "node:crypto";
import { text } from "node:stream/consumers";
import type { AsgiApplication, HttpScope, Send } from "@tsjango/core/asgi";
import { ACTIONS_EXTENSION } from "@tsjango/core/debug";
import { OWN_PATH } from "./refresh-script.ts";

/** The commands that a button on an error page may run, with their words. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = { migrate: ["migrate", "--no-input"] };
const token = randomBytes(24).toString("base64url");

function pathOf(command: string): string {
  return `${OWN_PATH}actions/${command}/${token}`;
}

const ACTIONS = Object.fromEntries(Object.keys(COMMANDS).map((command) => [command, pathOf(command)]));

/** Where commands run. */
export interface ActionOptions {
  readonly cwd: string;
  /** The script that runs `tsjango`. */
  readonly entry: string;
}

/**
 * Lets error pages offer what helps: a button posts to an address that only the page knows, the command runs in a
 * process of its own, and the page that failed is loaded again.
 */
export function withActions(application: AsgiApplication, { cwd, entry }: ActionOptions): AsgiApplication {
  return async function actions(scope, receive, send) {
    if (scope.type !== "http") return application(scope, receive, send);
    const command = scope.method === "POST" ? commandOf(scope.path) : undefined;
    if (command === undefined) {
      const extensions = { ...scope.extensions, [ACTIONS_EXTENSION]: ACTIONS };
      return application({ ...scope, extensions } as HttpScope, receive, send);
    }
    const { code, output } = await run([entry, ...(COMMANDS[command] ?? [])], cwd);
    if (code === 0) return answer(send, 303, [["location", backOf(scope)]], "");
    return answer(
      send,
      500,
      [["content-type", "text/plain; charset=utf-8"]],
      `tsjango ${command} failed (exit code ${code}):\n\n${output}`,
    );
  };
}

function commandOf(path: string): string | undefined {
  return Object.keys(COMMANDS).find((command) => {
    const [given, own] = [Buffer.from(path), Buffer.from(pathOf(command))];
    return given.byteLength === own.byteLength && timingSafeEqual(given, own);
  });
}

/** The page that the button was on: a path of this site. */
function backOf(scope: HttpScope): string {
  const referer = [...scope.headers].find(([name]) => name === "referer")?.[1];
  if (referer === undefined || !URL.canParse(referer)) return "/";
  const { pathname, search } = new URL(referer);
  return `${pathname.replace(/^\/+/, "/")}${search}`;
}

async function run(words: readonly string[], cwd: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [...process.execArgv, ...words], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const [code, ...said] = await Promise.all([
    new Promise<number | null>((resolve) => child.once("close", resolve)),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, output: said.join("\n").trim() };
}

async function answer(send: Send, status: number, headers: [string, string][], body: string): Promise<void> {
  await send({ type: "http.response.start", status, headers: [...headers, ["cache-control", "no-store"]] });
  await send({ type: "http.response.body", body });
}

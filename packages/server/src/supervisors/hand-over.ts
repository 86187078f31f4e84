import { spawn } from "node:child_process";
import { lstatSync, rmSync } from "node:fs";
import { type HeldBind, holdBind, parseBind } from "../bind.ts";
import { DEFAULT_HOST, DEFAULT_PORT } from "../config.ts";

/** Where a successor reads what its predecessor holds. */
const VARIABLE = "TSJANGO_SERVE_SOCKETS";
/** The first number that a successor gets an address under. */
const FIRST_FD = 4;

interface Inherited {
  /** As it was written after `--bind`. */
  readonly bind: string;
  readonly url: string;
  readonly fd: number;
}

/** What a process that takes another's place was given by it. */
export interface Predecessor {
  readonly pid: number;
  /** Tells it that this process serves, so that it ends. */
  serving(): void;
}

/** Addresses that are held for workers, and who held them before. */
export interface Addresses {
  readonly held: readonly HeldBind[];
  readonly predecessor: Predecessor | undefined;
}

/**
 * Takes the addresses to serve at: from the predecessor those that it holds, else from the system.
 * @throws AddressUnavailable, InvalidBind
 */
export async function takeAddresses(binds: readonly string[], scheme: "http" | "https"): Promise<Addresses> {
  const inherited = JSON.parse(process.env[VARIABLE] ?? "[]") as Inherited[];
  const predecessor = process.env[VARIABLE] === undefined ? undefined : { pid: process.ppid, serving };
  delete process.env[VARIABLE];
  // Else this process would go on for its sake alone.
  if (predecessor !== undefined) process.channel?.unref();
  const held: HeldBind[] = [];
  try {
    for (const bind of binds) {
      const given = inherited.find((each) => each.bind === bind);
      held.push(given === undefined ? await holdBind(parseBind(bind, DEFAULTS), scheme) : await adopt(given));
    }
  } catch (error) {
    for (const each of held) each.release();
    throw error;
  }
  return { held, predecessor };
}

const DEFAULTS = { host: DEFAULT_HOST, port: DEFAULT_PORT };

/** Holds what a predecessor held, and removes a unix socket's file at the end in its place. */
async function adopt({ bind, url, fd }: Inherited): Promise<HeldBind> {
  const held = await holdBind({ type: "fd", fd });
  const parsed = parseBind(bind, DEFAULTS);
  const inode = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.ino;
  const before = parsed.type === "unix" ? inode(parsed.path) : undefined;
  return {
    url,
    fd: held.fd,
    release() {
      if (parsed.type === "unix" && inode(parsed.path) === before) rmSync(parsed.path, { force: true });
      held.release();
    },
  };
}

function serving(): void {
  process.send?.("serving", undefined, undefined, () => process.disconnect?.());
}

/**
 * Starts this process's program anew, with what it holds. Calls `serving` when the successor serves, `failed` when it
 * ended before. Source: gunicorn's SIGUSR2, nginx's upgrade on the fly.
 */
export function startSuccessor(
  binds: readonly string[],
  held: readonly HeldBind[],
  events: { serving(pid: number): void; failed(how: string): void },
): void {
  const sockets: Inherited[] = held.map(({ url }, index) => ({ bind: binds[index] ?? "", url, fd: FIRST_FD + index }));
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ["inherit", "inherit", "inherit", "ipc", ...held.map(({ fd }) => fd)],
    env: { ...process.env, [VARIABLE]: JSON.stringify(sockets) },
  });
  let served = false;
  child.once("message", () => {
    served = true;
    events.serving(child.pid as number);
  });
  child.once("error", (error) => child.pid === undefined && events.failed(error.message));
  child.once("exit", (code, signal) => served || events.failed(signal ?? `code ${code}`));
  child.unref();
}

import { lookup } from "node:dns/promises";
import { chmodSync, existsSync, lstatSync, renameSync, rmSync, type Stats } from "node:fs";
import net, { type AddressInfo, connect, type Server as NetServer } from "node:net";
import { dirname, resolve } from "node:path";
import { getSystemErrorMessage, getSystemErrorName } from "node:util";
import { AddressUnavailable, InvalidBind } from "./exceptions.ts";

/** Where a server listens: an address, a unix socket's path, or a socket that the process was started with. */
export type Bind =
  | { readonly type: "tcp"; readonly host: string; readonly port: number }
  | { readonly type: "unix"; readonly path: string; readonly mode?: number | undefined }
  | { readonly type: "fd"; readonly fd: number };

/** A bind that is open. */
export interface OpenBind {
  /** What users are shown, with the port that was taken: `http://127.0.0.1:8000/`, `unix:/run/site.sock`. */
  readonly url: string;
  /** Removes a unix socket's file, where it is still this server's. */
  release(): void;
}

/** A bind that a process holds for others, without accepting connections itself. */
export interface HeldBind extends OpenBind {
  /** Start a worker with it among its `stdio`, and have that listen on `{ type: "fd", fd }`. */
  readonly fd: number;
}

/** As many connections as may wait to be accepted; the system's own limit may be lower. */
export const DEFAULT_BACKLOG = 2048;

/** What paths of unix sockets are limited to, in bytes, less what a temporary name takes. */
const MAX_PATH = 95;

const HOST_AND_PORT =
  /^(?:(?<host>\[[0-9a-f:.]+(?:%\w+)?\]|[a-z0-9.-]*[a-z.-][a-z0-9.-]*)?(?::(?<port>\d+))?|(?<only>\d+))$/i;

/**
 * Reads one `--bind`: `8000`, `127.0.0.1:8000`, `[::]:8000`, `:8000` (every address), `unix:/run/site.sock`,
 * `unix:/run/site.sock?mode=660`, `fd://3`. What is missing is taken from `defaults`.
 * @throws InvalidBind
 */
export function parseBind(text: string, defaults: { readonly host: string; readonly port: number }): Bind {
  if (text.startsWith("unix:")) return parseUnix(text);
  if (text.startsWith("fd:")) {
    const fd = /^fd:(?:\/\/)?(\d{1,6})$/.exec(text)?.[1];
    if (fd === undefined) throw wrong(text, "A socket that is already open is named by its number: fd://3.");
    return { type: "fd", fd: Number(fd) };
  }
  const groups = text === "" ? undefined : HOST_AND_PORT.exec(text)?.groups;
  if (groups === undefined) {
    throw wrong(text, "Write a port (8000), a host and a port ([::]:8000), unix:/path/to.sock or fd://3.");
  }
  const everywhere = text.startsWith(":") ? "0.0.0.0" : defaults.host;
  const port = Number(groups["port"] ?? groups["only"] ?? defaults.port);
  if (port > 65_535) throw wrong(text, `${port} is no port: ports are whole numbers from 0 to 65535.`);
  return { type: "tcp", host: groups["host"]?.replace(/^\[|\]$/g, "") ?? everywhere, port };
}

function parseUnix(text: string): Bind {
  const { path, mode } = /^unix:(?:\/\/)?(?<path>[^?]+)(?:\?mode=(?<mode>[0-7]{3,4}))?$/.exec(text)?.groups ?? {};
  if (path === undefined) throw wrong(text, "A unix socket is unix:/path/to.sock, or unix:/path/to.sock?mode=660.");
  const absolute = resolve(path);
  if (Buffer.byteLength(absolute) > MAX_PATH) {
    throw wrong(
      text,
      `Paths of unix sockets have at most ${MAX_PATH} bytes; this one has ${Buffer.byteLength(absolute)}.`,
    );
  }
  return { type: "unix", path: absolute, ...(mode !== undefined && { mode: Number.parseInt(mode, 8) }) };
}

function wrong(text: string, advice: string): InvalidBind {
  return new InvalidBind(`${JSON.stringify(text)} is no address to listen on. ${advice}`);
}

/** `http://127.0.0.1:8000/`, with IPv6 hosts in brackets. */
export function urlOf(host: string, port: number, scheme = "http"): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}/`;
}

/**
 * Has a server listen and accept. A unix socket that a dead process left is replaced, a living one is not.
 * @throws AddressUnavailable
 */
export async function listenOn(server: NetServer, bind: Bind, options: ListenOptions = {}): Promise<OpenBind> {
  const { backlog = DEFAULT_BACKLOG, scheme = "http" } = options;
  if (bind.type === "unix") {
    await refuseLiving(bind.path);
    const temporary = temporaryName(bind.path);
    await listening(server, bind, { path: temporary }, backlog);
    return settle(bind, temporary);
  }
  const place = bind.type === "fd" ? { fd: bind.fd } : { host: bind.host, port: bind.port };
  await listening(server, bind, place, backlog);
  const address = server.address() as AddressInfo | string | null;
  return { url: describe(bind, address, scheme), release: () => undefined };
}

export interface ListenOptions {
  readonly backlog?: number | undefined;
  readonly scheme?: "http" | "https" | undefined;
}

type Place = net.ListenOptions & { readonly fd?: number };

function listening(server: NetServer, bind: Bind, place: Place, backlog: number): Promise<void> {
  return new Promise((done, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(bindError(error, bind));
    server.once("error", failed);
    // As an argument of its own: an option of that name is not read beside `fd`.
    server.listen(place, backlog, () => {
      server.off("error", failed);
      done();
    });
  });
}

/** A socket of libuv; node:cluster uses these functions too. */
interface NativeHandle {
  readonly fd: number;
  getsockname?(out: object): number;
  close(): void;
}
type CreateHandle = (address: string | null, port: number, family: number, fd?: number) => NativeHandle | number;
const createHandle = (net as unknown as { _createServerHandle: CreateHandle })._createServerHandle;

/**
 * Takes an address for workers, which are given its number and listen; this process accepts nothing. Connections wait
 * on the socket while no worker runs, once one has listened.
 * @throws AddressUnavailable
 */
export async function holdBind(bind: Bind, scheme: "http" | "https" = "http"): Promise<HeldBind> {
  const handle = await createBoundHandle(bind);
  const name: Partial<AddressInfo> = {};
  // An address that is taken is told here, not when it is bound.
  const status = typeof handle === "number" ? handle : bind.type === "unix" ? 0 : (handle.getsockname?.(name) ?? 0);
  if (typeof handle === "number" || status < 0) {
    if (typeof handle !== "number") handle.close();
    throw bindError(systemError(status), bind);
  }
  const open =
    bind.type === "unix"
      ? settle(bind, temporaryName(bind.path))
      : { url: describe(bind, name as AddressInfo, scheme), release: () => undefined };
  return {
    url: open.url,
    fd: handle.fd,
    release() {
      open.release();
      handle.close();
    },
  };
}

async function createBoundHandle(bind: Bind): Promise<NativeHandle | number> {
  if (bind.type === "fd") return createHandle(null, 0, 0, bind.fd);
  if (bind.type === "unix") {
    await refuseLiving(bind.path);
    return createHandle(temporaryName(bind.path), -1, -1);
  }
  try {
    const { address, family } = await lookup(bind.host);
    return createHandle(address, bind.port, family);
  } catch (error) {
    throw bindError(error as NodeJS.ErrnoException, bind);
  }
}

function systemError(status: number): NodeJS.ErrnoException {
  return Object.assign(new Error(getSystemErrorMessage(status)), { code: getSystemErrorName(status) });
}

/** A unix socket is bound beside its place and then moved there: libuv removes only the name that it knows. */
function temporaryName(path: string): string {
  return `${path}.${process.pid}`;
}

/** Puts a bound unix socket in its place, for those who may use it. */
function settle({ path, mode }: Extract<Bind, { type: "unix" }>, temporary: string): OpenBind {
  if (mode !== undefined) chmodSync(temporary, mode);
  const { ino } = lstatSync(temporary);
  renameSync(temporary, path);
  return {
    url: `unix:${path}`,
    release() {
      // Another server may have put its own in the same place.
      if (statOf(path)?.ino === ino) rmSync(path, { force: true });
    },
  };
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** Throws where something that is not a dead socket has the path. */
async function refuseLiving(path: string): Promise<void> {
  const stat = statOf(path);
  if (stat === undefined) return;
  if (!stat.isSocket()) {
    throw new AddressUnavailable(`${path} is there already and is no socket. Remove it, or choose another path.`);
  }
  const living = await new Promise<boolean>((resolve) => {
    const socket = connect({ path }, () => resolve(true)).once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code !== "ECONNREFUSED" && error.code !== "ENOENT"),
    );
    socket.once("connect", () => socket.destroy());
  });
  if (living) {
    throw new AddressUnavailable(`Another process listens on ${path}. Stop it, or choose another path with --bind.`);
  }
}

function describe(bind: Bind, address: AddressInfo | string | null, scheme: "http" | "https"): string {
  if (address === null) return `fd://${(bind as { fd: number }).fd}`;
  if (typeof address === "string") return `unix:${address}`;
  if (address.port === undefined) return `fd://${(bind as { fd: number }).fd}`;
  return urlOf(bind.type === "tcp" ? bind.host : address.address, address.port, scheme);
}

/** Says in words why a host and port cannot be listened on. */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number): AddressUnavailable {
  return bindError(error, { type: "tcp", host, port });
}

function bindError(error: NodeJS.ErrnoException, bind: Bind): AddressUnavailable {
  return new AddressUnavailable(reasonOf(error, bind), { cause: error });
}

function reasonOf(error: NodeJS.ErrnoException, bind: Bind): string {
  if (bind.type === "fd") {
    const advice = "It must be a socket that the process was started with; systemd's first is fd://3.";
    return `Cannot listen on fd://${bind.fd}: ${error.message}. ${advice}`;
  }
  if (bind.type === "unix") {
    const { path } = bind;
    if (error.code === "EACCES") {
      // libuv says the same of both.
      const why = existsSync(dirname(path)) ? "this user may not write there" : "its directory does not exist";
      return `Cannot listen on unix:${path}: ${why}. Choose another path with --bind.`;
    }
    return `Cannot listen on unix:${path}: ${error.message}`;
  }
  const { host, port } = bind;
  const advice = "choose another with --port/--bind.";
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is already in use on ${host}. Stop the other process, or ${advice}`,
    EACCES: `This user may not listen on port ${port} of ${host}: ports below 1024 need privileges, so ${advice}`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Listen on 127.0.0.1 or 0.0.0.0, or ${advice}`,
    ENOTFOUND: `${host} is not a host name that this machine knows. Listen on 127.0.0.1 or 0.0.0.0, or ${advice}`,
  };
  reasons["EAI_AGAIN"] = reasons["ENOTFOUND"] as string;
  return reasons[error.code ?? ""] ?? `Cannot listen on ${host}:${port}: ${error.message}`;
}

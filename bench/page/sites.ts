import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { SiteCommand } from "./site.ts";

const root = resolve(import.meta.dirname, "../..");
const SECRET = "a key that is long enough for every one of these frameworks";

const tsjango: SiteCommand = {
  name: "tsjango",
  directory: new URL("tsjango/", import.meta.url),
  command: (port) => [
    process.execPath,
    ...(process.env["TSJANGO_NODE_FLAGS"]?.split(" ") ?? []),
    "--conditions=@tsjango/source",
    join(root, "packages/tsjango/bin/tsjango.js"),
    ...["serve", "--workers", "1", "--bind", `127.0.0.1:${port}`, "--no-access-log"],
  ],
  env: (_port, database) => ({
    SECRET_KEY: SECRET,
    DEBUG: "false",
    ALLOWED_HOSTS: "127.0.0.1",
    DATABASE_URL: `sqlite:${database}`,
  }),
};

const adonis: SiteCommand = {
  name: "AdonisJS",
  directory: new URL("adonis/", import.meta.url),
  command: () => [process.execPath, "server.ts"],
  env: (port, database) => ({
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    PORT: String(port),
    APP_KEY: SECRET,
    DATABASE_FILE: database,
  }),
};

/** Where Django and uvicorn are, such as a directory of `pip install --target`. */
const pythonPath = process.env["DJANGO_PATH"];

const django: SiteCommand = {
  name: "Django, uvicorn",
  directory: new URL("django/", import.meta.url),
  command: (port) => [
    ...(["python3", "-m", "uvicorn", "mysite.asgi:application"] as const),
    ...["--host", "127.0.0.1", "--port", String(port), "--workers", "1", "--no-access-log", "--log-level", "warning"],
  ],
  env: (_port, database) => ({
    SECRET_KEY: SECRET,
    ALLOWED_HOSTS: "127.0.0.1",
    DATABASE_FILE: database,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONPATH: pythonPath ?? "",
  }),
};

/** Those that are installed, tsjango first. */
export const SITES: readonly SiteCommand[] = [
  tsjango,
  ...(existsSync(join(root, "bench/node_modules/@adonisjs/lucid")) ? [adonis] : []),
  ...(pythonPath === undefined ? [] : [django]),
];

import { execFile, execFileSync } from "node:child_process";
import { globSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import type { RegistryServer } from "./registry-server.ts";

const root = resolve(import.meta.dirname, "..");
const execute = promisify(execFile);

/** Builds all packages; quick when nothing changed. */
export function build(): void {
  const turbo = resolve(root, "node_modules/turbo/bin/turbo");
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1" };
  const args = [turbo, "run", "build", "--output-logs=errors-only"];
  execFileSync(process.execPath, args, { cwd: root, env, stdio: "inherit" });
}

/** Packs each package as npm would, and publishes it to the registry. Resolves to their names and versions. */
export async function publishPackages(registry: RegistryServer): Promise<string[]> {
  const env = { ...process.env, npm_config_userconfig: registry.npmrc };
  const queue = globSync("packages/*/package.json", { cwd: root }).map((file) => resolve(root, dirname(file)));
  const published: string[] = [];
  const publish = async () => {
    for (let cwd = queue.pop(); cwd !== undefined; cwd = queue.pop()) {
      const args = ["publish", "--json", "--tag", "latest", "--registry", registry.url];
      const { stdout } = await execute("npm", args, { cwd, env });
      published.push(...publishedIds(stdout));
    }
  };
  await Promise.all([publish(), publish()]);
  return published.sort();
}

/** npm prints what it published, or since version 11 an object of it by name. */
function publishedIds(json: string): string[] {
  const ids = [...json.matchAll(/"id": "([^"]+)"/g)].map((match) => match[1] as string);
  if (ids.length === 0) throw new Error(`npm publish named no package: ${json}`);
  return ids;
}

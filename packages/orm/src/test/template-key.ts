import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { apps } from "@tsjango/kernel/apps";
import type { Vendor } from "../backends/base/backend.ts";
import { migrationFiles } from "../migrations/loader.ts";

/** Names what a migrated database follows from: all migration files, the kind of database and this package's version. */
export function templateKey(vendor: Vendor): string {
  const hash = createHash("sha256");
  const add = (...parts: string[]) => hash.update(JSON.stringify(parts));
  add(vendor, process.version, readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  // Run from its sources, this package changes without its version.
  if (import.meta.url.endsWith(".ts")) add(...["../migrations/", "../backends/"].map(newest));
  for (const { config } of apps.all()) {
    for (const file of migrationFiles(config)) add(config.label, basename(file), readFileSync(file, "utf8"));
  }
  return hash.digest("hex").slice(0, 12);
}

function newest(directory: string): string {
  const path = fileURLToPath(new URL(directory, import.meta.url));
  const files = readdirSync(path, { recursive: true, encoding: "utf8" });
  return String(Math.max(...files.map((file) => statSync(join(path, file)).mtimeMs)));
}

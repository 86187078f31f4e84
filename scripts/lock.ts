import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, systemEnv } from "./node.mjs";

/**
 * `npm run lock`: brings package-lock.json up to date with the manifests. A registry that mirrors only some platforms
 * makes npm leave out the optional packages of the others, after which `npm ci` refuses the lock file: these are entered
 * with the version that their parent names and the platform that their name tells.
 */
interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

interface Lock {
  readonly packages: Record<string, LockedPackage>;
}

const platforms: Record<string, string> = {
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  openharmony: "openharmony",
};
const cpus: Record<string, string> = {
  arm: "arm",
  arm64: "arm64",
  ia32: "ia32",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  x64: "x64",
};

/** The `os`, `cpu` and `libc` of a package for one platform; undefined for a name that tells none. */
export function platformOf(name: string): LockedPackage | undefined {
  const words = name.split("/").at(-1)?.split("-") ?? [];
  const os = words.map((word) => (/^win(32|dows)$/.test(word) ? "win32" : platforms[word])).find(Boolean);
  const cpu = words.map((word) => (word === "64" ? "x64" : cpus[word])).find(Boolean);
  if (!os || !cpu) return undefined;
  const libc = words.map((word) => /^(musl|gnu)/.exec(word)?.[1]).find(Boolean);
  const libcs = os === "linux" && libc ? { libc: [libc === "gnu" ? "glibc" : "musl"] } : {};
  return { cpu: [cpu], ...libcs, optional: true, os: [os] };
}

/** The lock with an entry for each optional package of another platform that it lacks, and the names of these. */
export function complete(lock: Lock): { lock: Lock; added: string[] } {
  const added: string[] = [];
  for (const [place, parent] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const known = lock.packages[`${place}/node_modules/${name}`] ?? lock.packages[`node_modules/${name}`];
      const platform = platformOf(name);
      if (known || !platform || !/^\d/.test(version)) continue;
      lock.packages[`node_modules/${name}`] = { version, ...platform, ...(parent.dev ? { dev: true } : {}) };
      added.push(name);
    }
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  return { lock: { ...lock, packages: Object.fromEntries(sorted) }, added };
}

/** In a copy of the manifests: what is installed has no say in it. */
function update() {
  const copy = mkdtempSync(join(tmpdir(), "tsjango-lock-"));
  try {
    const files = globSync("{package.json,package-lock.json,.npmrc,packages/*/package.json}", { cwd: root });
    for (const file of files) cpSync(join(root, file), join(copy, file), { recursive: true });
    const args = ["install", "--package-lock-only", "--loglevel=error", "--no-audit", "--no-fund"];
    execFileSync("npm", args, { cwd: copy, env: systemEnv(), stdio: "inherit" });
    const { lock, added } = complete(JSON.parse(readFileSync(join(copy, "package-lock.json"), "utf8")));
    writeFileSync(join(root, "package-lock.json"), `${JSON.stringify(lock, null, 2)}\n`);
    console.log(`package-lock.json is up to date; ${added.length} packages of other platforms entered by name.`);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

if (import.meta.filename === process.argv[1]) update();

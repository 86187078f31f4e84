import { basename, dirname } from "node:path";
import { type ImportEdge, importsOf, resolveRelative } from "./module-graph.ts";

/** Who may import whom: `package → packages of ours`. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  core: ["kernel"],
  orm: ["kernel"],
  server: ["core"],
  cli: ["kernel", "core", "server"],
  tsjango: ["kernel", "core", "orm", "server", "cli"],
};

/** The levels inside a package: a folder or file imports values only from its own level's room or from lower levels. */
export const LEVELS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  kernel: [
    ["exceptions.ts", "utils", "metrics"],
    ["async", "signals"],
    ["logging"],
    ["conf", "watch"],
    ["apps", "checks"],
    ["management"],
  ],
  core: [
    ["asgi/types.ts", "exceptions.ts", "signals.ts", "utils"],
    ["asgi"],
    ["http", "pagination"],
    ["urls", "security", "staticfiles"],
    ["template"],
    ["middleware", "debug"],
    ["views", "websockets"],
    ["handlers"],
    ["shortcuts.ts", "application.ts", "test", "app.ts", "checks", "commands"],
  ],
  orm: [
    ["exceptions.ts", "constants.ts", "expressions/symbols.ts"],
    ["backends", "fields"],
    ["connections.ts", "routers.ts", "expressions", "signals.ts"],
    ["transaction.ts", "transaction", "lookups", "postgres"],
    ["sql"],
    ["query"],
    ["models"],
    ["migrations", "http", "serialization", "test"],
    ["commands", "checks", "app.ts", "index.ts"],
  ],
};

/** Modules of npm that only these places may import. */
const RESERVED: Readonly<Record<string, RegExp>> = {
  kysely: /^packages\/orm\/src\/(sql|backends|migrations)\//,
  "better-sqlite3": /^packages\/orm\/src\/backends\/sqlite\//,
  pg: /^packages\/orm\/src\/backends\/postgres\//,
  commander: /^packages\/cli\/src\//,
  chokidar: /^packages\/cli\/src\/reloader\//,
  liquidjs: /^packages\/core\/src\/template\//,
};

/** Checks a tree of sources, given by path from the repository's root; every line names a file and a rule. */
export function checkImports(sources: ReadonlyMap<string, string>): string[] {
  const edges = [...sources].flatMap(([file, source]) => importsOf(file, source));
  return [...edges.flatMap((edge) => checkEdge(edge, sources)), ...findCycles(sources, edges)];
}

function packageOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function checkEdge(edge: ImportEdge, sources: ReadonlyMap<string, string>): string[] {
  const at = `${edge.from}:${edge.line}`;
  const { specifier } = edge;
  if (specifier.startsWith(".")) return checkRelative(edge, at, sources);
  if (specifier.startsWith("@tsjango/") || specifier === "tsjango" || specifier.startsWith("tsjango/")) {
    return checkArrow(edge, at);
  }
  const bare = specifier.split("/")[0] ?? specifier;
  if (isBuiltin(bare)) return [`${at}: write "node:${specifier}"`];
  const allowed = RESERVED[bare];
  return allowed && !allowed.test(edge.from)
    ? [`${at}: ${bare} may be imported only by files matching ${allowed}`]
    : [];
}

function isBuiltin(name: string): boolean {
  return process.getBuiltinModule(name) !== undefined && !name.startsWith("node:");
}

function checkRelative(edge: ImportEdge, at: string, sources: ReadonlyMap<string, string>): string[] {
  if (!/\.(ts|json)$/.test(edge.specifier)) return [`${at}: "${edge.specifier}" needs its full extension`];
  const target = resolveRelative(edge.from, edge.specifier);
  if (!sources.has(target) && edge.specifier.endsWith(".ts")) return [`${at}: ${target} does not exist`];
  if (packageOf(target) !== packageOf(edge.from)) return [`${at}: import another package by its name`];
  const upward = !edge.typeOnly && !edge.dynamic && levelOf(target) > levelOf(edge.from);
  return upward ? [`${at}: a value from ${target}, which is on a higher level; use "import type" or move it`] : [];
}

function checkArrow(edge: ImportEdge, at: string): string[] {
  const own = packageOf(edge.from);
  const target = edge.specifier.replace("@tsjango/", "").split("/")[0] ?? "";
  if (target === own) return [`${at}: a package imports its own files by relative path`];
  const typesOfCore = own === "orm" && target === "core" && edge.typeOnly && /src\/(http|test)\//.test(edge.from);
  if (typesOfCore || ARROWS[own]?.includes(target)) {
    const onlyAsgi = own === "server" && edge.specifier !== "@tsjango/core/asgi";
    return onlyAsgi ? [`${at}: server uses only @tsjango/core/asgi`] : [];
  }
  return [`${at}: ${own} may not import ${target}`];
}

/** The level of a file in its package; 0 for packages without levels. A package's doors are above all. */
function levelOf(file: string): number {
  const levels = LEVELS[packageOf(file)];
  if (levels === undefined) return 0;
  const path = file.split("/").slice(3).join("/");
  const level =
    levels.findIndex((rooms) => rooms.includes(path)) >= 0
      ? levels.findIndex((rooms) => rooms.includes(path))
      : levels.findIndex((rooms) => rooms.includes(path.split("/")[0] ?? ""));
  if (level >= 0) return level;
  throw new Error(`${file}: no level is set for it in scripts/import-rules.ts`);
}

function findCycles(sources: ReadonlyMap<string, string>, edges: readonly ImportEdge[]): string[] {
  const modules = new Map<string, string[]>();
  const folders = new Map<string, Set<string>>();
  for (const edge of edges) {
    if (edge.typeOnly || edge.dynamic || !edge.specifier.startsWith(".")) continue;
    const target = resolveRelative(edge.from, edge.specifier);
    if (!sources.has(target)) continue;
    modules.set(edge.from, [...(modules.get(edge.from) ?? []), target]);
    const [from, to] = [roomOf(edge.from), roomOf(target)];
    if (from !== to) folders.set(from, (folders.get(from) ?? new Set()).add(to));
  }
  const cycles = [...cyclesIn(modules), ...cyclesIn(new Map([...folders].map(([from, to]) => [from, [...to]])))];
  return [...new Set(cycles.map((cycle) => `import cycle: ${cycle.join(" → ")}`))];
}

/** The room of a file: its top folder in the package, or the file itself at the top. */
function roomOf(file: string): string {
  const parts = file.split("/");
  return parts.length > 4 ? parts.slice(0, 4).join("/") : `${dirname(file)}/${basename(file)}`;
}

function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (node: string, path: readonly string[]) => {
    const start = path.indexOf(node);
    if (start >= 0) {
      cycles.push([...path.slice(start), node]);
      return;
    }
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return cycles;
}

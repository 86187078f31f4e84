import type { UrlEntry } from "./types.ts";

/** The namespaces of a list of patterns, and below each the next ones. */
export interface NamespaceTree {
  readonly children: ReadonlyMap<string, NamespaceTree>;
  /** The mounts of each app, the last one first. */
  readonly apps: ReadonlyMap<string, readonly string[]>;
  /** Whether there is an app's name here or below. */
  readonly hasApps: boolean;
}

/** The namespaces of patterns; includes without one belong to what is around them. */
export function namespaceTree(lists: readonly (readonly UrlEntry[])[]): NamespaceTree {
  const mounted = new Map<string, (readonly UrlEntry[])[]>();
  const apps = new Map<string, string[]>();
  const visit = (entries: readonly UrlEntry[]) => {
    for (const entry of entries) {
      if (!("include" in entry)) continue;
      const { namespace, appName } = entry.include;
      const patterns = entry.include.patterns as readonly UrlEntry[];
      if (namespace === undefined) {
        visit(patterns);
        continue;
      }
      mounted.set(namespace, [...(mounted.get(namespace) ?? []), patterns]);
      if (appName !== undefined) apps.set(appName, [namespace, ...(apps.get(appName) ?? [])]);
    }
  };
  for (const list of lists) visit(list);
  const children = new Map([...mounted].map(([name, below]) => [name, namespaceTree(below)]));
  return { apps, children, hasApps: apps.size > 0 || [...children.values()].some((child) => child.hasApps) };
}

/**
 * A name with the mounts that its app names mean: the one that `currentApp` lies in, else the one of the app's own name,
 * else the last. Names that are no app's stay as they are. Source: Django's "reversing namespaced URLs".
 */
export function toMounts(tree: NamespaceTree, name: string, currentApp: string | undefined): string {
  if (!tree.hasApps) return name;
  const parts = name.split(":");
  const own = parts.pop() as string;
  let current = currentApp?.split(":");
  let node: NamespaceTree | undefined = tree;
  const resolved = parts.map((part, depth) => {
    const here = current?.[depth];
    const mounts = node?.apps.get(part);
    let mount = part;
    if (mounts !== undefined) {
      if (here !== undefined && mounts.includes(here)) mount = here;
      else if (!mounts.includes(part)) mount = mounts[0] as string;
    }
    if (mount !== here) current = undefined;
    node = node?.children.get(mount);
    return mount;
  });
  return [...resolved, own].join(":");
}

import type { Check, CheckMessage } from "@tsjango/kernel/checks";
import { loadUrlconf } from "../urls/load-urlconf.ts";
import type { UrlResolver } from "../urls/resolver.ts";

function* badSlashes(resolver: UrlResolver): Generator<CheckMessage> {
  for (const route of resolver.routes()) {
    if (!route.startsWith("/") && !route.includes("//")) continue;
    yield {
      level: "warning",
      id: "urls.W002",
      message: `The URL route ${JSON.stringify(route)} has a "/" at the start of a part.`,
      hint: 'Paths are matched after the "/" of their prefix: remove it, unless two slashes are meant.',
    };
  }
}

function* sharedNamespaces(resolver: UrlResolver): Generator<CheckMessage> {
  const mounts = [...resolver.mounts()].filter(({ namespaces }) => namespaces.length > 0);
  for (const [name, group] of Map.groupBy(mounts, ({ namespaces }) => namespaces.join(":"))) {
    if (new Set(group.map(({ patterns }) => patterns)).size < 2) continue;
    yield {
      level: "warning",
      id: "urls.W005",
      message: `The URL namespace "${name}" is given to ${group.length} includes.`,
      hint: "Their names cannot all be reversed; give each include its own namespace.",
    };
  }
}

function* sharedNames(resolver: UrlResolver): Generator<CheckMessage> {
  for (const [name, routes] of resolver.named) {
    const shapes = Map.groupBy(routes, ({ parts }) =>
      parts
        .filter((part) => typeof part !== "string")
        .map((part) => part.name)
        .sort()
        .join(),
    );
    const twins = [...shapes.values()].find((group) => group.length > 1);
    if (twins === undefined) continue;
    yield {
      level: "warning",
      id: "urls.W010",
      message: `The URL name "${name}" is given to ${twins.map(({ route }) => JSON.stringify(route)).join(" and ")}.`,
      hint: "reverse finds the last one only; rename one, or give their includes namespaces.",
    };
  }
}

/** Checks of `urlpatterns`. */
export const urlChecks: readonly Check[] = [
  {
    tags: ["urls"],
    async run(settings) {
      if (settings.rootUrlconf === undefined) return [];
      try {
        const resolver = await loadUrlconf(settings);
        return [...badSlashes(resolver), ...sharedNamespaces(resolver), ...sharedNames(resolver)];
      } catch (error) {
        return [{ level: "error", id: "urls.E001", message: `The URL patterns cannot be loaded: ${String(error)}` }];
      }
    },
  },
];

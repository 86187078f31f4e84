import type { Check, CheckMessage } from "@tsjango/kernel/checks";
import { loadUrlconf } from "../urls/load-urlconf.ts";
import type { UrlResolver } from "../urls/resolver.ts";
import { isInclude } from "../urls/routes.ts";
import type { UrlEntry } from "../urls/types.ts";

function* badSlashes(resolver: UrlResolver): Generator<CheckMessage> {
  for (const route of resolver.routes()) {
    if (!/^\^?\/|\/\^?\//.test(route)) continue;
    yield {
      level: "warning",
      id: "urls.W002",
      message: `The URL route ${JSON.stringify(route)} has a "/" at the start of a part.`,
      hint: 'Paths are matched after the "/" of their prefix: remove it, unless two slashes are meant.',
    };
  }
}

/** All entries, those of includes too. */
function* everyEntry(entries: readonly UrlEntry[]): Generator<UrlEntry> {
  for (const entry of entries) {
    yield entry;
    if (isInclude(entry)) yield* everyEntry(entry.include.patterns as readonly UrlEntry[]);
  }
}

/** A repeated group in which something is repeated, `(a+)+`: some texts take such an expression exponentially long. */
const NESTED_REPEAT = /\((?:[^()\\]|\\.)*(?:[+*]|\{\d+,\d*\})(?:[^()\\]|\\.)*\)(?:[+*]|\{\d+,\d*\})/;

function* oddEntries(resolver: UrlResolver): Generator<CheckMessage> {
  for (const entry of everyEntry(resolver.patterns)) {
    const { compiled, route } = entry;
    const shown = JSON.stringify(route);
    const warn = (id: string, message: string, hint: string): CheckMessage => ({ level: "warning", id, message, hint });
    if (compiled.verify && isInclude(entry) && route.endsWith("$")) {
      yield warn(
        "urls.W001",
        `The regular expression ${shown} mounts patterns and ends with "$".`,
        'Remove the "$": what lies below it can never match.',
      );
    }
    if (!compiled.verify && /\(\?|^\^|\$$/.test(route)) {
      yield warn(
        "2_0.W001",
        `The URL route ${shown} looks like a regular expression.`,
        "path() takes its text as it is; regular expressions are for rePath().",
      );
    }
    if (compiled.verify && NESTED_REPEAT.test(route)) {
      yield warn(
        "urls.W101",
        `The regular expression ${shown} repeats a group in which something is repeated.`,
        "A client can send a path for which it runs for minutes: write it without the repetition inside.",
      );
    }
    if (!isInclude(entry) && entry.name?.includes(":") === true) {
      yield warn(
        "urls.W003",
        `The URL pattern ${shown} has the name "${entry.name}", with ":" in it.`,
        "Remove it: in names, it separates namespaces.",
      );
    }
  }
}

function* badHandlers({ errorHandlers }: UrlResolver): Generator<CheckMessage> {
  for (const [status, handler] of Object.entries(errorHandlers)) {
    if (handler.length <= 2) continue;
    yield {
      level: "error",
      id: "urls.E007",
      message: `The error handler handler${status} takes ${handler.length} arguments.`,
      hint: "It is called with the request and the error.",
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
        return [badSlashes, oddEntries, badHandlers, sharedNamespaces, sharedNames].flatMap((check) => [
          ...check(resolver),
        ]);
      } catch (error) {
        return [{ level: "error", id: "urls.E001", message: `The URL patterns cannot be loaded: ${String(error)}` }];
      }
    },
  },
];

import { defineCommand } from "@tsjango/kernel/management";
import { loadUrlconf } from "../urls/load-urlconf.ts";
import type { RouteLine } from "../urls/routes.ts";

/** A pattern as `urls --json` prints it. */
function described({ route, namespaces, pattern }: RouteLine) {
  const name = pattern.name === undefined ? null : [...namespaces, pattern.name].join(":");
  return { route: `/${route}`, view: pattern.view.name || "anonymous", name };
}

export default defineCommand({
  name: "urls",
  description: "Lists the URL patterns with their views and names.",
  arguments: [{ name: "[prefix]", description: "only those whose route begins so" }],
  options: { json: { flags: "--json", description: "as JSON, for programs" } },
  checks: false,
  async run({ args, options, output, settings }) {
    const resolver = await loadUrlconf(settings);
    const prefix = (args[0] ?? "").replace(/^\/?/, "/");
    const all = [...resolver.lines()].map(described).filter(({ route }) => route.startsWith(prefix));
    if (options.json) {
      output.log(JSON.stringify(all, undefined, 2));
      return;
    }
    const routeWidth = Math.max(...all.map(({ route }) => route.length), 0);
    const viewWidth = Math.max(...all.map(({ view }) => view.length), 0);
    for (const { route, view, name } of all) {
      output.log(
        `${route.padEnd(routeWidth)}  ${output.style("dim", view.padEnd(viewWidth))}  ${name ?? ""}`.trimEnd(),
      );
    }
  },
});

import { apps } from "@tsjango/kernel/apps";
import type { Check, CheckMessage } from "@tsjango/kernel/checks";
import { connections } from "../connections.ts";
import { lint } from "../migrations/lint.ts";
import { loadMigrations } from "../migrations/loader.ts";
import { replay } from "../migrations/replay.ts";

/** What is dangerous in the last migration of each app: no other command repeats it. */
export const migrationChecks: Check = {
  tags: ["migrations"],
  asked: true,
  async run() {
    const graph = await loadMigrations(apps.all().map((app) => app.config));
    const backends = new Map(
      connections.aliases().map((alias) => [connections.get(alias).vendor, connections.get(alias)]),
    );
    const found = new Map<string, CheckMessage>();
    for (const { config } of apps.all()) {
      const leaf = graph.leaf(config.label);
      if (leaf === undefined) continue;
      const before = replay(graph.ancestors(leaf).filter((each) => each !== leaf));
      for (const backend of backends.values()) {
        for (const { id, subject, message, hint } of await lint(leaf, before, backend)) {
          found.set(`${id} ${subject} ${message}`, { level: "warning", id, subject, message, hint });
        }
      }
    }
    return found.values();
  },
};

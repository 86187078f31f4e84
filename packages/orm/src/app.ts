import { apps, defineApp } from "@tsjango/kernel/apps";
import { settings } from "@tsjango/kernel/conf";
import { z } from "zod";
import { databaseOptionsSchema } from "./backends/base/options.ts";
import { migrationChecks } from "./checks/migrations.ts";
import { modelChecks } from "./checks/models.ts";
import { commands } from "./commands/commands.ts";
import { connections } from "./connections.ts";
import { prepareModels } from "./models/prepare.ts";
import type { DatabaseRouter } from "./routers.ts";
import { onStatement, onStatementSettled, sandbox, setSlowQueryThreshold } from "./transaction.ts";

/** The ORM as an installed app: its settings, commands and checks, and the preparing of all models. */
export default defineApp({
  name: "@tsjango/orm",
  label: "orm",
  settings: {
    databases: z
      .record(
        z.string(),
        z.strictObject({
          url: z.string().min(1),
          maxConnections: z.int().min(1).optional(),
          options: databaseOptionsSchema,
        }),
      )
      .default({}),
    databaseRouters: z
      .array(z.custom<DatabaseRouter>((value) => typeof value === "object" && value !== null))
      .default([]),
    slowQueryThreshold: z.number().nonnegative().optional(),
    fetchMode: z.enum(["peers", "one", "raise"]).default("peers"),
  },
  commands,
  checks: [modelChecks, migrationChecks],
  testHooks: async () => (await import("./test/hooks.ts")).testHooks,
  ready() {
    // Settings that were not checked may say nothing.
    setSlowQueryThreshold("slowQueryThreshold" in settings ? settings.slowQueryThreshold : undefined);
    prepareModels(apps.all());
  },
  close: () => connections.closeAll(),
  startupNotices: async () => (await import("./commands/startup-notices.ts")).startupNotices(),
  about: async () => (await import("./commands/about.ts")).about(),
  sandbox: async () => sandbox(),
  watchStatements({ started, settled }) {
    const stops = [started && onStatement(started), settled && onStatementSettled(settled)];
    return () => {
      for (const stop of stops) stop?.();
    };
  },
});

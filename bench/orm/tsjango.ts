import { defineApp, setup, tearDown } from "@tsjango/kernel/apps";
import { type Settings, settingsDefiner } from "@tsjango/kernel/conf";
import orm from "@tsjango/orm/app";
import { makeDatabase } from "./database.ts";

/** Sets the ORM up over a fresh database. */
export async function open(): Promise<() => Promise<void>> {
  const { file, remove } = makeDatabase();
  const settings = settingsDefiner([orm])({
    baseDir: new URL(".", import.meta.url),
    secretKey: "bench",
    installedApps: [defineApp({ name: "bench", models: () => import("./models.ts") })],
    databases: { default: { url: `sqlite:${file}` } },
  });
  await setup(settings as Settings);
  return async () => {
    await tearDown();
    remove();
  };
}

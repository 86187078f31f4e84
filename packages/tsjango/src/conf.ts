import { type DefineSettings, settingsDefiner } from "@tsjango/kernel/conf";
import { builtinApps } from "./builtin-apps.ts";

// A star, so that `declare module "tsjango/conf" { interface Register … }` reaches the interface.
export * from "@tsjango/kernel/conf";

/**
 * Checks a project's settings and completes them with defaults; tsjango's own apps are always installed.
 * Source: https://docs.djangoproject.com/en/5.2/topics/settings/
 * @throws InvalidSettings naming each unknown key with the nearest known one, and each wrong value with its path.
 * @example
 * export default defineSettings({
 *   baseDir: new URL("..", import.meta.url),
 *   secretKey: env.string("SECRET_KEY"),
 *   debug: env.boolean("DEBUG", false),
 *   rootUrlconf: () => import("./urls.ts"),
 *   databases: { default: env.database("DATABASE_URL", "sqlite:db.sqlite3") },
 * });
 */
export const defineSettings: DefineSettings = settingsDefiner(builtinApps);
// They carry the keys that core and orm add to the settings, also in the declarations.
export type {} from "@tsjango/core/app";
export type {} from "@tsjango/orm";

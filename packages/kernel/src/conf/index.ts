export { activeSettings, configure, isConfigured, settings } from "./active-settings.ts";
export { type DefineSettings, settingsDefiner } from "./define-settings.ts";
export { type DatabaseUrl, env } from "./env.ts";
export { findProject, loadSettings, nearestPackage, type Project } from "./project.ts";
export { replaceSettings, type SettingsOverrides } from "./replace-settings.ts";
export { settingsDefaults } from "./schema.ts";
// A star, so that `declare module "tsjango/conf" { interface Register … }` reaches the interface.
export * from "./settings.ts";

export { type Collected, type CollectOptions, collectStatic } from "./collect.ts";
export { findStaticFiles, type StaticSettings } from "./finders.ts";
export { loadStaticFiles, type StaticFiles, setStaticFiles, staticUrl } from "./static-files.ts";

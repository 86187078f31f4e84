export {
  type AboutFacts,
  type AboutSections,
  type AboutValue,
  type AppConfig,
  type AppOptions,
  appDirectory,
  defineApp,
  type ModelsOf,
  type Sandbox,
  type StartupNotice,
  type StatementWatcher,
  type TestHooks,
  type TestRun,
  type TestScope,
  type WatchedStatement,
  type WrongSelf,
} from "./app-config.ts";
export { AppRegistry, apps, type LoadedApp } from "./registry.ts";
export { setup, tearDown } from "./setup.ts";

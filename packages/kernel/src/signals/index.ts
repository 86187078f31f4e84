export { applicationShutdown, applicationStartup } from "./lifecycle.ts";
export { type Outcome, type Receiver, Signal } from "./signal.ts";

import { Signal } from "./signal.ts";

/** Sent by a server's worker before its first request, through the application's lifespan. */
export const applicationStartup: Signal<void> = new Signal("applicationStartup");

/** Sent when the work is over, by a server's worker and after a command: close pools and files here. */
export const applicationShutdown: Signal<void> = new Signal("applicationShutdown");

import { Signal } from "@tsjango/kernel/signals";

/** Sent by each of a server's processes before its first request; a receiver that throws stops the server. */
export const applicationStartup: Signal<void> = new Signal("applicationStartup");

/** Sent by each of a server's processes after its last request, before the apps' own `close()`. */
export const applicationShutdown: Signal<void> = new Signal("applicationShutdown");

import { Signal } from "@tsjango/kernel/signals";
import type { HttpRequest } from "./http/request.ts";

/** Sent by each of a server's processes before its first request; a receiver that throws stops the server. */
export const applicationStartup: Signal<void> = new Signal("applicationStartup");

/** Sent by each of a server's processes after its last request, before the apps' own `close()`. */
export const applicationShutdown: Signal<void> = new Signal("applicationShutdown");

/** What the signals of a request carry. */
export interface RequestPayload {
  readonly request: HttpRequest;
}

/**
 * Sent before a request goes to the middleware; a receiver that throws makes its answer a 500.
 * Source: https://docs.djangoproject.com/en/5.2/ref/signals/#request-started
 */
export const requestStarted: Signal<RequestPayload> = new Signal("requestStarted");

/** Sent when the response has been sent, or the client has gone; what its receivers throw is logged. */
export const requestFinished: Signal<RequestPayload> = new Signal("requestFinished");

/** Sent when a view or middleware threw what is answered with 500; what its receivers throw is logged. */
export const gotRequestException: Signal<RequestPayload & { readonly error: unknown }> = new Signal(
  "gotRequestException",
);

import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { type AsgiApplication, handleNodeRequest, type NodeBridgeOptions } from "@tsjango/core/asgi";
import type { AccessRecord } from "../access-log.ts";
import { recordOf } from "../access-records.ts";
import type { Run } from "../connections.ts";

/** What requests are run with. */
export interface HttpOptions {
  readonly application: AsgiApplication;
  readonly rootPath: string;
  /** The lifespan's state, or undefined where it is empty. */
  state(): Record<string, unknown> | undefined;
  /** Entries of `scope.extensions` for the requests of a connection. */
  extensions(socket: Socket): Readonly<Record<string, unknown>> | undefined;
  /** Called when a response is written, or its client has gone. */
  readonly onAnswered: ((record: AccessRecord) => void) | undefined;
  readonly onError: (error: unknown) => void;
}

/** Runs the application for each request, and logs what was answered. */
export function httpRunner(options: HttpOptions): Run {
  const { application, rootPath, onAnswered, onError } = options;
  return function run(request, response, expectContinue) {
    if (onAnswered !== undefined) {
      const start = performance.now();
      const before = request.socket.bytesWritten;
      response.once("close", () => {
        onAnswered(recordOf(request, response, { milliseconds: performance.now() - start, before }));
      });
    }
    const extensions = options.extensions(request.socket);
    const own: NodeBridgeOptions = { onError, rootPath, state: options.state(), expectContinue };
    void handleNodeRequest(
      application,
      request,
      response,
      extensions === undefined ? own : withExtensions(own, extensions),
    );
  };
}

function withExtensions(options: NodeBridgeOptions, extensions: Readonly<Record<string, unknown>>): NodeBridgeOptions {
  return { ...options, mapScope: (scope) => ({ ...scope, extensions: { ...scope.extensions, ...extensions } }) };
}

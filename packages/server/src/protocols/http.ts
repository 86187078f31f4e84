import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { type AsgiApplication, handleNodeRequest, type NodeBridgeOptions } from "@tsjango/core/asgi";
import type { AccessRecord } from "../access-log.ts";
import { recordOf } from "../access-records.ts";

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

/** The two listeners that node:http wants: for requests, and for those that wait for "100 Continue". */
export interface HttpListeners {
  request(request: IncomingMessage, response: ServerResponse): void;
  checkContinue(request: IncomingMessage, response: ServerResponse): void;
}

/** Runs the application for each request, and logs what was answered. */
export function httpListeners(options: HttpOptions): HttpListeners {
  function run(request: IncomingMessage, response: ServerResponse, expectContinue: boolean): void {
    const { onAnswered } = options;
    if (onAnswered !== undefined) {
      const start = performance.now();
      const before = request.socket.bytesWritten;
      response.once("close", () => {
        onAnswered(recordOf(request, response, { milliseconds: performance.now() - start, before }));
      });
    }
    const { application, rootPath, onError } = options;
    const extensions = options.extensions(request.socket);
    const own: NodeBridgeOptions = { onError, rootPath, state: options.state(), expectContinue };
    void handleNodeRequest(
      application,
      request,
      response,
      extensions === undefined ? own : withExtensions(own, extensions),
    );
  }
  return {
    request: (request, response) => run(request, response, false),
    checkContinue: (request, response) => run(request, response, true),
  };
}

function withExtensions(options: NodeBridgeOptions, extensions: Readonly<Record<string, unknown>>): NodeBridgeOptions {
  return { ...options, mapScope: (scope) => ({ ...scope, extensions: { ...scope.extensions, ...extensions } }) };
}

import type { Policy } from "../security/csp.ts";
import type { WebSocketView } from "../websockets/websocket.ts";
import type { ViewFunction } from "./types.ts";

/** What decorators tell the middleware around a view. */
export interface ViewMarks {
  /** Requests that change things need no CSRF token. */
  readonly csrfExempt?: boolean;
  /** False: the middleware sets no `X-Frame-Options`. */
  readonly frameOptions?: false;
  /** The content security policy of this view, or null for none. */
  readonly csp?: Policy | null;
  /** The policy that is only reported, or null for none. */
  readonly cspReportOnly?: Policy | null;
  /** False: a path without "/" at its end is not sent on to this view. */
  readonly appendSlash?: boolean;
  /** What runs where the request is a WebSocket's handshake. */
  readonly webSocket?: { readonly view: WebSocketView<never>; readonly anyOrigin?: boolean };
}

// Shared by all copies of the package, as a view may be decorated by one and read by another.
const MARKS = Symbol.for("tsjango.viewMarks");
const NONE: ViewMarks = Object.freeze({});

/** What decorators said of a view. */
export function viewMarks(view: object): ViewMarks {
  return (view as { [MARKS]?: ViewMarks })[MARKS] ?? NONE;
}

/** A view around another one: it keeps the inner one's name and marks, and adds its own. */
export function wrapView<P>(inner: ViewFunction<P>, outer: ViewFunction<P>, marks: ViewMarks = NONE): ViewFunction<P> {
  Object.defineProperty(outer, "name", { value: inner.name, configurable: true });
  return Object.assign(outer, { [MARKS]: { ...viewMarks(inner), ...marks } });
}

import { recordMetric } from "@tsjango/kernel/metrics";
import type { Send } from "../asgi/types.ts";
import type { HttpRequest } from "../http/request.ts";

/** Others are counted as one, so that clients cannot make values without end. */
const METHODS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "CONNECT",
]);

let active = 0;

function recordActive(change: 1 | -1): void {
  active += change;
  recordMetric({ name: "http.server.active_requests", kind: "gauge", value: active, unit: "{request}" });
}

/**
 * Measures how long a request takes until its last byte is handed over, and how many run.
 * Source: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 */
export async function measureRequest(
  request: HttpRequest,
  send: Send,
  run: (send: Send) => Promise<void>,
): Promise<void> {
  const start = performance.now();
  let status: number | undefined;
  recordActive(1);
  try {
    await run((event) => {
      if (event.type === "http.response.start") status = event.status;
      return send(event);
    });
  } finally {
    recordActive(-1);
    const route = request.resolverMatch?.route;
    recordMetric({
      name: "http.server.request.duration",
      kind: "histogram",
      value: (performance.now() - start) / 1000,
      unit: "s",
      attributes: {
        "http.request.method": METHODS.has(request.method) ? request.method : "_OTHER",
        ...(status === undefined ? {} : { "http.response.status_code": status }),
        ...(route === undefined ? {} : { "http.route": `/${route}` }),
      },
    });
  }
}

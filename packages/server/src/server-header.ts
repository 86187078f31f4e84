import type { AsgiApplication } from "@tsjango/core/asgi";

/** The application, with a header `Server` in the responses that have none. */
export function withServerHeader(application: AsgiApplication, value: string): AsgiApplication {
  return (scope, receive, send) => {
    if (scope.type !== "http") return application(scope, receive, send);
    return application(scope, receive, (event) => {
      if (event.type !== "http.response.start") return send(event);
      const headers = event.headers ?? [];
      if (headers.some(([name]) => name.toLowerCase() === "server")) return send(event);
      return send({ ...event, headers: [...headers, ["server", value]] });
    });
  };
}

import type { AsgiApplication, Send } from "@tsjango/core/asgi";

/**
 * Answers the health endpoints before the application: below `path`, `/live` is 200 as long as the process answers,
 * `/ready` is 503 while it is about to end.
 */
export function withHealth(application: AsgiApplication, path: string, isReady: () => boolean): AsgiApplication {
  const prefix = path.replace(/\/+$/, "");
  return (scope, receive, send) => {
    if (scope.type !== "http" || !scope.path.startsWith(prefix)) return application(scope, receive, send);
    switch (scope.path.slice(prefix.length)) {
      case "/live":
        return answer(send, 200, "alive\n");
      case "/ready":
        return isReady() ? answer(send, 200, "ready\n") : answer(send, 503, "not ready\n");
      default:
        return application(scope, receive, send);
    }
  };
}

async function answer(send: Send, status: number, body: string): Promise<void> {
  const headers: [string, string][] = [
    ["content-type", "text/plain; charset=utf-8"],
    ["content-length", String(body.length)],
    ["cache-control", "no-store"],
  ];
  await send({ type: "http.response.start", status, headers });
  await send({ type: "http.response.body", body });
}

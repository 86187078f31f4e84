import { setTimeout } from "node:timers/promises";
import type { AsgiApplication, HttpScope, LifespanScope, Receive, Send } from "@tsjango/core/asgi";

/** An application that answers each path with a text; `/slow` takes 300 ms, `/hang` 30 s, `/spin` is for ever, `/pid` names its process. */
export async function application(scope: Parameters<AsgiApplication>[0], _receive: Receive, send: Send): Promise<void> {
  if (scope.type !== "http") throw new Error("only http here");
  if (scope.path === "/slow") {
    console.log("slow begins");
    await setTimeout(300);
  }
  if (scope.path === "/hang") {
    console.log("hanging");
    await setTimeout(30_000);
  }
  if (scope.path === "/spin") spin();
  if (scope.path === "/crash") process.exit(9);
  await answer(send, scope.path === "/pid" ? String(process.pid) : text(scope));
}

function spin(): void {
  for (;;);
}

function text(scope: HttpScope): string {
  return scope.path === "/state" ? JSON.stringify(scope.state ?? null) : `path ${scope.path}`;
}

async function answer(send: Send, body: string): Promise<void> {
  await send({ type: "http.response.start", status: 200, headers: [["content-type", "text/plain"]] });
  await send({ type: "http.response.body", body });
}

/** An application that takes part in the lifespan and writes down what it was told. */
export function withLifespan(events: string[], options: { failStartup?: string } = {}): AsgiApplication {
  return async (scope, receive, send) => {
    if (scope.type !== "lifespan") {
      events.push("request");
      return application(scope, receive, send);
    }
    for (;;) {
      const { type } = await receive();
      events.push(type);
      if (type === "lifespan.startup") {
        const { failStartup: message } = options;
        if (message !== undefined) return send({ type: "lifespan.startup.failed", message });
        (scope as LifespanScope).state!["pool"] = "open";
        await send({ type: "lifespan.startup.complete" });
      } else {
        return send({ type: "lifespan.shutdown.complete" });
      }
    }
  };
}

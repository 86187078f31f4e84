import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createServer } from "../src/index.ts";
import { application } from "./support/application.ts";
import { use } from "./support/use.ts";

test("a connection that waits for its next request does not hold on to the last one, nor to its context", {
  timeout: 20_000,
}, async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const storage = new AsyncLocalStorage<object>();
  const contexts: WeakRef<object>[] = [];
  const server = createServer(
    (scope, receive, send) => {
      const context = { scope };
      contexts.push(new WeakRef(context));
      return storage.run(context, () => application(scope, receive, send));
    },
    { port: 0, lifespan: "off", limits: { keepAliveTimeout: 60_000 } },
  );
  const { port } = new URL(await server.listen());
  use({ [Symbol.asyncDispose]: () => server.close({ gracePeriod: 0 }) });
  const [socket, other] = [connect(Number(port), "127.0.0.1"), connect(Number(port), "127.0.0.1")];
  use({ [Symbol.dispose]: () => void [socket.destroy(), other.destroy()] });
  for (const each of [socket, other]) {
    each.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(each, "data");
  }
  expect(contexts).toHaveLength(2);
  await expect
    .poll(
      () => {
        collect();
        // Not the context itself: what a poll was given is kept for its message.
        return contexts[0]?.deref() === undefined;
      },
      { timeout: 10_000, interval: 100 },
    )
    .toBe(true);
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(socket, "data");
  expect(contexts).toHaveLength(3);
});

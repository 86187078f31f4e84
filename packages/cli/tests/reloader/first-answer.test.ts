import type { AsgiApplication, HttpScope } from "@tsjango/core/asgi";
import { expect, test } from "vitest";
import { firstAnswer } from "../../src/reloader/first-answer.ts";

const scope = { type: "http" } as HttpScope;
const receive = () => new Promise<never>(() => undefined);
const send = async () => undefined;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function held(): { application: AsgiApplication; finish: () => void; fail: (error: Error) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { application: () => promise, finish: resolve, fail: reject };
}

async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await pause(0);
  return settled;
}

test("other work waits for the first answer, however long it takes", async () => {
  const { application, finish } = held();
  const first = firstAnswer(application);
  const answered = first.answered();
  const request = first.application(scope, receive, send);
  await pause(150);
  expect(await isSettled(answered)).toBe(false);
  finish();
  await request;
  expect(await isSettled(answered)).toBe(true);
});

test("a request that fails is answered, too, and its error goes on", async () => {
  const { application, fail } = held();
  const first = firstAnswer(application);
  const answered = first.answered();
  const request = first.application(scope, receive, send);
  fail(new Error("in the view"));
  await expect(request).rejects.toThrow("in the view");
  expect(await isSettled(answered)).toBe(true);
});

test("without a request nothing waits for long", async () => {
  const { answered } = firstAnswer(async () => undefined);
  await answered();
});

test("a WebSocket is no request that is answered", async () => {
  const { application, finish } = held();
  const first = firstAnswer(application);
  const socket = first.application({ type: "websocket" } as never, receive, send);
  await first.answered();
  finish();
  await socket;
});

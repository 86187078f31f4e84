import { runInContext } from "@tsjango/kernel/async";
import { expect, test } from "vitest";
import { Turns } from "../../../src/backends/base/turns.ts";
import { QueryAborted } from "../../../src/index.ts";

const late = () => new Error("late");

test("who waits has the turn in the order of asking, and never more at once than there is room", async () => {
  const turns = new Turns(2);
  const order: number[] = [];
  let most = 0;
  const work = async (number: number) => {
    await turns.acquire();
    order.push(number);
    most = Math.max(most, turns.held);
    await new Promise((resolve) => setTimeout(resolve, number % 3));
    turns.release();
  };
  await Promise.all(Array.from({ length: 20 }, (_, number) => work(number)));
  expect([order, most]).toEqual([Array.from({ length: 20 }, (_, number) => number), 2]);
  expect([turns.busy, turns.held, turns.waiting]).toEqual([false, 0, 0]);
});

test("who waited too long, or whose client has gone, leaves the queue to the others", async () => {
  const turns = new Turns(1);
  await turns.acquire();
  const gone = new AbortController();
  const request = { kind: "request", signal: gone.signal } as const;
  const impatient = turns.acquire({ timeout: 5, late });
  const [abandoned, patient] = runInContext(request, () => [
    turns.acquire({ timeout: 5000, late }),
    turns.acquire({ timeout: 5000, late }),
  ]);
  const results = Promise.allSettled([impatient, abandoned]);
  setTimeout(() => gone.abort(new Error("client gone")), 20);
  expect(await results).toMatchObject([
    { status: "rejected", reason: { message: "late" } },
    { status: "rejected", reason: { name: "AbortError", cause: { message: "client gone" } } },
  ]);
  await expect(patient).rejects.toThrow(QueryAborted);
  expect(turns.waiting).toBe(0);
  // What the request does to tidy up has its turn; one whose client had gone before does not wait at all.
  const tidy = runInContext(request, () => turns.acquire({ timeout: 5000, late }));
  const other = { kind: "request", signal: gone.signal } as const;
  await expect(runInContext(other, () => turns.acquire())).rejects.toThrow(QueryAborted);
  turns.release();
  await tidy;
  turns.release();
  expect(turns.busy).toBe(false);
});

test("it is idle when nobody holds a turn, nor waits for one", async () => {
  const turns = new Turns(2);
  expect(await turns.idle(1)).toBe(true);
  await Promise.all([turns.acquire(), turns.acquire()]);
  const ended: string[] = [];
  const third = Promise.resolve(turns.acquire()).then(() => ended.push("third"));
  const idle = turns.idle(0).then(() => ended.push("idle"));
  turns.release();
  await third;
  turns.release();
  // Whoever asks again at once is waited for, too.
  turns.release();
  turns.acquire();
  await new Promise(setImmediate);
  expect(await turns.idle(5)).toBe(false);
  expect(ended).toEqual(["third"]);
  turns.release();
  await idle;
});

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

test("who waited too long, or no longer wants to, leaves the queue to the others", async () => {
  const turns = new Turns(1);
  await turns.acquire();
  const gone = new AbortController();
  const impatient = turns.acquire({ timeout: 5, late });
  const abandoned = turns.acquire({ timeout: 5000, late, signal: gone.signal });
  const patient = turns.acquire({ timeout: 5000, late, signal: gone.signal });
  const results = Promise.allSettled([impatient, abandoned]);
  setTimeout(() => gone.abort(new Error("client gone")), 20);
  expect(await results).toMatchObject([
    { status: "rejected", reason: { message: "late" } },
    { status: "rejected", reason: { name: "AbortError", cause: { message: "client gone" } } },
  ]);
  await expect(patient).rejects.toThrow(QueryAborted);
  expect(turns.waiting).toBe(0);
  turns.release();
  expect(turns.busy).toBe(false);
});

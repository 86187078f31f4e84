import { Signal } from "@tsjango/kernel/signals";
import { expect, test } from "vitest";

test("send awaits all receivers and rejects with an error of one", async () => {
  const signal = new Signal<number>("numbers");
  const seen: number[] = [];
  const disconnect = signal.connect(async (value) => {
    await null;
    seen.push(value);
  });
  await signal.send(1);
  expect(seen).toEqual([1]);
  expect(disconnect()).toBe(true);
  await signal.send(2);
  expect(seen).toEqual([1]);
  signal.connect(() => {
    throw new Error("no");
  });
  await expect(signal.send(3)).rejects.toThrow("no");
});

test("sendRobust reports what each receiver did", async () => {
  const signal = new Signal<number>("numbers");
  const error = new Error("no");
  signal.connect((value) => value * 2);
  signal.connect(() => {
    throw error;
  });
  expect(await signal.sendRobust(2)).toMatchObject([{ result: 4 }, { error }]);
});

test("a receiver connected twice is called once", async () => {
  const signal = new Signal<void>("once");
  let calls = 0;
  const receiver = () => calls++;
  signal.connect(receiver);
  signal.connect(receiver);
  await signal.send();
  expect(calls).toBe(1);
  expect(signal.hasReceivers()).toBe(true);
});

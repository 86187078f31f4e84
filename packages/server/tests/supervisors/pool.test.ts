import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pool } from "../../src/supervisors/pool.ts";
import { type FakeWorker, PoolModel } from "../support/pool.ts";

function running(count: number): PoolModel {
  const model = new PoolModel(count);
  model.settle();
  return model;
}

describe("a pool", () => {
  test("starts one worker, and the others once that one is ready", () => {
    const model = new PoolModel(3);
    expect(model.workers).toHaveLength(1);
    model.becomeReady(model.workers[0]);
    expect(model.workers).toHaveLength(3);
    expect(model.news).toEqual([]);
    model.settle();
    expect(model.news).toEqual(["started"]);
  });

  test("replaces at once a worker that ends", () => {
    const model = running(2);
    model.end(model.workers[0]);
    expect(model.workers).toHaveLength(3);
  });

  test("waits longer and longer where workers end soon after they were ready, and no more when one has served", () => {
    const model = running(1);
    model.pass(5_000);
    for (let round = 0; round < 10; round++) {
      model.end(model.workers.at(-1));
      model.pass(20_000);
      model.becomeReady(model.workers.at(-1));
    }
    const waits = model.news.filter((line) => line.startsWith("waits")).map((line) => Number(line.slice(6)));
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
    model.pass(1_000);
    const { length } = model.workers;
    model.end(model.workers.at(-1));
    expect(model.workers).toHaveLength(length + 1);
  });

  test("counts those that end together as one failure: all are replaced at once", () => {
    const model = new PoolModel(4);
    while (model.in("booting").length > 0) model.becomeReady(model.in("booting")[0]);
    for (const worker of model.in("ready")) {
      model.pass(10);
      model.end(worker);
    }
    expect(model.workers).toHaveLength(8);
    expect(model.news).toEqual(["started"]);
    for (const worker of model.in("booting")) model.becomeReady(worker);
    model.pass(10);
    model.end(model.workers.at(-1));
    expect(model.news).toEqual(["started", "waits 200"]);
  });

  test("gives up after five failures at the start, and at once where trying again is of no use", () => {
    const model = new PoolModel(4);
    for (let round = 0; round < 5; round++) {
      model.fail(model.workers.at(-1));
      model.pass(10_000);
    }
    expect(model).toMatchObject({ exitCode: 3, news: ["waits 100", "waits 200", "waits 400", "waits 800"] });
    expect(model.workers).toHaveLength(5);
    const usage = new PoolModel(4);
    usage.fail(usage.workers[0], 1);
    expect(usage).toMatchObject({ exitCode: 1, news: [] });
  });

  test("reloads one worker after the other, each when its successor is ready", () => {
    const model = running(2);
    model.pool.reload();
    expect(model.workers.map(({ state }) => state)).toEqual(["ready", "ready", "booting"]);
    model.becomeReady(model.workers[2]);
    expect(model.workers.map(({ state }) => state)).toEqual(["draining", "ready", "ready", "booting"]);
    model.becomeReady(model.workers[3]);
    expect(model.workers.map(({ state }) => state)).toEqual(["draining", "draining", "ready", "ready"]);
    expect(model.news).toEqual(["started", "reloaded"]);
  });

  test("keeps its workers where the new code does not boot, and takes the next good one", () => {
    const model = running(2);
    model.pool.reload();
    model.fail(model.workers[2]);
    expect(model.news).toEqual(["started", "not reloaded: it threw"]);
    model.pass(60_000);
    expect(model.workers).toHaveLength(3);
    model.pool.reload();
    model.settle();
    expect(model.in("ready").map(({ id }) => id)).toEqual([4, 5]);
  });

  test("does not kill for a second reload what the first one made ready", () => {
    const model = running(2);
    model.pool.reload();
    model.becomeReady(model.workers[2]);
    model.pool.reload();
    model.settle();
    expect(model.in("ready").map(({ id }) => id)).toEqual([5, 6]);
    expect(model.news.filter((line) => line === "reloaded")).toHaveLength(1);
  });

  test("replaces retired workers one at a time", () => {
    const model = running(3);
    for (const worker of model.in("ready")) model.pool.retire(worker);
    expect(model.in("booting")).toHaveLength(1);
    model.settle();
    expect(model.in("ready").map(({ id }) => id)).toEqual([4, 5, 6]);
  });

  test("the successor of a worker that dies meanwhile takes its place", () => {
    const model = running(1);
    model.pool.retire(model.workers[0] as FakeWorker);
    model.end(model.workers[0]);
    model.settle();
    expect(model.in("ready").map(({ id }) => id)).toEqual([2]);
  });
});

type Step = (model: PoolModel) => void;

/** What happens to a pool, at random. */
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.nat().map(
      (pick): Step =>
        (model) =>
          model.becomeReady(at(model.in("booting"), pick)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat().map(
      (pick): Step =>
        (model) =>
          model.fail(at(model.in("booting"), pick)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat().map(
      (pick): Step =>
        (model) =>
          model.end(at(model.in("ready"), pick)),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat().map(
      (pick): Step =>
        (model) =>
          model.end(at(leaving(model), pick)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 12_000 }).map(
      (ms): Step =>
        (model) =>
          model.pass(ms),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((model) => model.pool.reload()) },
  { weight: 1, arbitrary: fc.constant<Step>((model) => model.resize(1)) },
  { weight: 1, arbitrary: fc.constant<Step>((model) => model.resize(-1)) },
  {
    weight: 1,
    arbitrary: fc.nat().map(
      (pick): Step =>
        (model) => {
          const worker = at(model.in("ready"), pick);
          if (worker !== undefined) model.pool.retire(worker);
        },
    ),
  },
);

function at(workers: readonly FakeWorker[], pick: number): FakeWorker | undefined {
  return workers[pick % Math.max(1, workers.length)];
}

function leaving(model: PoolModel): FakeWorker[] {
  return [...model.in("draining"), ...model.in("killed")];
}

/** Runs steps and throws at the first rule that is broken. */
function obeys(make: typeof Pool<FakeWorker>, count: number, steps: readonly Step[]): void {
  const model = new PoolModel(count, make);
  for (const run of steps) {
    if (model.exitCode !== undefined) return;
    const before = new Set(model.in("ready"));
    const drained = () => [...before].filter(({ state }) => state === "draining").length;
    run(model);
    const { wanted } = model;
    const living = model.in("ready").length + model.in("booting").length;
    if (living > wanted + 1) throw new Error(`${living} workers where ${wanted} were wanted`);
    // What the pool itself takes away leaves as many ready ones as there were, or as are wanted.
    if (drained() > 0 && model.in("ready").length < Math.min(wanted, before.size))
      throw new Error("a worker left before its successor was ready");
  }
  if (model.pool.ending) return;
  model.settle();
  if (model.in("ready").length !== model.wanted) throw new Error(`${model.in("ready").length} at rest`);
  model.pool.end("drain", 0);
  for (const worker of [...model.in("draining"), ...model.in("killed")]) model.end(worker);
  if (model.exitCode !== 0) throw new Error("it did not end");
}

const histories = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }));

test("a pool obeys its rules whatever happens", () => {
  fc.assert(
    fc.property(histories, ([count, steps]) => obeys(Pool, count, steps)),
    { numRuns: 3_000, seed: 7 },
  );
});

describe("the rules find a pool that", () => {
  class Hasty extends Pool<FakeWorker> {
    override reload(): void {
      for (const worker of this.workers()) worker.drain();
      super.reload();
    }
  }
  class Doubling extends Pool<FakeWorker> {
    override becameReady(worker: FakeWorker): void {
      super.becameReady(worker);
      if (worker.id % 3 === 0) this.resize(this.wanted + 1);
    }
  }
  class Forgetful extends Pool<FakeWorker> {
    override exited(worker: FakeWorker): void {
      if (worker.id % 5 !== 0) super.exited(worker);
    }
  }
  test.each([
    ["drains before successors are ready", Hasty],
    ["grows by itself", Doubling],
    ["forgets a worker that ended", Forgetful],
  ])("%s", (_name, make) => {
    const found = fc.check(
      fc.property(histories, ([count, steps]) => obeys(make, count, steps)),
      { numRuns: 3_000, seed: 7 },
    );
    expect(found.failed).toBe(true);
  });
});

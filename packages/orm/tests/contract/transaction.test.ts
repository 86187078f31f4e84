import { AsyncResource } from "node:async_hooks";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connections } from "../../src/connections.ts";
import {
  atomic,
  getRollback,
  inAtomicBlock,
  OperationalError,
  onCommit,
  setRollback,
  TransactionConflictError,
  TransactionManagementError,
} from "../../src/index.ts";
import { testHooks } from "../../src/test/index.ts";
import { runStatement } from "../../src/transaction.ts";
import { Author } from "../support/models.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";

describeDatabases("atomic", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  beforeEach(async () => void (await Author.objects.all().delete()));
  const make = (name: string, email?: string) =>
    Author.objects.create(email === undefined ? { name } : { name, email });
  const names = async () => (await Author.objects.all()).map((author) => author.name);
  const failing = async (...made: string[]) => {
    for (const name of made) await make(name);
    throw new Error("fail");
  };

  test("commits what returns and rolls back what throws", async () => {
    expect(await atomic(async () => (await make("kept")).name)).toBe("kept");
    await expect(atomic(() => failing("lost"))).rejects.toThrow("fail");
    expect(await names()).toEqual(["kept"]);
    expect(inAtomicBlock()).toBe(false);
  });

  test("nested is a savepoint: its failure leaves the rest", async () => {
    await atomic(async () => {
      await make("outer");
      await expect(atomic(() => failing("inner"))).rejects.toThrow("fail");
      await atomic(() => make("other"));
    });
    expect(await names()).toEqual(["other", "outer"]);
  });

  test("nested blocks started at once have their turns", async () => {
    await atomic(async () => {
      const results = await Promise.allSettled([
        atomic(() => make("a")),
        atomic(() => failing("b", "c")),
        atomic(async () => {
          await make("d");
          await make("e");
        }),
        make("f"),
      ]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    });
    expect(await names()).toEqual(["a", "d", "e", "f"]);
  });

  test("a failed statement spoils its block, unless a block of its own caught it", async () => {
    const twice = () => make("twin", "same@x.y");
    const work = async () => {
      await twice();
      await atomic(twice).catch(() => {});
      await make("after");
    };
    await atomic(work);
    expect(await names()).toEqual(["after", "twin"]);
    const careless = atomic(async () => {
      await make("x");
      await twice().catch(() => {});
    });
    await expect(careless).rejects.toThrow("A statement in this transaction failed");
    const further = atomic(async () => {
      await twice().catch(() => {});
      await make("y");
    });
    await expect(further).rejects.toMatchObject({
      code: "transaction_management_error",
      cause: { name: "IntegrityError" },
    });
    expect(await names()).toEqual(["after", "twin"]);
  });

  test("where an error in a nested block ends the whole transaction, nothing after it is written", async () => {
    const sent = (sql: string) => runStatement("default", { sql, parameters: [] });
    const breaking = async () => {
      if (vendor === "postgres") {
        const { rows } = await sent("select pg_backend_pid()");
        await connections.get().execute(`select pg_terminate_backend(${String(rows[0]?.[0])})`);
        await sleep(20);
      }
      await make("bad");
    };
    if (vendor === "sqlite") {
      await sent(
        "create trigger bad before insert on shop_author when new.name = 'bad' begin select raise(rollback, 'ended'); end",
      );
    }
    const work = atomic(async () => {
      await make("before");
      await expect(atomic(breaking)).rejects.toThrow(
        vendor === "sqlite" ? "ended" : /The connection broke|terminating connection/,
      );
      await make("after");
    });
    await expect(work).rejects.toThrow("The database ended the transaction with an error in a nested atomic");
    expect(await names()).toEqual([]);
    if (vendor === "sqlite") await sent("drop trigger bad");
  });

  test("without a savepoint, what a nested block throws spoils the outer one", async () => {
    const whole = atomic(async () => {
      await make("outer");
      await atomic(() => failing("inner"), { savepoint: false }).catch(() => {});
    });
    await expect(whole).rejects.toMatchObject({ code: "transaction_management_error", cause: { message: "fail" } });
    await atomic(async () => {
      await make("outer");
      const sent = await statements(() => atomic(() => make("inner"), { savepoint: false }));
      expect(sent).toHaveLength(1);
    });
    expect(await names()).toEqual(["inner", "outer"]);
  });

  test("setRollback rolls the innermost block back without an error", async () => {
    const calls: string[] = [];
    await atomic(async () => {
      await make("outer");
      const kept = await atomic(async () => {
        await make("inner");
        await onCommit(() => calls.push("inner"));
        setRollback(true);
        return getRollback();
      });
      expect([kept, getRollback()]).toEqual([true, false]);
      await onCommit(() => calls.push("outer"));
    });
    await atomic(async () => {
      await make("lost");
      await onCommit(() => calls.push("lost"));
      setRollback(true);
    });
    expect([await names(), calls]).toEqual([["outer"], ["outer"]]);
    expect(() => setRollback(true)).toThrow("setRollback() works inside an atomic block only.");
  });

  test("a durable block is the outermost one", async () => {
    await atomic(() => make("durable"), { durable: true });
    const nested = atomic(() => atomic(() => make("x"), { durable: true }));
    await expect(nested).rejects.toThrow("A durable atomic cannot run inside another atomic");
    await testHooks.aroundTest?.(() => atomic(async () => void (await make("in a test")), { durable: true }));
    expect(await names()).toEqual(["durable"]);
  });

  test("readOnly refuses to write, and is of the outermost block", async () => {
    await make("a");
    expect(await atomic(() => Author.objects.count(), { readOnly: true })).toBe(1);
    await expect(atomic(() => make("b"), { readOnly: true })).rejects.toThrow(OperationalError);
    await expect(atomic(() => atomic(() => names(), { readOnly: true }))).rejects.toThrow(
      "atomic: readOnly can be chosen for the outermost block only.",
    );
    const nested = () => atomic(() => names(), { readOnly: true });
    expect(await atomic(nested, { readOnly: true })).toEqual(["a"]);
    await make("c");
    expect(await names()).toEqual(["a", "c"]);
  });

  test("a transaction that only reads sees one state, beside those that write", async () => {
    await make("a");
    const outside = new AsyncResource("outside of the transaction");
    const seen = await atomic(
      async () => {
        const before = await Author.objects.count();
        await outside.runInAsyncScope(() => make("b"));
        return [before, await Author.objects.count()];
      },
      { readOnly: true, isolation: "repeatableRead" },
    );
    expect([seen, await names()]).toEqual([
      [1, 1],
      ["a", "b"],
    ]);
  });

  test("a transaction that lost against another one is run again as often as retries says", async () => {
    let runs = 0;
    const losing = async () => {
      runs++;
      await make(`run ${runs}`);
      if (runs < 3) throw new TransactionConflictError("could not serialize access");
    };
    await atomic(losing, { retries: 2 });
    expect([runs, await names()]).toEqual([3, ["run 3"]]);
    runs = 0;
    await expect(atomic(losing, { retries: 1 })).rejects.toThrow(TransactionConflictError);
    runs = 0;
    await expect(atomic(() => atomic(losing, { retries: 5 }))).rejects.toThrow("could not serialize access");
    expect(runs).toBe(1);
    await expect(atomic(losing, { retries: -1 })).rejects.toThrow("retries is a whole number from 0; found number -1");
    await expect(atomic(losing, { isolation: "snapshot" as never })).rejects.toThrow(
      "isolation is readCommitted, repeatableRead, serializable; found string 'snapshot'",
    );
    await expect(atomic(() => failing("x"), { retries: 5 })).rejects.toThrow("fail");
  });

  test("a nested block that awaits a promise of the outer block gets it", { timeout: 20_000 }, async () => {
    await atomic(async () => {
      const pause = new Promise((resolve) => setTimeout(resolve, 10));
      const query = pause.then(() => make("outer"));
      const block = pause.then(() => atomic(() => make("outer block")));
      await atomic(async () => {
        await make("inner");
        await query;
        await block;
        await make("inner again");
      });
    });
    expect(await names()).toEqual(["inner", "inner again", "outer", "outer block"]);
  });

  test("what such a query wrote is not lost in silence with the nested block", { timeout: 20_000 }, async () => {
    const whole = atomic(async () => {
      const query = new Promise((resolve) => setTimeout(resolve, 10)).then(() => make("outer"));
      await atomic(async () => {
        await make("inner");
        await query;
        throw new Error("fail");
      }).catch(() => {});
    });
    await expect(whole).rejects.toThrow("Await such a promise before the nested atomic begins.");
    expect(await names()).toEqual([]);
  });

  test("what runs outside does not see it, nor is part of it", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const inside = atomic(async () => {
      await make("inside");
      await gate;
      throw new Error("fail");
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await names()).toEqual([]);
    const outside = make("outside");
    open();
    await expect(inside).rejects.toThrow("fail");
    await outside;
    expect(await names()).toEqual(["outside"]);
  });

  test("a promise that outlives its transaction throws", async () => {
    let late: Promise<unknown> | undefined;
    await atomic(async () => {
      late = new Promise((resolve) => setTimeout(resolve, 10)).then(() => make("late"));
      late.catch(() => {});
    });
    await expect(late).rejects.toThrow(TransactionManagementError);
    await expect(late).rejects.toThrow("belongs to a transaction that has ended");
    expect(await names()).toEqual([]);
  });

  test("onCommit waits for the commit, and is dropped with its savepoint", async () => {
    const calls: string[] = [];
    await onCommit(() => calls.push("at once"));
    await atomic(async () => {
      await onCommit(() => calls.push("outer"));
      await atomic(async () => {
        await onCommit(() => calls.push("dropped"));
        throw new Error("fail");
      }).catch(() => {});
      await atomic(() => onCommit(() => calls.push("inner")));
      expect(calls).toEqual(["at once"]);
    });
    expect(calls).toEqual(["at once", "outer", "inner"]);
  });

  test("an error of a callback rejects atomic after the commit; a robust one is a warning", async () => {
    const calls: string[] = [];
    const bad = () => {
      throw new Error("no mail");
    };
    const careless = atomic(async () => {
      await make("a");
      await onCommit(bad);
      await onCommit(() => calls.push("after"));
    });
    await expect(careless).rejects.toThrow("no mail");
    const warned = once(process, "warning");
    await atomic(async () => {
      await make("b");
      await onCommit(bad, { robust: true });
      await onCommit(() => calls.push("robust"));
    });
    expect([await names(), calls]).toEqual([["a", "b"], ["robust"]]);
    const [warning] = (await warned) as [Error & { code: string }];
    expect([warning.code, warning.message]).toEqual(["TSJANGO_ON_COMMIT", expect.stringContaining("no mail")]);
  });

  test("a promise that is not awaited has its turn before the end, and its second statement none", async () => {
    let late: Promise<unknown> | undefined;
    await atomic(async () => {
      void make("first");
      late = make("second").then(() => make("third"));
      late.catch(() => {});
    });
    await expect(late).rejects.toThrow("belongs to a transaction that has ended");
    expect(await names()).toEqual(["first", "second"]);
  });

  test("a query set that is made inside and awaited outside is a query of its own", async () => {
    const { rows } = await atomic(async () => {
      await make("a");
      return { rows: Author.objects.all() };
    });
    expect((await rows).map(({ name }) => name)).toEqual(["a"]);
  });

  test("many transactions at once all have their turn", async () => {
    const author = await make("0");
    await Promise.all(
      Array.from({ length: 8 }, () =>
        atomic(async () => {
          await Author.objects.filter({ pk: author.pk }).update({ email: null });
          await make("x");
        }),
      ),
    );
    expect(await Author.objects.count()).toBe(9);
  });
});

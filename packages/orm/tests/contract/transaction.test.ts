import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { atomic, inAtomicBlock, onCommit, TransactionManagementError } from "../../src/index.ts";
import { Author } from "../support/models.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

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
    if (vendor === "postgres") await expect(careless).rejects.toThrow("A statement in this transaction failed");
    else await careless;
    expect(await names()).toEqual(vendor === "postgres" ? ["after", "twin"] : ["after", "twin", "x"]);
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

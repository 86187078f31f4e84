import { AsyncResource } from "node:async_hooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { atomic, fields, Model } from "../../src/index.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";

class Owner extends Model<Owner>()({ name: fields.char({ maxLength: 20 }) }) {}
class Account extends Model<Account>()({
  owner: () => fields.foreignKey(Owner, { onDelete: "cascade", null: true }),
  balance: fields.integer({ default: 0 }),
}) {}

/** Where no transaction is open. */
const outsider = new AsyncResource("outside");
const outside = (run: () => unknown) => outsider.runInAsyncScope(run);

describeDatabases("selectForUpdate", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Owner, Account });
    const owner = await Owner.objects.create({ name: "a" });
    await Account.objects.bulkCreate([{ balance: 10, owner }, { balance: 20 }]);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  const onPostgres = vendor === "postgres";

  test("locks rows until the transaction ends, where the database locks rows", async () => {
    const sent = (run: () => PromiseLike<unknown>) => statements(() => atomic(async () => void (await run())));
    const [plain] = await sent(() => Account.objects.selectForUpdate());
    expect(plain!.endsWith(" for update")).toBe(onPostgres);
    const [words] = await sent(() =>
      Account.objects.filter({ balance: 10 }).selectForUpdate({ nowait: true, noKey: true, of: ["self"] }),
    );
    if (onPostgres) expect(words).toMatch(/ for no key update of "shop_account" nowait$/);
    const [joined] = await sent(() => Account.objects.selectRelated("owner").selectForUpdate({ skipLocked: true }));
    // The owner's row may be missing.
    if (onPostgres) expect(joined).toMatch(/ for update of "shop_account" skip locked$/);
    const [both] = await sent(() =>
      Account.objects
        .filter({ owner__name: "a" })
        .selectRelated("owner")
        .selectForUpdate({ of: ["self", "owner"] }),
    );
    if (onPostgres) expect(both).toMatch(/ for update of "shop_account", "shop_owner"$/);
  });

  test("updateOrCreate locks the row that it updates", async () => {
    const [found] = await statements(() =>
      Account.objects.updateOrCreate({ balance: 20 }, { defaults: { balance: () => 20 } as never }),
    );
    expect(found!.endsWith(" for update")).toBe(onPostgres);
  });

  test("outside of a transaction there is nothing to lock for", async () => {
    const rows = Account.objects.selectForUpdate();
    if (onPostgres) await expect(rows).rejects.toThrow("selectForUpdate() locks rows until the end of a transaction");
    else expect(await rows).toHaveLength(2);
    expect(await Account.objects.selectForUpdate().count()).toBe(2);
  });

  test("two transactions that read and write a row do so one after the other", async () => {
    const add = () =>
      atomic(async () => {
        const account = await Account.objects.selectForUpdate().get({ balance__lt: 1000, owner__isnull: false });
        const before = account.balance;
        await new Promise((done) => setTimeout(done, 20));
        account.balance = before + 1;
        await account.save();
      });
    await Promise.all([add(), add(), add()]);
    expect((await Account.objects.get({ owner__isnull: false })).balance).toBe(13);
  });

  test.runIf(onPostgres)("a row that is locked is waited for, refused, or left out", async () => {
    await atomic(async () => {
      await Account.objects.selectForUpdate().get({ balance: 20 });
      const other = (options: object) =>
        new Promise<unknown>((done) => {
          // In no context of this transaction.
          outside(() => atomic(async () => done(await Account.objects.selectForUpdate(options))).catch(done));
        });
      expect(await other({ nowait: true })).toMatchObject({
        message: expect.stringContaining("could not obtain lock"),
      });
      expect(await other({ skipLocked: true })).toHaveLength(1);
    });
  });

  test("mistakes are told", async () => {
    expect(() => Account.objects.selectForUpdate({ nowait: true, skipLocked: true })).toThrow("Take one of them");
    // @ts-expect-error no such option
    expect(() => Account.objects.selectForUpdate({ nowate: true })).toThrow('Did you mean "nowait"?');
    await expect(atomic(async () => void (await Account.objects.selectForUpdate({ of: ["owner"] })))).rejects.toThrow(
      "of names what selectRelated loads",
    );
  });
});

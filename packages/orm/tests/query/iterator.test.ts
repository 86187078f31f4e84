import { afterAll, beforeAll, expect, test } from "vitest";
import { atomic } from "../../src/index.ts";
import { Author } from "../support/models.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";

const ROWS = 3000;

describeDatabases("iterator()", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
    await Author.objects.bulkCreate(Array.from({ length: ROWS }, (_, index) => ({ name: `author ${index}` })));
  });
  afterAll(() => project[Symbol.asyncDispose]());

  const rows = () => Author.objects.orderBy("id").iterator({ chunkSize: 400 });

  test("gives all rows in order, by one statement", async () => {
    const names: string[] = [];
    const sent = await statements(async () => {
      for await (const author of rows()) names.push(author.name);
    });
    expect(names).toEqual(Array.from({ length: ROWS }, (_, index) => `author ${index}`));
    expect(sent).toHaveLength(1);
  });

  test("sees one state, while its loop and others write", async () => {
    let seen = 0;
    for await (const author of rows()) {
      if (seen++ === 0) await Author.objects.create({ name: "a late one" });
      if (seen === 1000) await Author.objects.filter({ pk: author.pk }).update({ name: "touched" });
    }
    expect(seen).toBe(ROWS);
    await Author.objects.filter({ name: "a late one" }).delete();
  });

  test("works inside of atomic, where its loop saves what it gives", async () => {
    await atomic(async () => {
      let seen = 0;
      for await (const author of rows()) {
        if (seen++ % 500 === 0) await Author.objects.filter({ pk: author.pk }).update({ name: "inside" });
      }
      expect(seen).toBe(ROWS);
    });
    expect(await Author.objects.filter({ name: "inside" }).count()).toBe(6);
  });

  test("works in a transaction that only reads, in nested blocks, and several at once", async () => {
    const counted = async () => {
      let seen = 0;
      for await (const _author of rows()) seen++;
      return seen;
    };
    const readOnly = () => atomic(counted, { readOnly: true });
    expect(await Promise.all([counted(), counted(), readOnly(), readOnly()])).toEqual(Array(4).fill(ROWS));
    const nested = async () => {
      for await (const { id } of rows()) {
        const failing = () =>
          atomic(async () => {
            await Author.objects.get({ id });
            throw new Error("lost");
          });
        if (id % 1000 === 0) await expect(failing()).rejects.toThrow("lost");
        if (id % 1000 === 500) await atomic(() => Author.objects.get({ id }));
      }
      return counted();
    };
    expect(await atomic(nested, { readOnly: true })).toBe(ROWS);
    expect(await atomic(() => atomic(() => Promise.all([counted(), counted()])))).toEqual([ROWS, ROWS]);
  });

  test("a loop that breaks off gives its connection back", async () => {
    for (let round = 0; round < 25; round++) {
      for await (const _author of rows()) break;
    }
    expect(await Author.objects.count()).toBe(ROWS);
    await atomic(async () => {
      for await (const _author of rows()) break;
      await Author.objects.create({ name: "afterwards" });
    });
    expect(await Author.objects.filter({ name: "afterwards" }).count()).toBe(1);
    await Author.objects.filter({ name: "afterwards" }).delete();
  });

  test("an error in its loop reaches the caller, and leaves nothing open", async () => {
    const broken = async () => {
      for await (const _author of rows()) throw new Error("in the loop");
    };
    await expect(broken()).rejects.toThrow("in the loop");
    await expect(atomic(broken)).rejects.toThrow("in the loop");
    expect(await Author.objects.count()).toBe(ROWS);
  });
});

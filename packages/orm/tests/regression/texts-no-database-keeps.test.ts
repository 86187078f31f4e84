import { expect, test } from "vitest";
import { FieldError, FieldValueError, fields, Model } from "../../src/index.ts";
import { loose } from "../support/loose.ts";
import { describeDatabases, openProject, statements } from "../support/project.ts";
import { use } from "../support/use.ts";

class Note extends Model<Note>()({
  text: fields.text(),
  extra: fields.json<Record<string, unknown>>({ null: true }),
}) {}

describeDatabases("a NUL character or half of a surrogate pair", (vendor) => {
  test("is refused in each lookup before anything is sent", async () => {
    use(await openProject(vendor, { Note }));
    const notes = loose(Note);
    for (const text of ["a\0b", "\ud800", "b\udc00"]) {
      for (const path of ["exact", "iexact", "contains", "icontains", "startswith", "iendswith", "regex", "gt"]) {
        const sent = await statements(async () => {
          await expect(notes.filter({ [`text__${path}`]: text }).count(), path).rejects.toThrow(FieldValueError);
        });
        expect(sent).toEqual([]);
      }
      for (const path of ["extra__a", "extra__a__icontains", "extra__a__gt", "extra"]) {
        await expect(notes.filter({ [path]: text }).count(), path).rejects.toThrow(FieldValueError);
      }
      await expect(notes.filter({ [`extra__${text}`]: 1 }).count()).rejects.toThrow(FieldError);
    }
  });
});

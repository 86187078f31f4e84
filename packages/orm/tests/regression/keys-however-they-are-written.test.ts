import { expect, test } from "vitest";
import { FieldValueError, fields, Model } from "../../src/index.ts";
import { describeDatabases, openProject } from "../support/project.ts";
import { use } from "../support/use.ts";

class Shelf extends Model<Shelf>()({
  name: fields.char(),
  boxes: () => fields.related(Box, "shelf"),
}) {}
class Box extends Model<Box>()({
  id: fields.uuid({ primaryKey: true, default: () => crypto.randomUUID() }),
  shelf: () => fields.foreignKey(Shelf, { onDelete: "cascade" }),
}) {}

describeDatabases("a key in capitals", (vendor) => {
  test("is that of a row which refers to the instance already", async () => {
    use(await openProject(vendor, { Shelf, Box }));
    const [shelf, other] = await Shelf.objects.bulkCreate([{ name: "a" }, { name: "b" }]);
    const box = await Box.objects.create({ shelf: shelf! });
    const key = box.id.toUpperCase();
    // Taken for another one, the box would have to be left without a shelf, which it may not be.
    await shelf!.boxes.set([key]);
    await other!.boxes.add(key);
    expect(await other!.boxes.get()).toMatchObject({ id: box.id });
    await expect(other!.boxes.add("no key")).rejects.toThrow(FieldValueError);
  });
});

import { expect, test } from "tsjango/test";
import { Author } from "../shop/models.ts";

test("starts a query that it does not wait for", () => {
  setTimeout(() => void Author.objects.create({ name: "late" }), 30);
});
test("runs while it comes", async () => {
  await new Promise((done) => setTimeout(done, 100));
});
test("does not wait for a matcher that fails at once", () => {
  void expect(() => {}).toMakeQueries(1);
});

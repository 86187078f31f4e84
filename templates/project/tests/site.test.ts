import { client, expect, test } from "tsjango/test";

test("answers 404 where there is nothing", async () => {
  expect(await client.get("/nothing/here/")).toHaveStatus(404);
});

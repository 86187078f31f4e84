import { expect, makeRequest, test } from "tsjango/test";
import { index } from "../views.ts";

test("the index shows its title", async () => {
  const response = await index(makeRequest("GET", "/"));
  expect(response).toHaveStatus(200);
  expect(response.text).toContain("<h1>blog</h1>");
});

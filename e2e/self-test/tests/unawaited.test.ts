import { setTimeout as sleep } from "node:timers/promises";
import { client, expect } from "tsjango/test";
import { Author } from "../shop/models.ts";
import { failing } from "./failing.ts";

failing("a response that nobody awaited", ["toHaveStatus needs a response; found Promise", "Await it first."], () => {
  expect(client.get("/hello/")).toHaveStatus(200);
});
failing("a query set in a response", ["authors", "await"], () => client.get("/unawaited/"));
failing(
  "a matcher that nobody awaited",
  ["toMakeQueries was not awaited. Write: await expect(…).toMakeQueries(…)."],
  () => {
    void expect(() => sleep(30).then(() => Author.objects.count())).toMakeQueries(1);
  },
);

import { client, expect } from "tsjango/test";
import { Author } from "../shop/models.ts";
import { failing } from "./failing.ts";

failing("too many queries, with their SQL", ["Expected 0 queries; 1 was made:", "1. select", ' -- "Zoe"'], async () => {
  await expect(() => Author.objects.filter({ name: "Zoe" }).exists()).toMakeQueries(0);
});
failing("too few queries", ["Expected 2 queries; 1 was made:", "1. select count(*)"], async () => {
  await expect(() => client.get("/authors/")).toMakeQueries(2);
});
failing("no queries", ["Expected 1 query; none were made."], async () => {
  await expect(() => client.get("/hello/")).toMakeQueries(1);
});
failing(
  "the same query again and again, with the line that sends it",
  [
    "The same query ran again and again (5 times are too many):",
    "  5 times",
    "views.ts:",
    "select",
    "Fetch the related rows with selectRelated",
  ],
  () => client.get("/loop/"),
);
failing("a row that does not exist", ["No Author matches: name = 'Zoe'."], () => Author.objects.get({ name: "Zoe" }));
failing("a row that exists already", ["constraint", "name"], async () => {
  await Author.objects.create({ name: "Zoe" });
  await Author.objects.create({ name: "Zoe" });
});

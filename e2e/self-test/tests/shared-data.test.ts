import { fixtures, test } from "tsjango/test";

fixtures(["authors.json"]);

test("never runs", () => {});
test("never runs", { tags: ["transactional"] }, () => {});

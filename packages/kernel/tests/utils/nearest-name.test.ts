import { didYouMean, editDistance, nearestName } from "@tsjango/kernel/utils";
import { describe, expect, test } from "vitest";

describe("nearestName", () => {
  test("finds the candidate one slip away", () => {
    expect(nearestName("tilte", ["title", "author"])).toBe("title");
    expect(nearestName("runsever", ["runserver", "serve"])).toBe("runserver");
  });
  test("finds nothing when nothing is near", () => {
    expect(nearestName("xyz", ["title", "author"])).toBeUndefined();
    expect(didYouMean("xyz", ["title"])).toBe("");
  });
  test("counts an exchange of neighbours as one edit", () => {
    expect(editDistance("ab", "ba")).toBe(1);
    expect(editDistance("", "abc")).toBe(3);
  });
});

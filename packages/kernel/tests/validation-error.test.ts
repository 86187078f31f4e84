import { expect, test } from "vitest";
import { ValidationError } from "../src/exceptions.ts";

test("it is made of a message, issues, other errors, or these by field", () => {
  expect(new ValidationError("No.", { code: "no", params: { a: 1 } }).errors).toEqual({
    "": [{ message: "No.", code: "no", params: { a: 1 } }],
  });
  const own = new ValidationError({ message: "Short.", code: "min_length" });
  const error = new ValidationError({
    title: [own, "Dull."],
    "": "Nothing fits.",
    tags: new ValidationError({ "0": "Bad." }),
  });
  expect(error.toJSON()).toEqual({ title: ["Short.", "Dull."], "": ["Nothing fits."], "0": ["Bad."] });
  expect(error.messages).toEqual(["Bad.", "Short.", "Dull.", "Nothing fits."]);
  expect(error.message).toBe("0: Bad.; title: Short. Dull.; Nothing fits.");
  expect(error.errors["title"]?.[0]?.code).toBe("min_length");
  expect(error.code).toBe("validation_error");
});

import { MASK, maskSecrets } from "@tsjango/kernel/utils";
import { expect, test } from "vitest";

test("addresses keep what is no secret", () => {
  const address = "postgres://me:pw@db:5432/shop?sslmode=require&sslpassword=pw&host=/run#top";
  expect(maskSecrets(`Cannot connect to ${address}`)).toBe(
    `Cannot connect to postgres://me:${MASK}@db:5432/shop?sslmode=require&sslpassword=${MASK}&host=/run#top`,
  );
  expect(maskSecrets({ url: "/search?q=token&page=2" })).toEqual({ url: "/search?q=token&page=2" });
  expect(maskSecrets({ url: "/reset?api_key=1&token=2" })).toEqual({ url: `/reset?api_key=${MASK}&token=${MASK}` });
});

import { isSecretName, MASK, maskSecrets, mayBeSecret } from "@tsjango/kernel/utils";
import { expect, test } from "vitest";

test("addresses keep what is no secret", () => {
  const address = "postgres://me:pw@db:5432/shop?sslmode=require&sslpassword=pw&host=/run#top";
  expect(maskSecrets(`Cannot connect to ${address}`)).toBe(
    `Cannot connect to postgres://me:${MASK}@db:5432/shop?sslmode=require&sslpassword=${MASK}&host=/run#top`,
  );
  expect(maskSecrets("no postgres://me:p@ss:w@db/shop here")).toBe(`no postgres://me:${MASK}@db/shop here`);
  expect(maskSecrets({ url: "/search?q=token&page=2" })).toEqual({ url: "/search?q=token&page=2" });
  expect(maskSecrets({ url: "/reset?api_key=1&token=2" })).toEqual({ url: `/reset?api_key=${MASK}&token=${MASK}` });
});

test("what a message about a wrong value keeps to itself is more than what is masked", () => {
  const paths = ["SECRET_KEY", "secretKeyFallbacks[0]", "databases.default.password", "custom.tokens[0]", "STRIPE_KEY"];
  expect(paths.filter((path) => !mayBeSecret(path))).toEqual([]);
  expect(paths.filter((path) => !isSecretName(path))).toEqual(["custom.tokens[0]", "STRIPE_KEY"]);
  expect(["debug", "allowedHosts[0]", "databases.default.url"].filter(mayBeSecret)).toEqual([]);
});

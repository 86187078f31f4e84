import { Client } from "@tsjango/core/test";
import { testApplication } from "./application.ts";

export { Client, type ClientOptions, type ClientRequestOptions, makeRequest, TestResponse } from "@tsjango/core/test";
export {
  afterAll,
  afterEach,
  aroundAll,
  aroundEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  expectTypeOf,
  it,
  onTestFinished,
  test,
  vi,
} from "vitest";
export type { StatusMatchers } from "./matchers.ts";
export { setUpTestData } from "./shared-data.ts";

/**
 * A client of the project's own application. Each test starts it without cookies.
 * @example
 * expect(await client.get("/books/")).toHaveStatus(200);
 */
export const client: Client = new Client({ load: testApplication });

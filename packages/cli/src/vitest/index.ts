import { Client } from "@tsjango/core/test";
import { testApplication } from "./application.ts";

export { Client, type ClientOptions, type ClientRequestOptions, makeRequest, TestResponse } from "@tsjango/core/test";
// Vitest is the project's own. No manifest names it as a peer: npm installs even an optional one in production.
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
export { captureLogs } from "./capture-logs.ts";
export { captureSignal } from "./capture-signal.ts";
export { type FixtureOptions, fixtures, loadFixtures } from "./fixtures.ts";
export { freezeTime } from "./freeze-time.ts";
export { type LiveServer, liveServer } from "./live-server.ts";
export type { TsjangoMatchers } from "./matchers.ts";
export { overrideSettings } from "./override-settings.ts";
export { setUpTestData } from "./shared-data.ts";

/**
 * A client of the project's own application. Each test starts it without cookies.
 * @example
 * expect(await client.get("/books/")).toHaveStatus(200);
 */
export const client: Client = new Client({ load: testApplication });

import { expect, test } from "vitest";
import { LoadedSite } from "./support/load.ts";
import { use } from "./support/use.ts";

// The short form of e2e/slow/http.ts.
const MB = 1024 * 1024;
const SIZE = 100 * MB;

test("uploads and a slow download need no memory of their size, and leave nothing on disk", {
  timeout: 60_000,
}, async () => {
  const site = use(await LoadedSite.start(SIZE));
  const before = (await site.holding()).rss;
  const stream = await site.upload(SIZE, false);
  const form = await site.upload(SIZE, true);
  const download = await site.download(1500, SIZE);
  expect([stream.whole, form.whole, form.left, download.received > SIZE]).toEqual([true, true, [], true]);
  expect(Math.max(stream.peak, form.peak, download.peak) - before).toBeLessThan(80 * MB);
});

test("clients that leave end their views, and nothing is held for them", { timeout: 60_000 }, async () => {
  const site = use(await LoadedSite.start(20 * MB));
  await site.leave(300);
  await expect.poll(async () => (await site.holding()).views, { timeout: 10_000 }).toBe(0);
  const before = await site.holding();
  await site.leave(600);
  await expect.poll(async () => (await site.holding()).views, { timeout: 10_000 }).toBe(0);
  await expect
    .poll(async () => (await site.holding()).handles, { timeout: 10_000 })
    .toBeLessThanOrEqual(before.handles);
  const after = await site.holding();
  // Node opens a file now and then for itself; 600 that stayed would be more.
  expect(after.files).toBeLessThan(before.files + 20);
  // 600 requests that stayed would be megabytes.
  expect(after.heap - before.heap).toBeLessThan(2 * MB);
});

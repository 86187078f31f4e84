import { expect, test, vi } from "vitest";
import { TimeZone, timeZone } from "../../../src/backends/sqlite/time-zone.ts";
import { use } from "../../support/use.ts";

const seconds = (text: string) => Date.parse(text) / 1000;
const shown = (zone: TimeZone, text: string) => new Date(zone.localOf(seconds(text)) * 1000).toISOString().slice(0, 19);
const moment = (zone: TimeZone, text: string) => new Date(zone.momentOf(seconds(`${text}Z`)) * 1000).toISOString();

test("clocks are read, to the second", () => {
  const prague = new TimeZone("Europe/Prague");
  expect(shown(prague, "2026-03-29T00:59:59Z")).toBe("2026-03-29T01:59:59");
  expect(shown(prague, "2026-03-29T01:00:00Z")).toBe("2026-03-29T03:00:00");
  expect(shown(prague, "1850-01-01T00:00:00Z")).toBe("1850-01-01T00:57:44");
  expect(shown(new TimeZone("Africa/Monrovia"), "1970-01-01T00:00:00Z")).toBe("1969-12-31T23:15:30");
  expect(shown(new TimeZone("UTC"), "1969-12-31T23:59:59Z")).toBe("1969-12-31T23:59:59");
});

test("what clocks skip goes by how they were before, what they show twice is the second time", () => {
  const prague = new TimeZone("Europe/Prague");
  expect(moment(prague, "2026-03-29T02:30:00")).toBe("2026-03-29T01:30:00.000Z");
  expect(moment(prague, "2026-10-25T02:30:00")).toBe("2026-10-25T01:30:00.000Z");
  expect(moment(prague, "2026-10-25T01:59:59")).toBe("2026-10-24T23:59:59.000Z");
  expect(moment(prague, "2026-10-25T03:00:00")).toBe("2026-10-25T02:00:00.000Z");
});

test("changes a week apart are told apart", () => {
  const recife = new TimeZone("America/Recife");
  expect(["2000-10-08T02:59:59Z", "2000-10-08T03:00:00Z"].map((text) => shown(recife, text))).toEqual([
    "2000-10-07T23:59:59",
    "2000-10-08T01:00:00",
  ]);
  expect(["2000-10-15T01:59:59Z", "2000-10-15T02:00:00Z"].map((text) => shown(recife, text))).toEqual([
    "2000-10-14T23:59:59",
    "2000-10-14T23:00:00",
  ]);
});

test("Intl is asked for spans of days, not for each moment", () => {
  const spied = vi.spyOn(Intl.DateTimeFormat.prototype as { readonly format: unknown }, "format", "get");
  use({ [Symbol.dispose]: () => spied.mockRestore() });
  const zone = new TimeZone("Europe/Prague");
  const start = seconds("2025-01-01T00:00:00Z");
  for (let hour = 0; hour < 365 * 24; hour++) zone.momentOf(zone.localOf(start + hour * 3600));
  // Two for each of 92 spans, and two searches.
  expect(spied.mock.calls.length).toBeGreaterThan(100);
  expect(spied.mock.calls.length).toBeLessThan(300);
});

test("a zone is made once, and few are kept", () => {
  expect(timeZone("Asia/Tokyo")).toBe(timeZone("Asia/Tokyo"));
  const first = timeZone("Asia/Tokyo");
  for (const name of Intl.supportedValuesOf("timeZone").slice(0, 60)) timeZone(name);
  expect(timeZone("Asia/Tokyo")).not.toBe(first);
});

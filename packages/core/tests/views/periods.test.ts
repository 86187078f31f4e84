import { describe, expect, test } from "vitest";
import { isoDay, parseMonth, startOf, startOfNext, startOfWeek, utcDay } from "../../src/views/generic/periods.ts";

const day = (text: string) => new Date(`${text}T15:00:00Z`);

describe("periods begin and end in UTC", () => {
  test.each([
    ["year", "2024-02-29", "2024-01-01", "2025-01-01"],
    ["month", "2024-12-31", "2024-12-01", "2025-01-01"],
    ["month", "2024-01-31", "2024-01-01", "2024-02-01"],
    ["day", "2024-02-28", "2024-02-28", "2024-02-29"],
    ["week", "2024-02-28", "2024-02-25", "2024-03-03"],
  ] as const)("the %s of %s is %s to %s", (period, date, start, next) => {
    const found = startOf(period, day(date));
    expect([isoDay(found), isoDay(startOfNext(period, found))]).toEqual([start, next]);
  });

  // Each line as Python's strptime reads "%Y %U %w" (0), "%Y %W %w" (1) and "%G %V %u" (1).
  test.each([
    [2024, 0, "%U", "2023-12-31"],
    [2024, 1, "%U", "2024-01-07"],
    [2023, 1, "%U", "2023-01-01"],
    [2024, 1, "%W", "2024-01-01"],
    [2023, 0, "%W", "2022-12-26"],
    [2023, 52, "%W", "2023-12-25"],
    [2024, 1, "%V", "2024-01-01"],
    [2026, 1, "%V", "2025-12-29"],
    [2026, 53, "%V", "2026-12-28"],
    [2025, 53, "%V", undefined],
    [2025, 0, "%V", undefined],
    [2025, 54, "%U", undefined],
    [2025, 1.5, "%U", undefined],
  ] as const)("week %i/%i by %s begins on %s", (year, week, format, start) => {
    const found = startOfWeek(year, week, format);
    expect(found === undefined ? undefined : isoDay(found)).toBe(start);
  });

  test("months are numbers or English names, days exist", () => {
    expect(["1", "01", "12", "jan", "December", "SEP"].map(parseMonth)).toEqual([1, 1, 12, 1, 12, 9]);
    expect(["", "x", "ja", "1x", "jan1", "123"].map(parseMonth)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([utcDay(2023, 2, 29), utcDay(2024, 13, 1), utcDay(2024, 0, 1)]).toEqual([undefined, undefined, undefined]);
    expect(isoDay(utcDay(99, 1, 2) as Date)).toBe("0099-01-02");
  });
});

import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { vi } from "vitest";
import { atTestEnd } from "./at-test-end.ts";

/**
 * Stops the clock until the end of the test: `new Date()` and `Date.now()` give this moment. Timers go on. Call it again to
 * move the clock.
 * @throws ImproperlyConfigured for what is no date.
 * @example
 * freezeTime("2026-01-01");
 * expect((await Book.objects.create({ title: "Emma" })).createdAt).toEqual(new Date("2026-01-01"));
 */
export function freezeTime(moment: Date | string | number): void {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) {
    throw new ImproperlyConfigured(
      `freezeTime takes a Date, or what new Date() takes, such as "2026-01-01"; found ${describeValue(moment)}.`,
    );
  }
  const first = !vi.isFakeTimers();
  if (first) vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(date);
  if (first) atTestEnd("freezeTime", () => vi.useRealTimers());
}

import {
  Cast,
  Coalesce,
  Count,
  type DateTimesOptions,
  Extract,
  ExtractHour,
  F,
  fields,
  Max,
  type TimeZoneOptions,
  Trunc,
  TruncDate,
  TruncDay,
  TruncTime,
} from "../../src/index.ts";
import { is } from "./is.ts";
import { Author, Book } from "./library.ts";

const zone = { timeZone: "Europe/Prague" };
declare const options: TimeZoneOptions;
declare const maybe: TimeZoneOptions | undefined;
declare const unit: "day" | "hour";

export async function values() {
  const [book] = await Book.objects.annotate({
    hour: ExtractHour("createdAt", zone),
    part: Extract("published", "isoYear", options),
    day: TruncDay("createdAt", zone),
    either: Trunc("createdAt", unit, maybe),
    date: TruncDate("published", zone),
    clock: TruncTime(F("createdAt"), zone),
    last: Max(TruncDay("published", zone)),
    known: Coalesce(TruncDay("published", zone), F("createdAt")),
    ofAnother: Extract(TruncDay("author__books__createdAt", zone), "hour"),
  });
  is<number>()(book!.hour);
  is<number | null>()(book!.part);
  is<Date>()(book!.day);
  is<Date>()(book!.either);
  is<string | null>()(book!.date);
  is<string>()(book!.clock);
  is<Date | null>()(book!.last);
  is<Date>()(book!.known);
  is<number | null>()(book!.ofAnother);

  const [author] = await Author.objects.annotate({ day: TruncDay("books__published", zone) }).values("day");
  is<{ day: Date | null }>()(author!);
  const [group] = await Book.objects
    .annotate({ day: TruncDate("createdAt", zone) })
    .values("day")
    .annotate({ n: Count("id") });
  is<string>()(group!.day);
  is<number>()(group!.n);
  const moments: Date[] = await Book.objects.datetimes("createdAt", "day", zone satisfies DateTimesOptions);
  return moments;
}

export function mistakes() {
  // @ts-expect-error no such path
  Book.objects.annotate({ n: ExtractHour("creatdAt", zone) });
  // @ts-expect-error no moment
  Book.objects.annotate({ n: ExtractHour("title", zone) });
  // @ts-expect-error a day is in no zone
  Book.objects.annotate({ n: Extract(Cast("published", fields.date()), "month", zone) });
  // @ts-expect-error nor is what was made in one
  Book.objects.annotate({ n: TruncDay(TruncDate("published", zone), zone) });
  // @ts-expect-error a time of the day is in none, even where the options may be left out
  Book.objects.annotate({ n: Trunc(TruncTime("createdAt"), "hour", maybe) });
  // @ts-expect-error a name is a string
  Book.objects.annotate({ n: ExtractHour("createdAt", { timeZone: 2 }) });
  // @ts-expect-error misspelt
  Book.objects.annotate({ n: ExtractHour("createdAt", { timezone: "Europe/Prague" }) });
  // @ts-expect-error days are of no zone
  Book.objects.dates("createdAt", "day", zone);
  // @ts-expect-error of no unit of time
  Book.objects.datetimes("createdAt", "dya", zone);
}

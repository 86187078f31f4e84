import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { Http404 } from "../../exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { isArray, type ObjectList } from "../../pagination/query-set-like.ts";
import type { ViewResult } from "../view.ts";
import { boxed, MultipleObjectView } from "./list-view.ts";
import { modelOf, type Rows, rowsOf } from "./model-like.ts";
import {
  isoDay,
  type Period,
  parseMonth,
  startOf,
  startOfNext,
  startOfWeek,
  utcDay,
  type WeekFormat,
} from "./periods.ts";

/** What an archive shows. */
export interface DatedItems<M> {
  readonly rows: ObjectList<M>;
  /** The periods that have rows, as ISO days. */
  readonly dateList?: readonly string[] | undefined;
  /** What else the template sees: `month`, `nextMonth` … */
  readonly extra: object;
}

/** The part of a URL's parameters that dates are read from, or of its query. */
interface DateParams {
  readonly params: object;
  readonly request: HttpRequest;
}

/** A part of the date: from the parameters, else from the query. @throws Http404 where there is none. */
export function datePart(view: DateParams, name: "year" | "month" | "week" | "day"): string {
  const given = (view.params as Record<string, unknown>)[name] ?? view.request.query.get(name);
  if (given !== undefined && given !== null) return String(given);
  throw new Http404(`No ${name} specified`);
}

function invalid(...parts: string[]): Http404 {
  return new Http404(`There is no date ${JSON.stringify(parts.join("-"))}.`);
}

/** The first day of the period that the URL names. @throws Http404 */
export function dayOf(view: DateParams, period: Period, weekFormat: WeekFormat = "%U"): Date {
  const year = datePart(view, "year");
  if (!/^\d{1,4}$/.test(year) || Number(year) < 1) throw invalid(year);
  if (period === "week") {
    const week = datePart(view, "week");
    const start = /^\d{1,2}$/.test(week) ? startOfWeek(Number(year), Number(week), weekFormat) : undefined;
    if (start === undefined) throw invalid(year, `week ${week}`);
    return start;
  }
  const month = period === "year" ? "1" : datePart(view, "month");
  const day = period === "day" ? datePart(view, "day") : "1";
  const date = /^\d{1,2}$/.test(day) ? utcDay(Number(year), parseMonth(month) ?? 0, Number(day)) : undefined;
  if (date === undefined) throw invalid(year, month, ...(period === "day" ? [day] : []));
  return date;
}

/** Whether the rows' dates are date-times, by the model's field. */
function hasTime(rows: Rows<unknown>, model: unknown, field: string): boolean {
  const fields = (
    modelOf(model as never, rows) as { readonly fields?: Record<string, { readonly kind?: string }> } | undefined
  )?.fields;
  return fields?.[field]?.kind !== "date";
}

/**
 * What the archives have in common: Django's DateMixin and BaseDateListView. Days begin and end in UTC.
 * Source: https://docs.djangoproject.com/en/5.2/ref/class-based-views/generic-date-based/
 */
export abstract class DateListView<M, P extends object = {}> extends MultipleObjectView<M, P> {
  /** The field, of dates or date-times, that the archive goes by. */
  dateField: string | undefined = undefined;
  /** Whether rows of the future are shown. */
  allowFuture = false;
  override allowEmpty = false;
  /** The periods in `dateList`. */
  dateListPeriod: Period = "year";
  weekFormat: WeekFormat = "%U";

  /** What is shown. */
  abstract getDatedItems(): Promise<DatedItems<M>>;

  getDateField(): string {
    if (this.dateField !== undefined) return this.dateField;
    throw new ImproperlyConfigured(`${this.constructor.name} needs the name of a field: set its dateField.`);
  }

  /** The latest first, unless the view says otherwise. */
  override getOrdering(): string | readonly string[] | undefined {
    return this.ordering ?? `-${this.getDateField()}`;
  }

  /** A date as the lookups of the field take it. */
  protected lookupValue(rows: Rows<M>, date: Date): Date | string {
    return hasTime(rows, this.model, this.getDateField()) ? date : isoDay(date);
  }

  /** The rows from `since` up to `until`, none of the future unless that is allowed. */
  async getDatedRows(since?: Date, until?: Date): Promise<[Rows<M>]> {
    let [rows] = await this.#rows();
    const field = this.getDateField();
    const where: Record<string, unknown> = {};
    if (since !== undefined) where[`${field}__gte`] = this.lookupValue(rows, since);
    if (until !== undefined) where[`${field}__lt`] = this.lookupValue(rows, until);
    if (!this.allowFuture) where[`${field}__lte`] = this.lookupValue(rows, new Date());
    if (Object.keys(where).length > 0) rows = rows.filter(where);
    return [rows];
  }

  /** The query set in a box, as awaiting it would run it. */
  async #rows(): Promise<[Rows<M>]> {
    const [rows] = await boxed(this.getQueryset());
    if (!isArray(rows)) return [rowsOf(rows)];
    throw new ImproperlyConfigured(
      `${this.constructor.name} filters its rows by date: getQueryset() must give a query set, not an array. ` +
        "A function that is async gives an array: it awaits what it returns.",
    );
  }

  /** The date of a row. */
  #dateOf(row: M): Date {
    const value = (row as Record<string, unknown>)[this.getDateField()];
    return value instanceof Date ? value : new Date(`${String(value)}T00:00:00Z`);
  }

  /** The periods that have rows, one small query each: a jump from one to the next. */
  async getDateList(rows: Rows<M>, order: "ascending" | "descending" = "ascending"): Promise<string[]> {
    const field = this.getDateField();
    const path = order === "ascending" ? field : `-${field}`;
    const ordered = rows.filter({ [`${field}__isnull`]: false }).orderBy(path);
    const found: string[] = [];
    for (let row = await ordered.first(); row !== null; ) {
      const start = startOf(this.dateListPeriod, this.#dateOf(row), this.weekFormat);
      found.push(isoDay(start));
      const where =
        order === "ascending"
          ? { [`${field}__gte`]: this.lookupValue(rows, startOfNext(this.dateListPeriod, start)) }
          : { [`${field}__lt`]: this.lookupValue(rows, start) };
      row = await ordered.filter(where).first();
    }
    return found;
  }

  /**
   * The next or previous period, as an ISO day: the nearest one with rows, or the nearest at all where empty ones are
   * shown. Null for none, and for the future unless that is allowed.
   */
  async getNeighbour(period: Period, start: Date, direction: "next" | "previous"): Promise<string | null> {
    const next = startOfNext(period, start);
    let found: Date | undefined;
    if (this.allowEmpty) {
      found = direction === "next" ? next : startOf(period, new Date(start.getTime() - 1), this.weekFormat);
    } else {
      const field = this.getDateField();
      const [all] = await this.#rows();
      // A period whose rows all lie in the future would lead to a page without any.
      const rows = this.allowFuture ? all : all.filter({ [`${field}__lte`]: this.lookupValue(all, new Date()) });
      const row = await (direction === "next"
        ? rows.filter({ [`${field}__gte`]: this.lookupValue(rows, next) }).orderBy(field)
        : rows.filter({ [`${field}__lt`]: this.lookupValue(rows, start) }).orderBy(`-${field}`)
      ).first();
      found = row === null ? undefined : startOf(period, this.#dateOf(row), this.weekFormat);
    }
    if (found === undefined || (!this.allowFuture && found.getTime() > Date.now())) return null;
    return isoDay(found);
  }

  async get(_request: HttpRequest, _params: P): Promise<ViewResult> {
    const { rows, dateList, extra } = await this.getDatedItems();
    const data = await this.getListData(rows);
    return this.renderToResponse(await this.getContextData({ ...data, dateList, ...extra } as typeof data));
  }
}

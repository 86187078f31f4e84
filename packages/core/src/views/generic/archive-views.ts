import { Http404 } from "../../exceptions.ts";
import type { ObjectList } from "../../pagination/query-set-like.ts";
import { type DatedItems, DateListView, dayOf } from "./date-view.ts";
import type { ListData } from "./list-view.ts";
import { isoDay, type Period, startOf, startOfNext } from "./periods.ts";

/**
 * The latest objects, and the years that have some.
 * @example
 * path("", ArchiveIndexView.asView({ model: Article, dateField: "published" }));
 */
export class ArchiveIndexView<M, P extends object = {}> extends DateListView<M, P> {
  override contextObjectName: string | undefined = "latest";
  override templateNameSuffix = "_archive";

  override async getDatedItems(): Promise<DatedItems<M>> {
    const [rows] = await this.getDatedRows();
    return { rows, dateList: await this.getDateList(rows, "descending"), extra: {} };
  }
}

/** The months of a year that have objects; the objects themselves with `makeObjectList`. */
export class YearArchiveView<M, P extends object = {}> extends DateListView<M, P> {
  override templateNameSuffix = "_archive_year";
  override dateListPeriod: Period = "month";
  makeObjectList = false;

  override async getDatedItems(): Promise<DatedItems<M>> {
    const start = dayOf(this, "year");
    const [rows] = await this.getDatedRows(start, startOfNext("year", start));
    const dateList = await this.getDateList(rows);
    if (dateList.length === 0 && !this.allowEmpty) throw new Http404(`There is nothing of ${start.getUTCFullYear()}.`);
    const extra = {
      year: isoDay(start),
      nextYear: await this.getNeighbour("year", start, "next"),
      previousYear: await this.getNeighbour("year", start, "previous"),
    };
    return { rows, dateList, extra };
  }

  override async getListData(rows: ObjectList<M>): Promise<ListData<M>> {
    return this.makeObjectList ? super.getListData(rows) : { objectList: [] };
  }
}

/** The objects of a month, and its days that have some. The URL's month is a number or an English name. */
export class MonthArchiveView<M, P extends object = {}> extends DateListView<M, P> {
  override templateNameSuffix = "_archive_month";
  override dateListPeriod: Period = "day";

  override async getDatedItems(): Promise<DatedItems<M>> {
    const start = dayOf(this, "month");
    const [rows] = await this.getDatedRows(start, startOfNext("month", start));
    const extra = {
      month: isoDay(start),
      nextMonth: await this.getNeighbour("month", start, "next"),
      previousMonth: await this.getNeighbour("month", start, "previous"),
    };
    return { rows, dateList: await this.getDateList(rows), extra };
  }
}

/** The objects of a week; `weekFormat` says on which day weeks begin. */
export class WeekArchiveView<M, P extends object = {}> extends DateListView<M, P> {
  override templateNameSuffix = "_archive_week";

  override async getDatedItems(): Promise<DatedItems<M>> {
    const start = dayOf(this, "week", this.weekFormat);
    const [rows] = await this.getDatedRows(start, startOfNext("week", start));
    const extra = {
      week: isoDay(start),
      nextWeek: await this.getNeighbour("week", start, "next"),
      previousWeek: await this.getNeighbour("week", start, "previous"),
    };
    return { rows, extra };
  }
}

/** The objects of a day. */
export class DayArchiveView<M, P extends object = {}> extends DateListView<M, P> {
  override templateNameSuffix = "_archive_day";

  override getDatedItems(): Promise<DatedItems<M>> {
    return this.getItemsOf(dayOf(this, "day"));
  }

  protected async getItemsOf(start: Date): Promise<DatedItems<M>> {
    const month = startOf("month", start);
    const [rows] = await this.getDatedRows(start, startOfNext("day", start));
    const extra = {
      day: isoDay(start),
      nextDay: await this.getNeighbour("day", start, "next"),
      previousDay: await this.getNeighbour("day", start, "previous"),
      nextMonth: await this.getNeighbour("month", month, "next"),
      previousMonth: await this.getNeighbour("month", month, "previous"),
    };
    return { rows, extra };
  }
}

/** The objects of today. */
export class TodayArchiveView<M, P extends object = {}> extends DayArchiveView<M, P> {
  override getDatedItems(): Promise<DatedItems<M>> {
    return this.getItemsOf(startOf("day", new Date()));
  }
}

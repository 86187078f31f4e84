import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { Http404 } from "../../exceptions.ts";
import type { QuerySetLike } from "../../pagination/query-set-like.ts";
import { dayOf } from "./date-view.ts";
import { DetailView } from "./detail-view.ts";
import { modelOf, rowsOf } from "./model-like.ts";
import { isoDay, startOfNext } from "./periods.ts";

/**
 * One object of a day that the URL names, by key or slug.
 * Source: https://docs.djangoproject.com/en/5.2/ref/class-based-views/generic-date-based/#datedetailview
 */
export class DateDetailView<M, P extends object = {}> extends DetailView<M, P> {
  /** The field, of dates or date-times. */
  dateField: string | undefined = undefined;
  /** Whether days of the future are shown. */
  allowFuture = false;

  override async getObject(): Promise<M> {
    if (this.dateField === undefined) {
      throw new ImproperlyConfigured(`${this.constructor.name} needs the name of a field: set its dateField.`);
    }
    const start = dayOf(this, "day");
    if (!this.allowFuture && start.getTime() > Date.now()) {
      throw new Http404(`${isoDay(start)} lies in the future, and ${this.constructor.name}.allowFuture is false.`);
    }
    const rows = rowsOf(this.getQueryset());
    const model = modelOf(this.model, rows) as
      | { readonly fields?: Record<string, { readonly kind?: string }> }
      | undefined;
    const value = (date: Date) => (model?.fields?.[this.dateField as string]?.kind === "date" ? isoDay(date) : date);
    this.queryset = rows.filter({
      [`${this.dateField}__gte`]: value(start),
      [`${this.dateField}__lt`]: value(startOfNext("day", start)),
    }) as QuerySetLike<M>;
    return super.getObject();
  }
}

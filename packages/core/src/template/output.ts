import type { Context } from "liquidjs";
import { escapeHtml } from "../utils/escape-html.ts";
import { formatDate } from "./date-format.ts";
import { isAutoescaped } from "./filter.ts";
import { SafeString } from "./safe-string.ts";

const DATETIME_FORMAT = "N j, Y, P";

/** A value as text, before escaping. */
export function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  if (value instanceof Date) return formatDate(value, DATETIME_FORMAT);
  if (Array.isArray(value)) return value.map(toText).join(", ");
  return typeof value === "object" && Object.getPrototypeOf(value) === null ? "[object Object]" : String(value);
}

/** A value as a template writes it: escaped, unless it is a SafeString. */
export function toHtml(value: unknown): string {
  return value instanceof SafeString ? value.toString() : escapeHtml(toText(value));
}

/** A value as it is written at this place: escaped, unless `{% autoescape off %}` is around it. */
export function written(value: unknown, context: Context): string {
  return isAutoescaped(context) ? toHtml(value) : toText(value);
}

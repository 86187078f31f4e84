import { TooManyFieldsSent } from "../exceptions.ts";
import { percentDecode } from "../utils/percent-decode.ts";
import { MultiValueDict } from "./multi-value-dict.ts";

/** The most fields a query string or form may have, where nothing else is said. Django's default. */
export const MAX_FIELDS = 1000;

/**
 * The fields of a query string or form: a map that holds several values for a name.
 * Source: https://docs.djangoproject.com/en/5.2/ref/request-response/#querydict-objects
 * @example
 * const query = QueryDict.parse("a=1&a=2&b=");
 * query.get("a"); // "2"
 * query.getAll("a"); // ["1", "2"]
 * query.copy().set("a", "3").toString(); // "a=3&b="
 */
export class QueryDict extends MultiValueDict<string> {
  /**
   * Reads `application/x-www-form-urlencoded`.
   * @throws TooManyFieldsSent beyond `maxFields`.
   */
  static parse(text: string, maxFields: number = MAX_FIELDS): QueryDict {
    return parseFields(new QueryDict(), text, maxFields);
  }

  /**
   * Encoded as a query string, without "?".
   * @param options `safe`: characters to leave as they are, such as "/".
   */
  override toString(options: { readonly safe?: string } = {}): string {
    const search = new URLSearchParams();
    for (const [name, values] of this.lists()) for (const value of values) search.append(name, value);
    const text = search.toString();
    const { safe } = options;
    if (safe === undefined || safe === "") return text;
    return text.replace(/%([2-7][0-9A-F])/g, (encoded, hex: string) => {
      const character = String.fromCharCode(Number.parseInt(hex, 16));
      return safe.includes(character) ? character : encoded;
    });
  }
}

/** Adds the fields of an URL-encoded text. */
export function parseFields<T extends QueryDict>(dict: T, text: string, maxFields: number): T {
  if (text === "") return dict;
  let count = 0;
  for (let start = 0; start <= text.length; ) {
    // Empty ones count too, as Django's do: a row of "&" costs as much to go through.
    if (++count > maxFields) throw new TooManyFieldsSent(tooMany("fields", maxFields, "dataUploadMaxNumberFields"));
    const ampersand = text.indexOf("&", start);
    const end = ampersand === -1 ? text.length : ampersand;
    if (end > start) {
      const equals = text.slice(start, end).indexOf("=");
      if (equals === -1) dict.append(decodeField(text.slice(start, end)), "");
      else
        dict.append(decodeField(text.slice(start, start + equals)), decodeField(text.slice(start + equals + 1, end)));
    }
    start = end + 1;
  }
  return dict;
}

/** The message for more of something than a setting allows. */
export function tooMany(what: string, most: number, setting: string): string {
  return `The request has more than ${most} ${what}. Raise the setting ${setting} if it may have them.`;
}

function decodeField(text: string): string {
  return percentDecode(text.includes("+") ? text.replaceAll("+", " ") : text);
}

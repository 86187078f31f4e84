/** One entry of an `Accept` header. */
export interface AcceptedType {
  /** "text/html", "text/*" or "*\u002f*". */
  readonly type: string;
  /** From 0, never, to 1. */
  readonly quality: number;
}

/** The most entries that are read. */
const MOST = 50;
const TYPE = /^[!#$%&'*+\-.^_`|~0-9a-z]+\/[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/** The types of an `Accept` header, best first: by quality, then the more specific, then as they came. */
export function parseAccept(header: string): AcceptedType[] {
  const types = header.split(",", MOST).flatMap((entry): AcceptedType[] => {
    const [type = "", ...parameters] = entry
      .toLowerCase()
      .split(";")
      .map((part) => part.trim());
    if (!TYPE.test(type)) return [];
    const given = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    const quality = given === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(given) ? Number(given) : 0;
    return [{ type, quality }];
  });
  return types.sort((a, b) => b.quality - a.quality || specificity(b.type) - specificity(a.type));
}

function specificity(type: string): number {
  return type === "*/*" ? 0 : type.endsWith("/*") ? 1 : 2;
}

/** How much `type` is wanted: the quality of the most specific entry that covers it; 0 where none does. */
export function qualityOf(type: string, accepted: readonly AcceptedType[]): number {
  const wanted = type.toLowerCase();
  const covering = accepted.filter(
    (entry) => entry.type === wanted || entry.type === "*/*" || entry.type === `${wanted.split("/")[0]}/*`,
  );
  covering.sort((a, b) => specificity(b.type) - specificity(a.type));
  return covering[0]?.quality ?? 0;
}

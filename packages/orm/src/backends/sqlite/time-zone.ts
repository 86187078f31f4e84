/** How many seconds. */
const DAY = 86_400;
/** Clocks of no zone have ever been changed twice within six days. */
const SPAN = 4 * DAY;
/** A hundred years. */
const MOST_SPANS = 9200;
const MOST_ZONES = 50;

/** A span in which clocks are changed: the offset before a moment, and from it on. */
interface Change {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** The clocks of a time zone. Moments are seconds since 1970, what clocks show is the moment at which those of UTC do. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat;
  readonly #spans = new Map<number, number | Change>();

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  }

  /** What the clocks show at a moment. */
  localOf(moment: number): number {
    return moment + this.#offsetAt(moment);
  }

  /**
   * When the clocks show this. As in PostgreSQL: where they skip it, it goes by how they were before; where they show it
   * twice, it is the second time.
   */
  momentOf(local: number): number {
    const after = this.#offsetAt(local + DAY);
    const moment = local - after;
    return this.#offsetAt(moment) === after ? moment : local - this.#offsetAt(local - DAY);
  }

  #offsetAt(moment: number): number {
    const index = Math.floor(moment / SPAN);
    let span = this.#spans.get(index);
    if (span === undefined) {
      span = this.#read(index * SPAN);
      if (this.#spans.size >= MOST_SPANS) this.#spans.clear();
      this.#spans.set(index, span);
    }
    if (typeof span === "number") return span;
    return moment < span.at ? span.before : span.after;
  }

  #read(start: number): number | Change {
    const [before, after] = [this.#ask(start), this.#ask(start + SPAN)];
    if (before === after) return before;
    let [last, at] = [start, start + SPAN];
    while (at - last > 1) {
      const middle = Math.floor((last + at) / 2);
      if (this.#ask(middle) === before) last = middle;
      else at = middle;
    }
    return { at, before, after };
  }

  /** Behind a date stands `GMT+01:00`, or, before clocks were set by zones, `GMT+00:57:44`. */
  #ask(moment: number): number {
    const [, sign, hours = 0, minutes = 0, seconds = 0] =
      /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(this.#format.format(moment * 1000)) ?? [];
    const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return sign === "-" ? -offset : offset;
  }
}

const zones = new Map<string, TimeZone>();

/** The clocks of the zone with this name, which Node.js must know. */
export function timeZone(name: string): TimeZone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = new TimeZone(name);
    if (zones.size >= MOST_ZONES) zones.clear();
    zones.set(name, zone);
  }
  return zone;
}

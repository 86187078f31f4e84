import type { CommandOutput } from "@tsjango/kernel/management";
import type { ChildMessage } from "./messages.ts";

/** What the site says of itself, on the terminal: all of it at the first start, afterwards only what has changed. */
export class News {
  readonly #output: CommandOutput;
  #report: string | undefined;
  #notices = new Set<string>();
  #starts = 0;

  constructor(output: CommandOutput) {
    this.#output = output;
  }

  /** The site answers, `milliseconds` after it was started. */
  ready(milliseconds: number): void {
    this.#starts++;
    this.#output.log(this.#output.style("dim", `Ready in ${Math.round(milliseconds)} ms.`));
  }

  tell({ report, notices }: Extract<ChildMessage, { type: "news" }>): void {
    const { log, style, interactive } = this.#output;
    if (report !== this.#report) log(report);
    this.#report = report;
    const said = this.#notices;
    this.#notices = new Set(notices.map(({ text }) => text));
    for (const { text, level = "warning", command } of notices) {
      if (said.has(text) || (level === "info" && this.#starts > 1)) continue;
      const offer = interactive && command === "migrate" ? " Press m to do that now." : "";
      log(level === "info" ? text : style("yellow", text + offer));
    }
  }
}

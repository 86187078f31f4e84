/** A line of a source file and those around it. */
export interface SourceFrame {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly lines: readonly { readonly number: number; readonly text: string }[];
}

const AROUND = 5;

/** The lines around one of a text. */
export function frameOf(file: string, text: string, line: number): SourceFrame {
  const first = Math.max(0, line - 1 - AROUND);
  const around = text.split("\n").slice(first, line + AROUND);
  return { file, line, lines: around.map((text, index) => ({ number: first + index + 1, text })) };
}

/** A frame for a terminal or a log: the line is marked. */
export function frameText({ line, lines }: SourceFrame): string {
  return lines
    .map(({ number, text }) => `${number === line ? ">" : " "} ${String(number).padStart(4)} | ${text}`)
    .join("\n");
}

import { closeSync, mkdirSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { DestinationStream } from "pino";
import { ImproperlyConfigured } from "../exceptions.ts";
import { errorFields } from "./error-fields.ts";
import { prettyRecord } from "./pretty.ts";
import type { LogRecord } from "./record.ts";

/** Where records are written. */
export interface LogOutput {
  write(record: LogRecord): void;
  /** Opens its file again, after it was moved. */
  reopen(): void;
  /** Gives its file back. */
  close(): void;
}

// Loaded when the first record is written: a start that says nothing doesn't wait for it.
const require = createRequire(import.meta.url);

/**
 * An output: records for people, in colours on a terminal, or a line of JSON each, by pino.
 * @param file An absolute path to append to; undefined is standard error.
 * @throws ImproperlyConfigured when the file cannot be opened.
 */
export function pinoOutput(format: "pretty" | "json", file: string | undefined): LogOutput {
  let fd = file === undefined ? 2 : openLog(file);
  let made: { write(record: LogRecord): void; stream: ReturnType<typeof destination> } | undefined;
  const open = () => {
    if (made !== undefined) return made;
    const stream = destination(fd);
    made = { write: format === "json" ? jsonWriter(stream) : prettyWriter(stream, fd), stream };
    return made;
  };
  const close = () => {
    if (made !== undefined && file !== undefined) made.stream.destroy();
    else if (file !== undefined) closeSync(fd);
    made = undefined;
  };
  return {
    write(record) {
      open().write(record);
    },
    reopen() {
      if (file === undefined) return;
      close();
      fd = openLog(file);
    },
    close,
  };
}

function openLog(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, "a");
  } catch (cause) {
    throw new ImproperlyConfigured(
      `The log file ${file} (logging.file) cannot be opened: ${(cause as Error).message}. ` +
        "Let this user write there, or name another file.",
      { cause },
    );
  }
}

function jsonWriter(stream: DestinationStream): (record: LogRecord) => void {
  const { pino } = require("pino") as typeof import("pino");
  const log = pino(
    {
      level: "trace",
      messageKey: "message",
      timestamp: false,
      base: { pid: process.pid },
      serializers: { err: errorFields },
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  return ({ level, channel, message, time, error, fields }) => {
    const err = error === undefined ? {} : { err: error };
    log[level]({ time, channel, ...fields, ...err }, message);
  };
}

function prettyWriter(stream: DestinationStream, fd: number): (record: LogRecord) => void {
  const colours = fd === 2 && process.stderr.isTTY === true && process.env.NO_COLOR === undefined;
  return (record) => stream.write(prettyRecord(record, colours));
}

function destination(fd: number) {
  const { destination } = require("pino") as typeof import("pino");
  // At once: what a process said before it died is what is looked for.
  const stream = destination({ fd, sync: true });
  // Nobody reads the log any more, or the disk is full: records are lost, requests are not.
  stream.on("error", () => {});
  return stream;
}

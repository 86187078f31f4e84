import { UsageError } from "@tsjango/kernel/exceptions";
import type { CommandOption } from "@tsjango/kernel/management";
import {
  accessLogFormat,
  DEFAULT_SETTINGS,
  loadTls,
  parseBind,
  type ServeOptions,
  type ServeSettings,
  tlsOf,
} from "@tsjango/server";
import { type HostAndPort, parseAddress } from "../terminal/address.ts";
import { OPTION_TABLE, type ServeOption } from "./option-table.ts";
import type { FileSettings } from "./server-file.ts";

const TABLE = Object.entries(OPTION_TABLE) as [keyof ServeSettings, ServeOption<unknown>][];

/** The flags of the table, as the command line reads them. */
export function flagsOfTable(): Record<keyof ServeSettings, CommandOption> {
  return Object.fromEntries(TABLE.map(([key, option]) => [key, commandOption(option)])) as Record<
    keyof ServeSettings,
    CommandOption
  >;
}

function commandOption({ flags, description, reader, repeatable }: ServeOption<unknown>): CommandOption {
  if (!flags.includes("<")) return { flags, description };
  const name = /--[\w-]+/.exec(flags)?.[0];
  return {
    flags,
    description,
    parse: (text, previous) => {
      const value = reader.read(text);
      if (value === undefined) throw new UsageError(`${name} takes ${reader.expects}; found "${text}".`);
      return repeatable ? [...((previous as unknown[]) ?? []), ...(value as unknown[])] : value;
    },
  };
}

/** Where the value of an option came from. */
export type Source = "flag" | "file" | "environment" | "default";

export interface ResolvedOptions {
  readonly options: ServeOptions;
  readonly sources: Readonly<Record<keyof ServeSettings, Source>>;
}

/** What options are made of: flags win over the file, the file over the environment. */
export interface OptionSources {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly port: string | undefined;
  readonly file: FileSettings | undefined;
  readonly application: string;
  readonly cwd: string;
}

/** Puts flags, file, environment and defaults together. @throws UsageError, InvalidBind, InvalidLogFormat, InvalidCertificate */
export function resolveOptions({ flags, port, file, application, cwd }: OptionSources): ResolvedOptions {
  const environment = fromEnvironment();
  const settings: Record<string, unknown> = {};
  const sources: Record<string, Source> = {};
  for (const [key, option] of TABLE) {
    const candidates: [Source, unknown][] = [
      ["flag", flagValue(option, flags[key])],
      ["file", file?.settings[key]],
      ["environment", environment[key]],
      ["default", DEFAULT_SETTINGS[key]],
    ];
    const [source, value] = candidates.find(([, each]) => each !== undefined) ?? ["default", undefined];
    settings[key] = value;
    sources[key] = source;
  }
  if (port !== undefined) {
    settings["bind"] = withPort(settings["bind"] as readonly string[], parseAddress(port));
    sources["bind"] = "flag";
  }
  const all = { ...settings, application, cwd, configFile: file?.file } as ServeOptions;
  accessLogFormat(all.accessLogFormat);
  checkTls(all);
  for (const bind of all.bind) parseBind(bind, { host: "127.0.0.1", port: 8000 });
  return { options: all, sources: sources as ResolvedOptions["sources"] };
}

/** One message here, rather than one of each worker. */
function checkTls(settings: ServeSettings): void {
  const { tlsKey, tlsCert } = settings;
  if ((tlsKey === undefined) !== (tlsCert === undefined)) {
    const [given, missing] = tlsKey === undefined ? ["cert", "key"] : ["key", "cert"];
    throw new UsageError(`--tls-${given} needs --tls-${missing}: https needs a key and its certificate.`);
  }
  const tls = tlsOf(settings);
  if (tls !== undefined) loadTls(tls);
}

/** Boolean flags are false where they are not given, and those that begin with `--no-` say the contrary. */
function flagValue({ flags }: ServeOption<unknown>, value: unknown): unknown {
  if (flags.includes("<")) return value;
  return value === true ? !flags.includes("--no-") : undefined;
}

function fromEnvironment(): Partial<Record<keyof ServeSettings, unknown>> {
  const { WEB_CONCURRENCY: concurrency, PORT: port, TSJANGO_TLS_KEY_PASSWORD: tlsKeyPassword } = process.env;
  const { reader } = OPTION_TABLE.workers;
  const workers = concurrency ? reader.read(concurrency) : undefined;
  if (concurrency && workers === undefined) {
    throw new UsageError(`The environment variable WEB_CONCURRENCY takes ${reader.expects}; found "${concurrency}".`);
  }
  return {
    workers,
    tlsKeyPassword: tlsKeyPassword || undefined,
    bind: port ? [textOf(parseAddress(undefined))] : undefined,
  };
}

/** The one address with another port. */
function withPort(binds: readonly string[], { port }: HostAndPort): readonly string[] {
  const [only] = binds.map((text) => parseBind(text, { host: "127.0.0.1", port: 8000 }));
  if (binds.length === 1 && only?.type === "tcp") return [textOf({ host: only.host, port })];
  throw new UsageError(`--port is for one address of a host; found ${binds.join(", ")}. Write the port there.`);
}

function textOf({ host, port }: HostAndPort): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

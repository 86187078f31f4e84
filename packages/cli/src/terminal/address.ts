import { UsageError } from "@tsjango/kernel/exceptions";

/** Where to listen. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

const SHAPE = /^(?:(?<host>\[[0-9a-f:.]+\]|[a-z0-9.-]*[a-z.-][a-z0-9.-]*)(?::(?<port>\d+))?|(?<only>\d+))$/i;

/** Reads `8001`, `127.0.0.1:8001`, `[::1]:8001` or `localhost`; what is missing is 127.0.0.1 and the variable PORT, or 8000. */
export function parseAddress(text: string | undefined): HostAndPort {
  const groups = text === undefined ? {} : SHAPE.exec(text)?.groups;
  if (groups === undefined) {
    throw new UsageError(`"${text}" is no address. Write a port (8001), or a host and a port (127.0.0.1:8001).`);
  }
  const host = groups["host"]?.replace(/^\[|\]$/g, "") ?? "127.0.0.1";
  const given = groups["port"] ?? groups["only"];
  const port = Number(given ?? process.env["PORT"] ?? 8000);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return { host, port };
  const source =
    given === undefined ? `The environment variable PORT is "${process.env["PORT"]}"` : `${given} is no port`;
  throw new UsageError(`${source}: ports are whole numbers from 0 to 65535.`);
}

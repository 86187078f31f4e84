import { afterEach, describe, expect, test, vi } from "vitest";
import { resolveOptions } from "../../src/serving/resolve-options.ts";

const target = { application: "mysite.asgi:application", cwd: "/site", port: undefined, file: undefined };
const resolved = (flags: Record<string, unknown>) => resolveOptions({ ...target, flags });

afterEach(() => vi.unstubAllEnvs());

describe("options of connections", () => {
  test("have the server's defaults, in seconds", () => {
    expect(resolved({}).options).toMatchObject({
      headersTimeout: 10,
      keepAlive: 5,
      sendTimeout: 60,
      maxConnections: 16_384,
      websocketMaxSize: 16 * 1024 * 1024,
      websocketPingInterval: 20,
      http2: true,
      accessLogFile: "-",
      rootPath: "",
    });
    expect(resolved({ http2: true, websocketDeflate: true }).options).toMatchObject({
      http2: false,
      websocketDeflate: true,
    });
  });

  test("https needs both files, and files that are there", () => {
    expect(() => resolved({ tlsKey: "key.pem" })).toThrow("--tls-key needs --tls-cert");
    expect(() => resolved({ tlsCert: "cert.pem" })).toThrow("--tls-cert needs --tls-key");
    const missing = { tlsKey: "/nowhere/key.pem", tlsCert: "/nowhere/cert.pem" };
    expect(() => resolved(missing)).toThrow(
      expect.objectContaining({ code: "invalid_certificate", exitCode: 1, message: expect.stringContaining("ENOENT") }),
    );
  });

  test("the key's password comes from the environment", () => {
    vi.stubEnv("TSJANGO_TLS_KEY_PASSWORD", "a password");
    const { options, sources } = resolved({});
    expect([options.tlsKeyPassword, sources.tlsKeyPassword]).toEqual(["a password", "environment"]);
  });

  test("a wrong format of the access log is the command line's fault", () => {
    expect(() => resolved({ accessLogFormat: "%(z)s" })).toThrow(
      expect.objectContaining({ code: "invalid_log_format", exitCode: 2 }),
    );
  });
});

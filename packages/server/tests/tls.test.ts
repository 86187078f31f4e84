import { once } from "node:events";
import { get } from "node:https";
import { connect as connectTcp } from "node:net";
import { connect } from "node:tls";
import type { AsgiApplication, HttpScope } from "@tsjango/core/asgi";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createServer, type TlsConfig } from "../src/index.ts";
import { application as answering } from "./support/application.ts";
import { files, makeCertificate } from "./support/certificate.ts";
import { serving } from "./support/websocket-clients.ts";

const own = makeCertificate();
const authority = makeCertificate("Test Authority");
const client = makeCertificate("Jane", authority);
const application = answering as AsgiApplication;

function tlsOf(more: Partial<TlsConfig> = {}): TlsConfig {
  return { ...files({ key: own.key, cert: own.cert }), ...more };
}

/** The scope that a request of HTTPS/1.1 comes with. */
async function scopeOver(tls: TlsConfig, options: object = {}): Promise<HttpScope> {
  let seen: unknown;
  const { url } = await serving(
    async (scope, _receive, send) => {
      seen = scope;
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: "ok" });
    },
    { tls },
  );
  const request = get(url, { ca: own.cert, ...options });
  const [response] = await once(request, "response");
  response.resume();
  return seen as HttpScope;
}

describe("https", () => {
  test("is served, and the application is told of it", async () => {
    const { scheme, extensions } = await scopeOver(tlsOf());
    expect(scheme).toBe("https");
    expect(extensions?.["tls"]).toEqual({
      serverCert: own.cert,
      clientCertChain: [],
      clientCertName: null,
      clientCertError: null,
      tlsVersion: 0x0304,
      cipherSuite: 0x1302,
    });
    expect(extensions).toHaveProperty(["http.response.early_hint"]);
  });

  test("of an older version is told as such, and refused where it is too old", async () => {
    const { extensions } = await scopeOver(tlsOf(), { maxVersion: "TLSv1.2" });
    expect(extensions?.["tls"]).toMatchObject({ tlsVersion: 0x0303, cipherSuite: expect.any(Number) });
    await expect(scopeOver(tlsOf({ minVersion: "TLSv1.3" }), { maxVersion: "TLSv1.2" })).rejects.toThrow();
  });

  test("clients show certificates where they are asked to", async () => {
    const ca = files({ ca: authority.cert }).ca;
    const tls = tlsOf({ ca, clientCertificates: "optional" });
    const shown = await scopeOver(tls, { cert: client.cert, key: client.key });
    expect(shown.extensions?.["tls"]).toMatchObject({
      clientCertChain: expect.arrayContaining([client.cert]),
      clientCertName: "CN=Jane",
      clientCertError: null,
    });
    const without = await scopeOver(tls);
    expect(without.extensions?.["tls"]).toMatchObject({ clientCertChain: [], clientCertName: null });
    const foreign = await scopeOver(tls, { cert: own.cert, key: own.key });
    expect(foreign.extensions?.["tls"]).toMatchObject({ clientCertError: expect.stringMatching(/SELF_SIGNED|UNABLE/) });
    const required = tlsOf({ ca, clientCertificates: "required" });
    await expect(scopeOver(required)).rejects.toThrow();
    expect((await scopeOver(required, { cert: client.cert, key: client.key })).scheme).toBe("https");
  });

  test("a WebSocket over it is wss", async () => {
    const scopes: { scheme: string; extensions?: object }[] = [];
    const { url } = await serving(
      async (scope, receive, send) => {
        scopes.push(scope as never);
        await receive();
        await send({ type: "websocket.accept" });
        await receive();
      },
      { tls: tlsOf() },
    );
    const socket = new WebSocket(url.replace("https", "wss"), { ca: own.cert });
    await once(socket, "open");
    expect(scopes[0]).toMatchObject({ scheme: "wss", extensions: { tls: { tlsVersion: 0x0304 } } });
    socket.close();
    await once(socket, "close");
  });

  test("whoever does not speak TLS is let go, and holds no end up", async () => {
    const { url, server, errors } = await serving(application, { tls: tlsOf() });
    const port = Number(new URL(url).port);
    const plain = connectTcp(port, "127.0.0.1").on("error", () => undefined);
    plain.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await once(plain.resume(), "close");
    const silent = connectTcp(port, "127.0.0.1").on("error", () => undefined);
    await once(silent, "connect");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await Promise.all([server.close({ gracePeriod: 5_000 }), once(silent.resume(), "close")]);
    expect(errors).toEqual([]);
  });

  test("without HTTP/2, clients are told so", async () => {
    for (const [http2, protocol] of [
      [true, "h2"],
      [false, "http/1.1"],
    ] as const) {
      const { url } = await serving(application, { tls: tlsOf(), http2 });
      const options = { port: Number(new URL(url).port), ca: own.cert, ALPNProtocols: ["h2", "http/1.1"] };
      const socket = connect(options).on("error", () => undefined);
      await once(socket, "secureConnect");
      expect(socket.alpnProtocol).toBe(protocol);
      socket.destroy();
    }
  });
});

describe("what cannot be used is named, with exit code 1:", () => {
  const refused = (tls: TlsConfig) => {
    try {
      createServer(application, { tls });
      return "accepted";
    } catch (error) {
      expect(error).toMatchObject({ code: "invalid_certificate", exitCode: 1 });
      return (error as Error).message;
    }
  };

  test("a file that is not there", () => {
    expect(refused(tlsOf({ cert: "/nowhere/cert.pem" }))).toMatch(
      /^The certificate \/nowhere\/cert\.pem cannot be read: ENOENT/,
    );
    expect(refused(tlsOf({ key: "/nowhere/key.pem" }))).toMatch(/^The key \/nowhere\/key\.pem cannot be read/);
  });

  test("a key of another certificate", () => {
    const { key } = files({ key: client.key });
    expect(refused(tlsOf({ key }))).toMatch(/^The key .* is not that of the certificate .*/);
  });

  test("what is no certificate, or no key", () => {
    const { text } = files({ text: "hello" });
    expect(refused(tlsOf({ cert: text }))).toContain("is no certificate in PEM");
    expect(refused(tlsOf({ key: text }))).toContain("cannot be used");
  });

  test("an encrypted key, without its password or with a wrong one", () => {
    const passphrase = "a password";
    const locked = own.keys.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase });
    const { key } = files({ key: locked as string });
    expect(refused(tlsOf({ key }))).toContain("is encrypted. Give its password");
    expect(refused(tlsOf({ key, keyPassword: "wrong" }))).toContain("cannot be opened with the password");
    expect(refused(tlsOf({ key, keyPassword: passphrase }))).toBe("accepted");
  });

  test("client certificates without authorities", () => {
    expect(refused(tlsOf({ clientCertificates: "required" }))).toContain("name it (--tls-ca)");
  });

  test("ciphers that there are not", () => {
    expect(refused(tlsOf({ ciphers: "NO-SUCH" }))).toContain('No cipher is left of "NO-SUCH"');
  });
});

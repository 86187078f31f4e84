import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import {
  createSecureContext,
  createServer,
  type DetailedPeerCertificate,
  type SecureVersion,
  type TLSSocket,
  type TlsOptions,
} from "node:tls";
import { InvalidCertificate } from "./exceptions.ts";

/** How a server proves who it is. Paths are those of PEM files. */
export interface TlsConfig {
  readonly key: string;
  /** The certificate, with those between it and the root after it. */
  readonly cert: string;
  /** Of an encrypted key. */
  readonly keyPassword?: string | undefined;
  /** Certificates that clients' certificates are checked against. */
  readonly ca?: string | undefined;
  /** Whether clients have to show a certificate. Default "none". */
  readonly clientCertificates?: "none" | "optional" | "required" | undefined;
  /** Default "TLSv1.2". */
  readonly minVersion?: SecureVersion | undefined;
  /** OpenSSL's list. Default: Node's. */
  readonly ciphers?: string | undefined;
}

/** Milliseconds that a client gets for its handshake. */
const HANDSHAKE_TIMEOUT = 10_000;

function read(what: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new InvalidCertificate(`The ${what} ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Reads the files of a configuration, and tries them.
 * @throws InvalidCertificate saying which file is missing, unreadable or does not fit.
 */
export function loadTls(config: TlsConfig): TlsOptions {
  const { keyPassword: passphrase, ca, clientCertificates = "none", minVersion = "TLSv1.2", ciphers } = config;
  const options: TlsOptions = {
    cert: read("certificate", config.cert),
    key: read("key", config.key),
    ...(passphrase !== undefined && { passphrase }),
    ...(ca !== undefined && { ca: read("list of authorities", ca) }),
    ...(ciphers !== undefined && { ciphers }),
    minVersion,
    requestCert: clientCertificates !== "none",
    rejectUnauthorized: clientCertificates === "required",
    handshakeTimeout: HANDSHAKE_TIMEOUT,
  };
  if (clientCertificates !== "none" && ca === undefined) {
    throw new InvalidCertificate(
      "Client certificates are checked against the authorities of a file: name it (--tls-ca).",
    );
  }
  try {
    new X509Certificate(options.cert as string);
  } catch (cause) {
    throw new InvalidCertificate(`${config.cert} is no certificate in PEM: ${(cause as Error).message}`, { cause });
  }
  try {
    createSecureContext(options);
  } catch (cause) {
    throw new InvalidCertificate(problem(config, cause as NodeJS.ErrnoException), { cause });
  }
  return options;
}

function problem({ key, cert, ciphers, keyPassword }: TlsConfig, error: NodeJS.ErrnoException): string {
  const text = `${error.code ?? ""} ${error.message}`;
  if (/KEY_VALUES_MISMATCH|key values mismatch/i.test(text)) {
    return `The key ${key} is not that of the certificate ${cert}. Name the key that it was made with.`;
  }
  if (/bad decrypt|BAD_DECRYPT|empty password|passphrase|MISSING_PASSPHRASE|interrupted or cancelled/i.test(text)) {
    const why = keyPassword === undefined ? "is encrypted" : "cannot be opened with the password that was given";
    return `The key ${key} ${why}. Give its password (--tls-key-password, or TSJANGO_TLS_KEY_PASSWORD).`;
  }
  if (ciphers !== undefined && /cipher/i.test(text)) return `No cipher is left of ${JSON.stringify(ciphers)}.`;
  return `The key ${key} and the certificate ${cert} cannot be used: ${error.message}`;
}

/** Shakes hands on connections that others accept, and gives on those that have. */
export interface TlsGate {
  accept(socket: Socket): void;
  /** Cuts what is left, once the others are closed: connections that are still shaking hands. */
  cut(): void;
}

/** `protocols` are those that clients may choose from, the best first. */
export function createTlsGate(
  options: TlsOptions,
  protocols: readonly string[],
  take: (socket: TLSSocket) => void,
): TlsGate {
  const open = new Set<Socket>();
  const server = createServer({ ...options, ALPNProtocols: [...protocols] });
  server.on("secureConnection", (socket) => {
    // A client that is gone is told by "close".
    socket.on("error", () => socket.destroy());
    take(socket);
  });
  // Whoever does not speak TLS, or shows no certificate, is not let in; that is no error of this server.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return {
    accept(socket) {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      server.emit("connection", socket);
    },
    cut() {
      for (const socket of open) socket.destroy();
    },
  };
}

const VERSIONS: Readonly<Record<string, number>> = {
  TLSv1: 0x0301,
  "TLSv1.1": 0x0302,
  "TLSv1.2": 0x0303,
  "TLSv1.3": 0x0304,
};
/** Those that Node offers by default. Source: IANA's registry of TLS parameters. */
const SUITES: Readonly<Record<string, number>> = {
  TLS_AES_128_GCM_SHA256: 0x1301,
  TLS_AES_256_GCM_SHA384: 0x1302,
  TLS_CHACHA20_POLY1305_SHA256: 0x1303,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 0xc02b,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 0xc02c,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 0xc02f,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 0xc030,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256: 0x009e,
  TLS_DHE_RSA_WITH_AES_256_GCM_SHA384: 0x009f,
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca8,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca9,
};

/** What an application is told of a connection's TLS: ASGI's extension `tls`, version 0.2. */
export interface TlsExtension {
  /** This server's certificate, in PEM. */
  readonly serverCert: string;
  /** The client's certificate and those above it, in PEM; empty where it showed none. */
  readonly clientCertChain: readonly string[];
  /** Its subject as in RFC 4514. */
  readonly clientCertName: string | null;
  /** Why it is not trusted. */
  readonly clientCertError: string | null;
  /** 0x0304 is TLS 1.3. */
  readonly tlsVersion: number;
  readonly cipherSuite: number | null;
}

const extensions = new WeakMap<TLSSocket, TlsExtension>();

/** The extension of a connection; read once. */
export function tlsExtension(socket: TLSSocket, options: TlsOptions): TlsExtension {
  let extension = extensions.get(socket);
  if (extension === undefined) {
    const chain = options.requestCert === true ? chainOf(socket.getPeerCertificate(true)) : [];
    const first = chain[0];
    extension = {
      serverCert: options.cert as string,
      clientCertChain: chain.map((certificate) => certificate.toString()),
      clientCertName: first === undefined ? null : first.subject.split("\n").reverse().join(","),
      clientCertError: first === undefined || socket.authorized ? null : String(socket.authorizationError),
      tlsVersion: VERSIONS[socket.getProtocol() ?? ""] ?? 0,
      cipherSuite: SUITES[socket.getCipher()?.standardName ?? ""] ?? null,
    };
    extensions.set(socket, extension);
  }
  return extension;
}

function chainOf(certificate: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let each = certificate; each?.raw !== undefined; each = each.issuerCertificate) {
    chain.push(new X509Certificate(each.raw));
    if (each.issuerCertificate === each) break;
  }
  return chain;
}

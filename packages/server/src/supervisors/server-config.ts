import type { Bind } from "../bind.ts";
import type { ServerConfig } from "../config.ts";
import type { TlsConfig } from "../tls.ts";
import type { ServeSettings } from "./settings.ts";

/** The TLS of a server's settings, where they name a key and a certificate. */
export function tlsOf(settings: ServeSettings): TlsConfig | undefined {
  const { tlsKey: key, tlsCert: cert } = settings;
  if (key === undefined || cert === undefined) return undefined;
  return {
    key,
    cert,
    keyPassword: settings.tlsKeyPassword,
    ca: settings.tlsCa,
    clientCertificates: settings.tlsClientCertificates,
    minVersion: settings.tlsMinVersion,
    ciphers: settings.tlsCiphers,
  };
}

/** What a worker's server is made with: settings count in seconds, a server in milliseconds. */
export function serverConfigOf(settings: ServeSettings, bind: readonly Bind[]): ServerConfig {
  return {
    bind,
    backlog: settings.backlog,
    tls: tlsOf(settings),
    http2: settings.http2,
    rootPath: settings.rootPath,
    serverHeader: settings.serverHeader,
    lifespan: settings.lifespan,
    gracePeriod: settings.gracefulTimeout * 1000,
    accessLogFormat: settings.accessLogFormat,
    limits: {
      headersTimeout: settings.headersTimeout * 1000,
      keepAliveTimeout: settings.keepAlive * 1000,
      maxRequestsPerConnection: settings.maxRequestsPerConnection,
      maxHeaderSize: settings.maxHeaderSize,
      minBodyRate: settings.minBodyRate,
      sendTimeout: settings.sendTimeout * 1000,
      maxConnections: settings.maxConnections,
    },
    websocket: {
      maxMessageSize: settings.websocketMaxSize,
      pingInterval: settings.websocketPingInterval * 1000,
      pingTimeout: settings.websocketPingTimeout * 1000,
      deflate: settings.websocketDeflate,
    },
  };
}

/** What a view sees of a request. */
export interface Seen {
  readonly method?: string;
  readonly path?: string;
  readonly pathInfo?: string;
  readonly query?: string;
  readonly host?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** Raw requests that reach the view: what it is, the bytes as latin1, what the view sees. */
export type ValidRequest = readonly [what: string, bytes: string, seen: Seen];

const END = "Host: localhost\r\nConnection: close\r\n";
const get = (target: string, headers = "") => `GET ${target} HTTP/1.1\r\n${END}${headers}\r\n`;
const post = (headers: string, body: string) => `POST / HTTP/1.1\r\n${END}${headers}\r\n${body}`;

export const VALID_REQUESTS: readonly ValidRequest[] = [
  ["a plain request", get("/"), { method: "GET", path: "/", host: "localhost", body: "" }],
  ["HTTP/1.0", "GET /a HTTP/1.0\r\nHost: localhost\r\n\r\n", { path: "/a" }],
  ["empty lines before it", `\r\n\r\n${get("/")}`, { path: "/" }],
  [
    "an absolute target stands before Host",
    get("http://127.0.0.1:81/x?y=1"),
    { path: "/x", query: "y=1", host: "127.0.0.1:81" },
  ],
  ["an absolute target without a path", get("http://localhost"), { path: "/" }],
  ["an absolute https target", get("https://localhost/x"), { path: "/x" }],
  ["two slashes at the start", get("//evil.example/x"), { path: "//evil.example/x", host: "localhost" }],
  ["dot segments stay", get("/a/../b/./c"), { path: "/a/../b/./c" }],
  ["encoded dot segments stay", get("/a/%2e%2e/etc"), { path: "/a/../etc" }],
  ["an encoded slash is no separator", get("/a/..%2f..%2fetc"), { path: "/a/..%2F..%2Fetc" }],
  ["decoded once", get("/%252e%252e%252f"), { path: "/%2e%2e%2f" }],
  ["an encoded backslash", get("/..%5c"), { path: "/..\\" }],
  ["UTF-8 in a path", get("/%C3%A9%20%22"), { path: '/é "' }],
  ["a query that is not UTF-8", get("/?a=%ff&b=%zz&c=%"), { query: "a=%ff&b=%zz&c=%" }],
  ["brackets and all that may be plain", get("/-._~!$&'()*+,;=:@[]?/?"), { path: "/-._~!$&'()*+,;=:@[]", query: "/?" }],
  ["a path of 4,000 segments", get("/a".repeat(4000)), { path: "/a".repeat(4000) }],
  ["8,000 slashes", get("/".repeat(8000)), { path: "/".repeat(8000) }],
  [
    "names with underscores are dropped",
    get("/", "X_Forwarded_For: 1.2.3.4\r\nTransfer_Encoding: chunked\r\n"),
    {
      headers: { x_forwarded_for: null, transfer_encoding: null },
    },
  ],
  [
    "other repeated headers are joined",
    get("/", "X: 1\r\nx: 2\r\nVia: a\r\nVia: b\r\n"),
    { headers: { x: "1, 2", via: "a, b" } },
  ],
  ["latin1 in a value", get("/", "X: caf\xe9\r\n"), { headers: { x: "café" } }],
  ["100 header lines", get("/", "X: 1\r\n".repeat(98)), {}],
  [
    "a host with a port and in capitals",
    "GET / HTTP/1.1\r\nHost: LOCALHOST:80\r\nConnection: close\r\n\r\n",
    { host: "LOCALHOST:80" },
  ],
  ["an upgrade to h2c is not heeded", get("/", "Upgrade: h2c\r\nHTTP2-Settings: x\r\n"), { path: "/" }],
  [
    "Connection names headers that stay",
    get("/", "Connection: content-length, host, x\r\nX: 1\r\n"),
    { headers: { x: "1" } },
  ],
  [
    "a method override is not heeded",
    get("/", "X-HTTP-Method-Override: DELETE\r\nMax-Forwards: 0\r\n"),
    { method: "GET" },
  ],
  ["a body with its length", post("Content-Length: 3\r\n", "abc"), { method: "POST", body: "abc" }],
  ["a body of no bytes", post("Content-Length: 0\r\n", ""), { body: "" }],
  ["chunks", post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), { body: "abcde" }],
  [
    "chunks with extensions and trailers",
    post("Transfer-Encoding: Chunked\r\n", "3;a=b\r\nabc\r\n0\r\nX: 1\r\n\r\n"),
    { body: "abc" },
  ],
  ["GET with a body", get("/", "Content-Length: 3\r\n\r\nabc").replace(/\r\n$/, ""), { method: "GET", body: "abc" }],
  ["DELETE with a body", `DELETE / HTTP/1.1\r\n${END}Content-Length: 1\r\n\r\nx`, { method: "DELETE", body: "x" }],
  ["a WebDAV method", `PROPFIND / HTTP/1.1\r\n${END}\r\n`, { method: "PROPFIND" }],
  ["an identity encoding", post("Content-Encoding: identity\r\nContent-Length: 1\r\n", "x"), { body: "x" }],
];

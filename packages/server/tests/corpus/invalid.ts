/** Raw requests that no view may see: what it is, the bytes as latin1, the status of the answer. */
export type InvalidRequest = readonly [what: string, bytes: string, status: number];

const HOST = "Host: localhost\r\n";
const get = (target: string, headers = HOST, version = "HTTP/1.1") => `GET ${target} ${version}\r\n${headers}\r\n`;
const post = (headers: string, body = "", version = "HTTP/1.1") => `POST / ${version}\r\n${HOST}${headers}\r\n${body}`;
const chunked = (body: string, extra = "") => post(`${extra}Transfer-Encoding: chunked\r\n`, body);

const lines: readonly InvalidRequest[] = [
  ["HTTP/0.9 without version", "GET /\r\n\r\n", 505],
  ["HTTP/0.9 by name", "GET / HTTP/0.9\r\n\r\n", 505],
  ["HTTP/2.0 in a request line", get("/", HOST, "HTTP/2.0"), 505],
  ["HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["HTTP/1.9", get("/", HOST, "HTTP/1.9"), 400],
  ["HTTP/3.0", get("/", HOST, "HTTP/3.0"), 400],
  ["a space after the version", get("/", HOST, "HTTP/1.1 "), 400],
  ["tabs in the request line", `GET\t/\tHTTP/1.1\r\n${HOST}\r\n`, 400],
  ["the absolute target of a foreign host", get("http://evil.example/x"), 400],
  ["an absolute target with a user", get("http://localhost@evil.example/x"), 400],
  ["an absolute target of another scheme", get("ftp://localhost/x"), 400],
  ["an absolute target without a host", get("http:///x"), 400],
  ["a relative target", get("x"), 400],
  ["a target of another form", get("localhost:80"), 400],
  ["GET *", get("*"), 400],
  ["CONNECT", `CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n`, 405],
  ["TRACE", `TRACE / HTTP/1.1\r\n${HOST}\r\n`, 405],
  ["an unknown method", `FOO / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a method in lower case", `get / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a method with a colon", `GET: / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a method with NUL", `GET\0 / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a fragment", get("/a#b"), 400],
  ...[...'"<>^{}\\`|'].flatMap((character): InvalidRequest[] => [
    [`${character} in a path`, get(`/a${character}b`), 400],
    [`${character} in a query`, get(`/?a=${character}`), 400],
  ]),
  ["raw UTF-8", get("/\xc3\xa9"), 400],
  ["NUL in a target", get("/a\0b"), 400],
  ["0x01 in a target", get("/a\x01b"), 400],
  ["a space in a target", get("/a b"), 400],
  ...["%zz", "%", "%2", "%ff", "%c0%ae", "%ed%a0%80", "%f8%88%80%80%80"].map(
    (path): InvalidRequest => [`the path /${path}`, get(`/${path}`), 400],
  ),
  ["a target of 10 kB", get(`/${"a".repeat(10_000)}`), 414],
  ["a target of 20 kB", get(`/${"a".repeat(20_000)}`), 414],
  ["the start of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
  ["nothing that is HTTP", "hello\r\n\r\n", 400],
  ["a body of JSON alone", '{"a":1}\r\n\r\n', 400],
];

const headers: readonly InvalidRequest[] = [
  ["no Host", get("/", ""), 400],
  ["two hosts", get("/", `${HOST}Host: evil.example\r\n`), 400],
  ["the same host twice", get("/", HOST + HOST), 400],
  ["an empty host", get("/", "Host:\r\n"), 400],
  ["a host with markup", get("/", 'Host: a"><script>\r\n'), 400],
  ["a host with a user", get("/", "Host: localhost@evil.example\r\n"), 400],
  ["a host with a port that is none", get("/", "Host: localhost:99999999\r\n"), 400],
  ["a host with a path", get("/", "Host: localhost/x\r\n"), 400],
  ["two hosts in one", get("/", "Host: localhost, evil.example\r\n"), 400],
  ["a host that is not allowed", get("/", "Host: evil.example\r\n"), 400],
  ["a host that is none", get("/", "Host: [::1\r\n"), 400],
  ...[
    "Content-Type: text/plain",
    "Authorization: Basic x",
    "Range: bytes=0-1",
    'If-Match: "a"',
    'If-None-Match: "a"',
    "If-Modified-Since: x",
    'If-Range: "a"',
    "Origin: http://localhost",
    "Referer: http://localhost/",
    "Content-Encoding: identity",
  ].map((line): InvalidRequest => [`${line.split(":")[0]} twice`, get("/", `${HOST}${line}\r\n${line}\r\n`), 400]),
  ["a space before the colon", get("/", `${HOST}X : 1\r\n`), 400],
  ["an empty name", get("/", `${HOST}: 1\r\n`), 400],
  ["no colon", get("/", `${HOST}X\r\n`), 400],
  ["NUL in a value", get("/", `${HOST}X: a\0b\r\n`), 400],
  ["a control character in a value", get("/", `${HOST}X: a\x01b\r\n`), 400],
  ["DEL in a value", get("/", `${HOST}X: a\x7fb\r\n`), 400],
  ["a bare CR in a value", get("/", `${HOST}X: a\rb\r\n`), 400],
  ["a bare LF at a line's end", `GET / HTTP/1.1\r\n${HOST}X: a\nY: b\r\n\r\n`, 400],
  ["a folded line", get("/", `${HOST}X: a\r\n b\r\n`), 400],
  ["a first line that begins with a space", get("/", ` X: 1\r\n${HOST}`), 400],
  ["an end of headers that is none", `GET / HTTP/1.1\r\n${HOST}\rX`, 400],
  ["101 header lines", get("/", HOST + "X: 1\r\n".repeat(100)), 431],
  ["1500 header lines", get("/", HOST + "X: 1\r\n".repeat(1500)), 431],
  ["a header of 17 kB", get("/", `${HOST}X: ${"y".repeat(17_000)}\r\n`), 431],
];

const bodies: readonly InvalidRequest[] = [
  ["Content-Length and chunked", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400],
  ["chunked and Content-Length", chunked("0\r\n\r\n", "Content-Length: 5\r\n"), 400],
  ...["+3", "-1", "0_3", "0x3", "", "3 1", "3, 3", "99999999999999999999999", "3;", "three"].map(
    (length): InvalidRequest => [
      `the length ${JSON.stringify(length)}`,
      post(`Content-Length: ${length}\r\n`, "abc"),
      400,
    ],
  ),
  ["two lengths that differ", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), 400],
  ["two lengths that agree", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400],
  ["a length with a space before the colon", post("Content-Length : 3\r\n", "abc"), 400],
  ...["identity", "xchunked", "chunked, gzip", "chunked, chunked", "\x0bchunked", "\xa0chunked", "gzip", "chunke"].map(
    (encoding): InvalidRequest => [
      `the encoding ${JSON.stringify(encoding)}`,
      post(`Transfer-Encoding: ${encoding}\r\n`, "0\r\n\r\n"),
      400,
    ],
  ),
  ["two encodings", chunked("0\r\n\r\n", "Transfer-Encoding: chunked\r\n"), 400],
  ["chunked on HTTP/1.0", post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n", "HTTP/1.0"), 400],
  ["an encoded body", post("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "x"), 415],
];

/** Bodies that are broken where they are read: an answer with the status, by the view's own reading. */
export const BROKEN_BODIES: readonly InvalidRequest[] = [
  ...["0x3", "+3", " 3", "3 ", "", "fffffffffffffffff", "g", "-1"].map(
    (size): InvalidRequest => [`the chunk size ${JSON.stringify(size)}`, chunked(`${size}\r\nabc\r\n0\r\n\r\n`), 400],
  ),
  ["a chunk without CRLF at its end", chunked("3\r\nabcd\r\n0\r\n\r\n"), 400],
  ["a chunk with bare LF", chunked("3\nabc\n0\n\n"), 400],
  ["CR in a chunk's extension", chunked("3;a\rb\r\nabc\r\n0\r\n\r\n"), 400],
  ["LF in a chunk's extension", chunked("3;a\nb\r\nabc\r\n0\r\n\r\n"), 400],
  ["a chunk's extension of 20 kB", chunked(`3;${"x".repeat(20_000)}\r\nabc\r\n0\r\n\r\n`), 413],
  ["more than the limit", post("Content-Length: 3000000\r\n", "x".repeat(3_000_000)), 413],
  ["more than the limit, announced", post("Content-Length: 999999999999\r\n", "x"), 413],
  [
    "more than the limit, in chunks",
    chunked(`${"f4240\r\n".concat("x".repeat(1_000_000), "\r\n").repeat(3)}0\r\n\r\n`),
    413,
  ],
];

export const INVALID_REQUESTS: readonly InvalidRequest[] = [...lines, ...headers, ...bodies];

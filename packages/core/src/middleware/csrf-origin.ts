import { settings } from "@tsjango/kernel/conf";
import type { HttpRequest } from "../http/request.ts";
import type {} from "../settings.ts";

/** The host without the port that its scheme implies. */
function plainHost(host: string, scheme: string): string {
  return host.toLowerCase().replace(scheme === "https" ? /:443$/ : /:80$/, "");
}

/** Whether a host is `pattern`, or lies below one that starts with ".". */
function isSameDomain(host: string, pattern: string): boolean {
  return pattern.startsWith(".") ? host.endsWith(pattern) || host === pattern.slice(1) : host === pattern;
}

function parse(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}

/** The trusted origins as scheme and host; the host of "https://*.example.com" is ".example.com". */
function trusted(): { readonly scheme: string; readonly host: string }[] {
  return settings.csrfTrustedOrigins.map((origin) => {
    const [scheme = "", host = ""] = origin.toLowerCase().split("://");
    return { scheme, host: plainHost(host.replace(/^\*(?=\.)/, ""), scheme) };
  });
}

/** Whether a request's `Origin` is this site, or one of the setting `csrfTrustedOrigins`. */
export function isTrustedOrigin(request: HttpRequest, origin: string): boolean {
  const url = parse(origin);
  if (url === undefined || url.host === "") return false;
  const scheme = url.protocol.slice(0, -1);
  if (scheme === request.scheme && url.host === plainHost(request.host, scheme)) return true;
  return trusted().some((known) => known.scheme === scheme && isSameDomain(url.host, known.host));
}

/** What is wrong with the `Referer` of a request over https, in Django's words; undefined where it is right. */
export function refererProblem(request: HttpRequest): string | undefined {
  const referer = request.header("referer");
  if (referer === undefined || referer === "") return "Referer checking failed - no Referer.";
  const url = parse(referer);
  if (url === undefined || url.host === "") return "Referer checking failed - Referer is malformed.";
  if (url.protocol !== "https:") return "Referer checking failed - Referer is insecure while host is secure.";
  const domain = settings.csrfCookieDomain;
  // A cookie that other hosts of the domain share lets those hosts send forms, on the same port.
  const own = plainHost(request.host, "https");
  const port = /:\d+$/.exec(own)?.[0] ?? "";
  const good = domain === undefined ? own : `${domain.toLowerCase()}${port}`;
  if (isSameDomain(url.host, good) || trusted().some(({ host }) => isSameDomain(url.host, host))) return undefined;
  return `Referer checking failed - ${referer} does not match any trusted origins.`;
}

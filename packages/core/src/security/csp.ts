import { randomBytes } from "node:crypto";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";

/** The sources that have a name of their own. Source: https://www.w3.org/TR/CSP3/ */
export const CSP = Object.freeze({
  none: "'none'",
  self: "'self'",
  unsafeInline: "'unsafe-inline'",
  unsafeEval: "'unsafe-eval'",
  unsafeHashes: "'unsafe-hashes'",
  wasmUnsafeEval: "'wasm-unsafe-eval'",
  strictDynamic: "'strict-dynamic'",
  reportSample: "'report-sample'",
  /** Replaced by the request's nonce, where its page used one: `<script nonce="{{ csp_nonce }}">`. */
  nonce: "<the nonce of the request>",
});

const DIRECTIVES = [
  "baseUri",
  "blockAllMixedContent",
  "childSrc",
  "connectSrc",
  "defaultSrc",
  "fontSrc",
  "formAction",
  "frameAncestors",
  "frameSrc",
  "imgSrc",
  "manifestSrc",
  "mediaSrc",
  "objectSrc",
  "reportTo",
  "reportUri",
  "requireTrustedTypesFor",
  "sandbox",
  "scriptSrc",
  "scriptSrcAttr",
  "scriptSrcElem",
  "styleSrc",
  "styleSrcAttr",
  "styleSrcElem",
  "trustedTypes",
  "upgradeInsecureRequests",
  "workerSrc",
] as const;

/** A directive of a policy, in camel case: `scriptSrc` is sent as "script-src". */
export type Directive = (typeof DIRECTIVES)[number];

/**
 * A content security policy: each directive with its sources. True sends the directive alone, false and null leave it out.
 * @example
 * const policy: Policy = { defaultSrc: [CSP.self], scriptSrc: [CSP.self, CSP.nonce], upgradeInsecureRequests: true };
 */
export type Policy = { readonly [D in Directive]?: string | readonly string[] | boolean | null };

/** Throws ImproperlyConfigured for what a browser would not understand. */
export function checkPolicy(policy: Policy, where: string): void {
  for (const [name, value] of Object.entries(policy)) {
    if (!DIRECTIVES.some((directive) => directive === name)) {
      throw new ImproperlyConfigured(
        `${where}: there is no directive "${name}". Directives are written in camel case: scriptSrc, imgSrc …`,
      );
    }
    const sources = typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
    const shaped = value === null || typeof value === "boolean" || typeof value === "string" || Array.isArray(value);
    const wrong = shaped ? sources.find((source) => typeof source !== "string" || /[;,\r\n]/.test(source)) : value;
    if (wrong !== undefined) {
      throw new ImproperlyConfigured(
        `${where}: ${name} takes sources such as CSP.self or "https://example.com", without ";" and ","; ` +
          `found ${describeValue(wrong)}.`,
      );
    }
  }
}

const nonces = new WeakMap<HttpRequest, string>();

/** The nonce of a request: made when it is first asked for, the same from then on. */
export function cspNonce(request: HttpRequest): string {
  let nonce = nonces.get(request);
  if (nonce === undefined) {
    nonce = randomBytes(16).toString("base64");
    nonces.set(request, nonce);
  }
  return nonce;
}

/** A policy as a header's value; empty where it says nothing. The nonce is in it only if the page used it. */
export function policyHeader(policy: Policy, request: HttpRequest): string {
  const nonce = nonces.get(request);
  return Object.entries(policy)
    .flatMap(([name, value]) => {
      if (value === false || value === null || value === undefined) return [];
      const directive = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      if (value === true) return [directive];
      const sources = [value].flat().flatMap((source) => {
        if (source !== CSP.nonce) return [source];
        return nonce === undefined ? [] : [`'nonce-${nonce}'`];
      });
      return sources.length === 0 ? [] : [`${directive} ${sources.join(" ")}`];
    })
    .join("; ");
}

const exempt = new WeakSet<BaseResponse>();

/** Lets a response go without policy: the framework's own pages for developers, whose styles are inline. */
export function exemptFromCsp<R extends BaseResponse>(response: R): R {
  exempt.add(response);
  return response;
}

/** Whether a response goes without policy. */
export function isExemptFromCsp(response: BaseResponse): boolean {
  return exempt.has(response);
}

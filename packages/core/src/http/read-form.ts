import { tmpdir } from "node:os";
import { settings } from "@tsjango/kernel/conf";
import { BadRequest, MultiPartParserError, UnsupportedMediaType } from "../exceptions.ts";
import type {} from "../settings.ts";
import { type ParameterizedValue, parseParameters } from "./header-parameters.ts";
import { parseFields } from "./query-dict.ts";
import type { RequestBody } from "./request-body.ts";
import { RequestForm } from "./request-form.ts";

/** RFC 2046, section 5.1.1. */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;

/** What was read last: most requests of a site with a body have the same type. */
let last: { readonly header: string; readonly type: ParameterizedValue } | undefined;

/**
 * The `Content-Type` of a request, or undefined where it has none.
 * @throws BadRequest where it is malformed, UnsupportedMediaType where its text is not in UTF-8.
 */
export function readContentType(header: string | undefined): ParameterizedValue | undefined {
  if (header === undefined) return undefined;
  if (header === last?.header) return last.type;
  const type = header.length > 1024 ? undefined : parseParameters(header);
  if (type === undefined || !type.value.includes("/")) {
    throw new BadRequest(`The Content-Type ${JSON.stringify(header.slice(0, 100))} is malformed.`);
  }
  const charset = type.parameters.get("charset")?.toLowerCase() ?? "utf-8";
  if (charset === "utf-8" || charset === "utf8" || charset === "us-ascii") {
    last = { header, type };
    return type;
  }
  throw new UnsupportedMediaType(`Bodies are read as UTF-8; this one is in ${JSON.stringify(charset)}.`);
}

/** Reads a body as the form that its type says. */
export async function readForm(type: ParameterizedValue | undefined, body: RequestBody): Promise<RequestForm> {
  if (type?.value === "multipart/form-data") return readMultipart(type, body);
  const bytes = await body.bytes(settings.dataUploadMaxMemorySize);
  if (type?.value === "application/x-www-form-urlencoded") {
    return parseFields(new RequestForm(), decodeUtf8(bytes), settings.dataUploadMaxNumberFields);
  }
  if (type === undefined && bytes.byteLength === 0) return new RequestForm();
  const found = type === undefined ? "a body without Content-Type" : JSON.stringify(type.value);
  throw new UnsupportedMediaType(
    `request.form() reads application/x-www-form-urlencoded and multipart/form-data; found ${found}.`,
  );
}

async function readMultipart(type: ParameterizedValue, body: RequestBody): Promise<RequestForm> {
  const boundary = type.parameters.get("boundary") ?? "";
  if (!BOUNDARY.test(boundary)) throw new MultiPartParserError("The multipart body has no valid boundary.");
  // Loaded with the first form of its kind: most processes see none.
  const { parseMultipart } = await import("./multipart.ts");
  return parseMultipart(body.stream(), boundary, {
    fields: settings.dataUploadMaxNumberFields,
    files: settings.dataUploadMaxNumberFiles,
    fieldBytes: settings.dataUploadMaxMemorySize,
    memory: settings.fileUploadMaxMemorySize,
    directory: settings.fileUploadTempDir ?? tmpdir(),
  });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Text from bytes. Throws BadRequest for bytes that are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new BadRequest("The body is not valid UTF-8.", { cause });
  }
}

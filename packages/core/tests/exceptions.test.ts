import { RequestValidationError } from "@tsjango/core/http";
import { TsjangoError } from "@tsjango/kernel/exceptions";
import { expect, test } from "vitest";
import * as exceptions from "../src/exceptions.ts";

const classes = [...Object.values(exceptions), RequestValidationError] as (typeof TsjangoError)[];

test("every error has a code of its own and a name", () => {
  const codes = classes.map((error) => error.code);
  expect(new Set(codes).size).toBe(classes.length);
  for (const error of classes) {
    expect(error.prototype).toBeInstanceOf(TsjangoError);
    expect(error.code).toMatch(/^[a-z0-9_]+$/);
  }
});

test("errors that are answers carry their status", () => {
  const statuses = Object.fromEntries(
    classes.flatMap((error) => ("status" in error ? [[error.name, error.status]] : [])),
  );
  expect(statuses).toEqual({
    HttpError: 500,
    Http404: 404,
    Resolver404: 404,
    PermissionDenied: 403,
    BadRequest: 400,
    SuspiciousOperation: 400,
    DisallowedHost: 400,
    DisallowedRedirect: 400,
    TooManyFieldsSent: 400,
    TooManyFilesSent: 400,
    MultiPartParserError: 400,
    BadSignature: 400,
    SignatureExpired: 400,
    RequestDataTooBig: 413,
    UnsupportedMediaType: 415,
    UnreadableBody: 400,
    RequestAborted: 400,
    RequestValidationError: 400,
  });
});

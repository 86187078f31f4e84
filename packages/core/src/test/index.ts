export { Client, type ClientOptions, type ClientRequestOptions, type FormValue } from "./client.ts";
export { CookieJar } from "./cookie-jar.ts";
export { type MadeRequestOptions, makeRequest } from "./request-factory.ts";
export { TestResponse } from "./test-response.ts";

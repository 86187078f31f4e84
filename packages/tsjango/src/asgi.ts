export { getAsgiApplication } from "@tsjango/core/application";
export * from "@tsjango/core/asgi";

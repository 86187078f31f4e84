export * from "@tsjango/cli/test/config";
export { default } from "@tsjango/cli/test/config";

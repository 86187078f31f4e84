export * from "@tsjango/cli/test";
export * from "@tsjango/core/test";

export * from "@tsjango/core/middleware";

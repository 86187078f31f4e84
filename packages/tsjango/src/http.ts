export * from "@tsjango/core/http";

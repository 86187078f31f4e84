export * from "@tsjango/core/urls";

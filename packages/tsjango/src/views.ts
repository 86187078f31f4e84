export * from "@tsjango/core/views";

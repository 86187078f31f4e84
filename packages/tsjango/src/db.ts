export * from "@tsjango/orm";

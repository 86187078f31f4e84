export * from "@tsjango/orm/migrations";

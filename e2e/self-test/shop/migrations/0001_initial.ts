import { createModel, fields, migration } from "tsjango/db/migrations";

export default migration({
  initial: true,
  operations: [
    createModel("Author", {
      fields: {
        id: fields.auto({ primaryKey: true }),
        name: fields.char({ maxLength: 100, unique: true }),
      },
    }),
    createModel("Book", {
      fields: {
        id: fields.auto({ primaryKey: true }),
        title: fields.char({ maxLength: 200 }),
        author: fields.foreignKey("shop.Author", { onDelete: "cascade" }),
      },
    }),
    createModel("Link", {
      fields: {
        id: fields.auto({ primaryKey: true }),
        next: fields.foreignKey("shop.Link", { onDelete: "cascade" }),
      },
    }),
  ],
});

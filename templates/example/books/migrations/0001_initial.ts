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
        author: fields.foreignKey("books.Author", { onDelete: "cascade" }),
        year: fields.integer(),
        price: fields.decimal({ decimalPlaces: 2, default: "0", maxDigits: 8 }),
      },
    }),
  ],
});

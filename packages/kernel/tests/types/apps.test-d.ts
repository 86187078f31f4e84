import { defineApp } from "@tsjango/kernel/apps";
import { defineCommand } from "@tsjango/kernel/management";

interface Manager<Row> {
  first(): Promise<Row | null>;
}
declare class Author {
  static readonly objects: Manager<Author>;
  name: string;
}
declare class Book {
  static readonly objects: Manager<Book>;
  title: string;
}
/** Made as `class Magazine extends Model<Book>()`. */
declare class Magazine {
  static readonly objects: Manager<Book>;
  issue: number;
}

defineApp({ name: "blog", models: async () => ({ Author, Book, helper: 3 }) });
// @ts-expect-error Magazine was made with Book's name
defineApp({ name: "blog", models: async () => ({ Book, Magazine }) });
// @ts-expect-error no such option
defineApp({ name: "blog", modles: async () => ({ Book }) });

defineCommand({
  name: "greet",
  description: "Greets.",
  options: {
    loud: { flags: "--loud", description: "in capitals" },
    times: { flags: "-n, --times <count>", description: "how often", parse: Number, default: 1 },
    to: { flags: "--to <name>", description: "whom" },
  },
  async run({ options }) {
    const loud: boolean = options.loud;
    const times: number = options.times;
    const to: string | undefined = options.to;
    // @ts-expect-error it may be missing
    const name: string = options.to;
    // @ts-expect-error no such option
    options.laud;
    return loud && to === name ? times : undefined;
  },
});

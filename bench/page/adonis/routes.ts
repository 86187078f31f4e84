import router from "@adonisjs/core/services/router";
import server from "@adonisjs/core/services/server";
import { Author, Book } from "./models.ts";

router.use([() => import("@adonisjs/core/bodyparser_middleware")]);
server.use([]);

const newest = () => Book.query().preload("author").orderBy("id", "desc").limit(20);

router.get("/", async ({ view }) => view.render("index", { books: await newest() })).as("books.index");
router.get("/api/books/", async () => ({ books: await newest() })).as("books.api");
router
  .get("/books/:id", async ({ view, params }) =>
    view.render("show", { name: (await Book.findOrFail(params["id"])).title }),
  )
  .as("books.show");
router
  .get("/authors/:id", async ({ view, params }) =>
    view.render("show", { name: (await Author.findOrFail(params["id"])).name }),
  )
  .as("authors.show");

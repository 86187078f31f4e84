import { untrusted } from "../../src/index.ts";
import { Book } from "../support/models.ts";

declare const input: unknown;

Book.objects.filter(untrusted(input, { allow: ["title__icontains", "author__name", "title__in"] }));
Book.objects.filter(untrusted(input, { allow: { title: String, pages__gte: Number, published__isnull: Boolean } }));
Book.objects.filter(untrusted(input, { allow: { pages__in: Number, pages__range: Number } }), { pages: 3 });
Book.objects.filter(untrusted(input, { allow: { published__gt: (text: string) => new Date(text) } }));

// @ts-expect-error no such field
Book.objects.filter(untrusted(input, { allow: ["titel"] }));
// @ts-expect-error no such lookup
Book.objects.filter(untrusted(input, { allow: ["title__foo"] }));
// @ts-expect-error pages are numbers: say what makes them
Book.objects.filter(untrusted(input, { allow: ["pages__gte"] }));
// @ts-expect-error a boolean is no number of pages
Book.objects.filter(untrusted(input, { allow: { pages__gte: Boolean } }));

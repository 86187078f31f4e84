import type { AsgiApplication, Send } from "@tsjango/core/asgi";

/** Keeps the requests at hand that are not answered yet. */
export function openAnswers(application: AsgiApplication): {
  readonly application: AsgiApplication;
  /** Answers them with 500 and this page, or with a line of text. */
  answerAll(page: string | undefined): Promise<void>;
} {
  const open = new Set<Send>();
  return {
    async application(scope, receive, send) {
      if (scope.type !== "http") return application(scope, receive, send);
      open.add(send);
      try {
        await application(scope, receive, (event) => {
          open.delete(send);
          return send(event);
        });
      } finally {
        open.delete(send);
      }
    },
    async answerAll(page) {
      const type = page === undefined ? "text/plain; charset=utf-8" : "text/html; charset=utf-8";
      const answers = [...open].map(async (send) => {
        await send({ type: "http.response.start", status: 500, headers: [["content-type", type]] });
        await send({ type: "http.response.body", body: page ?? "Internal Server Error" });
      });
      open.clear();
      await Promise.allSettled(answers);
      // What was written is on its way when the next round of input and output has been.
      if (answers.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  };
}

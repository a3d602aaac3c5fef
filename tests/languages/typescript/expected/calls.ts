import { Context, Handler, Router, each, operate } from "./types";

export const own: Handler = (c) => c.text();
//                                   ^ calls types.Context.text type

class Page {
  handle: Handler = (c) => c.text();
//                           ^ calls types.Context.text type
}

export function run(router: Router, contexts: Context[], byName: Map<string, Context>, later: Promise<Context>, notify: (make: (c: Context) => void) => void) {
  operate((source, target) => {
    source.text();
//         ^ calls types.Context.text type
    target.none();
//         ^ calls unresolved
  });
  operate(function (source) { source.text(); });
//                                   ^ calls types.Context.text type
  router.get("/", (c) => c.text());
//                         ^ calls types.Context.text type
  router.get("/", ({ inner }) => inner.text());
//                                     ^ calls types.Context.text type
  router.get("/", (c) => {}).last();
//                           ^ calls types.Router.last type
  new Router((c) => c.text());
//                    ^ calls types.Context.text type
  each(contexts, (c: any, n) => c.text());
//                                ^ calls unresolved
  contexts.forEach((c) => c.text());
//                          ^ calls types.Context.text type
  contexts.filter((c) => c).map((c) => c.text());
//                                       ^ calls types.Context.text type
  byName.get("a")!.text();
//                 ^ calls types.Context.text type
  later.then((c) => c.text());
//                    ^ calls types.Context.text type
  notify((c) => c.text());
//                ^ calls types.Context.text type
  const made: { (): Context } = null!;
  contexts.reduce((a, b) => a.text());
//                            ^ calls unresolved
}

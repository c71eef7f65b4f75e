import { earlyAnswers } from '../host/early-answers.ts';
import { startEarly } from '../host/early-start.ts';
import { createSessionStore } from '../host/session-store.ts';
import { routeOf } from './route-of.ts';

/** The page's first script, some thousand characters: it asks before the program, which is hundreds of times as long, is here. */
const { pathname, origin } = location;
if (!pathname.startsWith('/window/')) {
  const route = routeOf(pathname, history.state);
  startEarly({
    origin,
    session: createSessionStore({ storage: sessionStorage, path: pathname, newId: () => crypto.randomUUID() }),
    answers: earlyAnswers,
    opens: route.kind === 'case' ? route : null,
  });
}

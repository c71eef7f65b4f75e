import { serveThread } from '../threads/rpc.ts';
import { type EventPlace, makeEventFunctions } from './event-store.ts';

serveThread((place: EventPlace) => {
  const { opened, fold, days, makeAnew, close } = makeEventFunctions(place);
  return { opened, fold, days, makeAnew, close };
});

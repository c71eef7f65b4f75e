/**
 * Loaded before the program (`node --import`): at the signal SIGUSR2 the process finds itself later, by the minutes of
 * `OVERREAD_TEST_JUMP_MINUTES`. What an hour of idling does is then seen without idling.
 */
const Clock = globalThis.Date;
const jump = Number(process.env.OVERREAD_TEST_JUMP_MINUTES ?? '0') * 60_000;
let ahead = 0;

globalThis.Date = new Proxy(Clock, {
  construct: (target, given, as) => Reflect.construct(target, given.length === 0 ? [target.now() + ahead] : given, as),
  get: (target, name, as) => (name === 'now' ? () => target.now() + ahead : Reflect.get(target, name, as)),
});

process.on('SIGUSR2', () => {
  ahead += jump;
});

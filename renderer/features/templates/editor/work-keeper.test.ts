import { expect, it } from 'vitest';
import type { CallInput } from '../../../../shared/api/index.ts';
import { blankWritten, type Written } from '../../../../shared/domain/template/index.ts';
import { createWorkKeeper } from './work-keeper.ts';

type Input = CallInput<'keepTemplateWork'>;
const titled = (title: string): Written => ({ ...blankWritten('template'), title });

/** A host whose answers the test gives, and a clock that it turns. */
function desk() {
  const sent: Input[] = [];
  const answers: ('ok' | 'stale-draft' | 'not-saved')[] = [];
  let timers: { readonly run: () => void }[] = [];
  const call = async (_name: string, asked: { readonly input: Input }) => {
    sent.push(asked.input);
    const code = answers.shift() ?? 'ok';
    return code === 'ok'
      ? { ok: true, value: { revision: asked.input.revision, at: 0 } }
      : { ok: false, error: { code, message: `refused: ${code}` } };
  };
  const keeper = createWorkKeeper({
    host: { call } as never,
    key: 'new one',
    revision: 3,
    clock: {
      after: (_milliseconds, run) => {
        const timer = { run };
        timers.push(timer);
        return () => {
          timers = timers.filter((one) => one !== timer);
        };
      },
    },
  });
  return {
    ...{ sent, answers, keeper },
    turn: async (): Promise<void> => {
      const due = timers;
      timers = [];
      for (const { run } of due) run();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

it('words that are typed one after the other go together, above what the host has, and are kept', async () => {
  const { keeper, sent, turn } = desk();
  keeper.put(titled('T'));
  keeper.put(titled('Thyroid'));
  expect(keeper.state.getState().standing).toBe('keeping');
  await turn();
  expect(sent.map((one) => [one.revision, one.written?.title])).toEqual([[4, 'Thyroid']]);
  expect(keeper.state.getState().standing).toBe('kept');
});

it('what the host did not keep is sent again until it is, and the screen says so meanwhile', async () => {
  const { keeper, sent, answers, turn } = desk();
  answers.push('not-saved');
  keeper.put(titled('Thyroid'));
  await turn();
  expect(keeper.state.getState()).toEqual({ standing: 'not-kept', words: 'refused: not-saved' });
  await turn();
  expect(sent.map((one) => one.revision)).toEqual([4, 5]);
  expect(keeper.state.getState().standing).toBe('kept');
});

it('another window’s newer words stop it, and nothing more is sent', async () => {
  const { keeper, sent, answers, turn } = desk();
  answers.push('stale-draft');
  keeper.put(titled('Mine'));
  await turn();
  keeper.put(titled('Mine again'));
  await turn();
  expect(keeper.state.getState().standing).toBe('stale');
  expect(sent).toHaveLength(1);
  expect(await keeper.flush()).toBe(false);
});

it('what is saved or discarded is let go of, after what is on its way', async () => {
  const { keeper, sent } = desk();
  keeper.put(titled('Thyroid'));
  expect(await keeper.flush()).toBe(true);
  expect(await keeper.end()).toBe(true);
  expect(sent.map((one) => [one.revision, one.written?.title ?? null])).toEqual([
    [4, 'Thyroid'],
    [5, null],
  ]);
});

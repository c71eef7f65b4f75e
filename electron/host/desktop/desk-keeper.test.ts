import { describe, expect, it } from 'vitest';
import { instant, minutes } from '../../../shared/lib/instant.ts';
import { silentLog } from '../../../test/servers/overread-host/start-host.ts';
import { createDeskKeeper } from './desk-keeper.ts';

/** A sealed cache of which only the names are looked at. */
function setUp() {
  const names = new Set<string>();
  const onScreen = new Set<string>();
  let now = 0;
  const keeper = createDeskKeeper({
    cache: {
      studies: () => new Set(names),
      nameOfStudy: (about) => `sealed ${about.split('/').at(-1)}`,
      dropStudy: async (name) => {
        names.delete(name);
      },
    },
    onScreen: () => onScreen,
    grace: minutes(120),
    ports: { now: () => instant(now), log: silentLog },
  });
  return {
    keeper,
    onScreen,
    keep: (studyUid: string) => names.add(`sealed ${studyUid}`),
    keptAfter: async (spent: number): Promise<readonly string[]> => {
      now += minutes(spent);
      await keeper.round();
      return [...names].map((name) => name.replace('sealed ', ''));
    },
  };
}
const held = (studyUid: string, taskId = `t${studyUid}`) => ({ taskId, studyUid });

describe('what stays in a desktop’s sealed cache', () => {
  it('is a reader’s while she is here, and goes two hours after she has signed out', async () => {
    const { keeper, keep, keptAfter } = setUp();
    keeper.here('ann', 'token');
    keeper.hers('ann', 'far', held('1'));
    keep('1');
    expect(await keptAfter(600)).toEqual(['1']);
    keeper.gone('token');
    expect(await keptAfter(119)).toEqual(['1']);
    expect(await keptAfter(1)).toEqual([]);
  });

  it('goes two hours after her shift has ended though she is still signed in', async () => {
    const { keeper, keep, keptAfter } = setUp();
    keeper.here('ann', 'token');
    keeper.hers('ann', 'far', held('1'));
    keep('1');
    keeper.offShift('ann', true);
    expect(await keptAfter(1)).toEqual(['1']);
    expect(await keptAfter(120)).toEqual([]);
  });

  it('goes when the group host says that its task is over or another’s, but not from under her eyes', async () => {
    const { keeper, keep, keptAfter, onScreen } = setUp();
    keeper.here('ann', 'token');
    keeper.hers('ann', 'far', held('1'));
    keeper.hers('ann', 'far', held('2'));
    keep('1');
    keep('2');
    onScreen.add('1');
    expect(keeper.heldFor('ann')).toEqual([held('1'), held('2')]);
    keeper.answered('ann', [held('1'), held('2')]);
    expect(await keptAfter(1)).toEqual(['1']);
    onScreen.clear();
    expect(await keptAfter(1)).toEqual([]);
  });

  it('stays as the prior of another task of hers', async () => {
    const { keeper, keep, keptAfter } = setUp();
    keeper.here('ann', 'token');
    keeper.hers('ann', 'far', held('1', 'own'));
    keeper.hers('ann', 'far', held('1', 'beside'));
    keep('1');
    keeper.answered('ann', [held('1', 'own')]);
    expect(await keptAfter(1)).toEqual(['1']);
    keeper.answered('ann', [held('1', 'beside')]);
    expect(await keptAfter(1)).toEqual([]);
  });

  it('is nobody’s when another reader sits down after her', async () => {
    const { keeper, keep, keptAfter } = setUp();
    keeper.here('ann', 'token');
    keeper.hers('ann', 'far', held('1'));
    keeper.hers('ann', 'far', held('2'));
    keep('1');
    keep('2');
    keeper.gone('token');
    keeper.here('bob', 'another');
    keeper.hers('bob', 'far', held('2'));
    expect(await keptAfter(1)).toEqual(['2']);
  });

  it('of an earlier run stays until her queue can have named it again', async () => {
    const { keeper, keep, keptAfter } = setUp();
    keep('1');
    keep('2');
    expect(await keptAfter(60)).toEqual(['1', '2']);
    keeper.here('ann', 'token');
    keeper.hers('ann', 'far', held('2'));
    keeper.answered('ann', []);
    expect(await keptAfter(9)).toEqual(['1', '2']);
    expect(await keptAfter(1)).toEqual(['2']);
  });

  it('of an earlier run goes after two hours though no group host answers', async () => {
    const { keep, keptAfter } = setUp();
    keep('1');
    expect(await keptAfter(119)).toEqual(['1']);
    expect(await keptAfter(1)).toEqual([]);
  });
});

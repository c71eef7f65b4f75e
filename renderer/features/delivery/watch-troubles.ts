import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';

export type Troubles = CallOutput<'deliveryTroubles'>['troubles'];

/** A refusal is seen within a minute (promises D6): asked often enough for that with one question lost. */
export const askEvery = 20_000;

/** Asks at once and again and again; answers how to stop it. An unanswered question leaves what was last known. */
export function watchTroubles(host: Pick<HostClient, 'call'>, tell: (troubles: Troubles) => void): () => void {
  const ended = new AbortController();
  const ask = async (): Promise<void> => {
    const answered = await host.call('deliveryTroubles', { signal: ended.signal });
    if (!ended.signal.aborted && answered.ok) tell(answered.value.troubles);
  };
  void ask();
  const timer = setInterval(() => void ask(), askEvery);
  return () => {
    ended.abort();
    clearInterval(timer);
  };
}

/** Deliveries that need a person; none for whoever is not to see them. `asked` changes when they are to be asked for at once. */
export function useDeliveryTroubles(host: Pick<HostClient, 'call'>, wanted: boolean, asked: unknown): Troubles {
  const [troubles, setTroubles] = useState<Troubles>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is the moment to ask.
  useEffect(() => (wanted ? watchTroubles(host, setTroubles) : undefined), [host, wanted, asked]);
  return troubles;
}

/** One line for the foot of the page; null where there is nothing to say there. */
export function troublesLine(troubles: Troubles): string | null {
  const refused = troubles.filter(({ kind }) => kind === 'refused').length;
  const late = troubles.length - refused;
  const parts = [
    ...(refused === 0 ? [] : [`${refused} ${refused === 1 ? 'delivery' : 'deliveries'} refused`]),
    ...(late === 0 ? [] : [`${late} ${late === 1 ? 'delivery does' : 'deliveries do'} not get through`]),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

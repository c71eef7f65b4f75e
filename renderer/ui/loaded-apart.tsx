import { type ComponentType, createElement, lazy, useState } from 'react';

/** A component whose code is a chunk of its own. `load` brings it ahead: who shows it afterwards waits for nothing. */
export type PartApart<Props extends object> = {
  load(): Promise<void>;
  /** What shows it now: itself where it is here, else what waits for it. */
  now(): ComponentType<Props>;
};

export function partApart<Props extends object>(bring: () => Promise<ComponentType<Props>>): PartApart<Props> {
  let here: ComponentType<Props> | null = null;
  const brought = async (): Promise<ComponentType<Props>> => {
    here ??= await bring();
    return here;
  };
  const waiting = lazy(async () => ({ default: await brought() })) as unknown as ComponentType<Props>;
  return {
    load: async () => void (await brought()),
    now: () => here ?? waiting,
  };
}

/**
 * Shows such a component. React's own `lazy` shows what stands in its place first, and then for 300 ms at least, whether it has to wait or
 * not.
 */
export function Apart<Props extends object>({ part, ...props }: { readonly part: PartApart<Props> } & Props) {
  // Chosen once for each place: another component there would be another one to React, with nothing of what it held.
  const [shown] = useState(() => ({ component: part.now() }));
  return createElement(shown.component, props as unknown as Props);
}

import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Silent } from '../../../shared/domain/reading/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { Button, type CommandRegistry, Message, useCommands } from '../../ui/index.ts';
import type { SignedIn } from '../signed-in.ts';

/** What the reading screen needs to know of the image windows. */
export type WindowsOfReading = {
  /** False while all images stand in image windows and the report has this one. */
  readonly imagesHere: boolean;
  /** Screens on which images hang. */
  readonly screens: number;
};

/** Milliseconds for which images stay elsewhere though no window answers: a reload of it takes less. */
const comingBack = 3_000;

/** What an image window is told came of a command that it sent here. */
function runFor(registry: CommandRegistry): (command: string) => string {
  return (id) => {
    const command = registry.list().findLast((one) => one.id === id);
    if (document.querySelector('dialog[open]') !== null) return 'First answer what the reading window asks.';
    if (command === undefined || command.enabled?.() === false) return 'Not possible in the reading window now.';
    command.run();
    if (id.startsWith('report.sign')) return `${command.title}: goes on in the reading window, where you sign.`;
    return `${command.title}: done in the reading window.`;
  };
}

/** The image windows as the reading window has them: commands, what is to be said, and whether images stand here too. */
export function useWindows(parts: {
  readonly signedIn: SignedIn;
  readonly registry: CommandRegistry;
  readonly locked: boolean;
  readonly silent: Silent;
}): WindowsOfReading & { readonly line: ReactNode } {
  const { signedIn, registry, locked, silent } = parts;
  const { hub, desk } = signedIn.windows;
  const open = useStore(hub.open);
  const { layout, words } = useStore(desk.state);
  const asOf = useStore(signedIn.worklist.state, (state) => state.asOf);

  // Before anything else is painted: a lock covers all windows.
  useLayoutEffect(
    () => hub.setAround({ locked, silent, asOf: asOf === null ? null : instant(asOf) }),
    [hub, locked, silent, asOf],
  );
  useEffect(() => {
    hub.setRun(runFor(registry));
    return () => hub.setRun(null);
  }, [hub, registry]);

  const none = open.length === 0;
  const [isGone, setGone] = useState(true);
  useEffect(() => {
    if (!none) {
      setGone(false);
      return;
    }
    const timer = setTimeout(() => setGone(true), comingBack);
    return () => clearTimeout(timer);
  }, [none]);
  const imagesHere = !layout.imagesElsewhere || (none && isGone);
  useLayoutEffect(() => hub.setImagesHere(imagesHere), [hub, imagesHere]);

  useCommands([
    {
      id: 'windows.open',
      title: 'Open an image window',
      group: 'Windows',
      keys: 'Alt+W',
      run: () => desk.open(open),
    },
    {
      id: 'windows.restore',
      title: 'Image windows back to their places on these screens',
      group: 'Windows',
      keys: 'Alt+Shift+W',
      run: () => desk.restore(open),
    },
    {
      id: 'windows.elsewhere',
      title: imagesHere ? 'Images in the image windows alone' : 'Images in this window too',
      group: 'Windows',
      keys: 'Alt+Shift+E',
      run: () => desk.setImagesElsewhere(!layout.imagesElsewhere),
      enabled: () => !none || layout.imagesElsewhere,
    },
    {
      id: 'windows.forget',
      title: 'Forget the places of image windows on these screens',
      group: 'Windows',
      keys: null,
      run: () => desk.forget(),
      enabled: () => layout.windows.length > 0,
    },
  ]);

  return {
    imagesHere,
    screens: Math.max(1, open.length + (imagesHere ? 1 : 0)),
    line:
      words === null ? null : (
        <Message
          tone={words.tone}
          title={words.title}
          action={
            <Button kind="quiet" onClick={desk.clearWords}>
              Close
            </Button>
          }
        >
          {words.words}
        </Message>
      ),
  };
}

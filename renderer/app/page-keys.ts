import { useEffect } from 'react';
import { type CommandRegistry, isText } from '../ui/index.ts';

/** One listener for all keys of a window, so that one map decides. */
export function usePageKeys(registry: CommandRegistry, off: boolean): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (off || event.defaultPrevented || event.isComposing) return;
      const modal = document.querySelector('dialog[open]') !== null;
      const command = registry.find({
        key: event.key,
        ctrl: event.ctrlKey,
        alt: event.altKey,
        shift: event.shiftKey,
        meta: event.metaKey,
        inText: isText(event.target),
      });
      if (command === null || modal) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [registry, off]);
}

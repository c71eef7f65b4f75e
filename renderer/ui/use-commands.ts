import { createContext, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { type Command, type CommandRegistry, createCommandRegistry } from './commands.ts';

/** The page's one list of commands. A component outside the app (a test of one part) has a list of its own. */
export const CommandsContext = createContext<CommandRegistry>(createCommandRegistry());

/**
 * Offers commands while the component is on screen. `describe` is called on each render and may close over fresh values; the list is
 * taken out and put in again only when ids, titles or keys change.
 */
export function useCommands(commands: readonly Command[]): void {
  const registry = useContext(CommandsContext);
  const latest = useRef(commands);
  latest.current = commands;
  const shape = commands.map((command) => `${command.id}|${command.title}|${command.group}|${command.keys}`).join('\n');
  const stable = useMemo(
    () =>
      shape.split('\n').flatMap((_line, index): Command[] => {
        const command = latest.current[index];
        if (command === undefined) return [];
        return [
          {
            ...command,
            run: () => latest.current[index]?.run(),
            enabled: () => latest.current[index]?.enabled?.() !== false,
          },
        ];
      }),
    [shape],
  );
  useEffect(() => registry.add(stable), [registry, stable]);
}

/** All commands with the user's key map, kept up to date: for the palette, Help and the key map. */
export function useCommandList(): readonly Command[] {
  const registry = useContext(CommandsContext);
  useSyncExternalStore(registry.subscribe, registry.version);
  return registry.list().map((command) => ({ ...command, keys: registry.keysOf(command.id) }));
}

import type { Command } from '../../ui/index.ts';
import { KeyPlate } from '../../ui/index.ts';

export type ToolButton = {
  readonly command: Command;
  readonly label: string;
  /** Stands for the label where a sign of one letter says as much. */
  readonly sign?: string;
  /** Undefined for what is done once; else whether it is on. */
  readonly pressed?: boolean;
};

/** Every tool by its name and key; nothing by a picture alone. */
export function ToolBar({ groups }: { readonly groups: readonly (readonly ToolButton[])[] }) {
  return (
    <div className="viewer-tools" role="toolbar" aria-label="Image tools">
      {groups.map((group) => (
        <div className="tool-group" key={group.map((button) => button.command.id).join(' ')}>
          {group.map(({ command, label, sign, pressed }) => (
            <button
              key={command.id}
              type="button"
              className="tool"
              aria-pressed={pressed}
              aria-label={sign === undefined ? undefined : label}
              disabled={command.enabled?.() === false}
              title={command.keys === null ? command.title : `${command.title} (${command.keys})`}
              onClick={command.run}
            >
              {sign ?? label}
              {command.keys === null ? null : (
                <span aria-hidden="true">
                  <KeyPlate keys={command.keys} />
                </span>
              )}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

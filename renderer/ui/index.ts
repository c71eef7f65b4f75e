export { AskedTrouble, type AskedView, useAskedView } from './asked-view.tsx';
export { Board, type BoardCommand, BoardLine } from './board.tsx';
export { Button, type ButtonProps, Chip, KeyPlate } from './button.tsx';
export { type CaretIn, caretIn, placeCaretEvent, putCaret, wordsLength } from './caret.ts';
export {
  type Command,
  type CommandRegistry,
  createCommandRegistry,
  isText,
  type KeyMap,
  type KeyPress,
  keyConflicts,
  pressName,
} from './commands.ts';
export { Dialog, type DialogProps } from './dialog.tsx';
export { type FigureHead, FigureTable } from './figure-table.tsx';
export { FindList, hasWords, twoLines, useFind } from './find-list.tsx';
export { loadFaces } from './load-faces.ts';
export { Apart, type PartApart, partApart } from './loaded-apart.tsx';
export { Mark, type MarkShape, Tag, type TagForm } from './marks.tsx';
export { Message, type MessageProps } from './message.tsx';
export { SayForm } from './say-form.tsx';
export { TextField, type TextFieldProps } from './text-field.tsx';
export { unbroken } from './unbroken.tsx';
export { type AskedLines, useAskedLines } from './use-asked-lines.ts';
export { CommandsContext, useCommandList, useCommands } from './use-commands.ts';
export { useNow } from './use-now.ts';
export { VirtualRows, type VirtualRowsHandle } from './virtual-rows.tsx';

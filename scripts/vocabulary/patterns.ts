/** Patterns of sentences: sequences, choices and lists by name, as written in resources/vocabulary/sentences.txt. */
type Node =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'all'; readonly parts: readonly Node[] }
  | { readonly kind: 'one'; readonly of: readonly Node[] }
  | { readonly kind: 'list'; readonly name: string };

export type Patterns = { readonly lists: ReadonlyMap<string, Node>; readonly sentences: readonly Node[] };

/** Throws with the line that cannot be read: the file is ours. */
export function readPatterns(text: string): Patterns {
  const lists = new Map<string, Node>();
  const sentences: Node[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const list = /^([a-z]+) = (.*)$/.exec(line);
    try {
      if (list === null) sentences.push(readNode(line));
      else lists.set(list[1] ?? '', readNode(list[2] ?? ''));
    } catch (reason) {
      throw new Error(`line ${index + 1}: ${reason instanceof Error ? reason.message : 'unreadable'}`);
    }
  }
  return { lists, sentences };
}

function readNode(text: string): Node {
  const tokens = text.match(/[()[\]|]|<[a-z]+>|[^\s()[\]|<>]+/g) ?? [];
  let at = 0;
  const choice = (end: string | null): Node => {
    const of: Node[] = [];
    let parts: Node[] = [];
    for (;;) {
      const token = tokens[at];
      if (token === undefined || token === ')' || token === ']') {
        if (token !== (end ?? undefined)) throw new Error(`"${token ?? 'end'}" where "${end ?? 'end'}" belongs`);
        of.push({ kind: 'all', parts });
        return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'one', of };
      }
      at += 1;
      if (token === '|') {
        of.push({ kind: 'all', parts });
        parts = [];
      } else if (token === '(' || token === '[') {
        const inner = choice(token === '(' ? ')' : ']');
        at += 1;
        parts.push(token === '(' ? inner : { kind: 'one', of: [inner, { kind: 'all', parts: [] }] });
      } else if (token.startsWith('<')) parts.push({ kind: 'list', name: token.slice(1, -1) });
      else parts.push({ kind: 'word', word: token });
    }
  };
  return choice(null);
}

/** Numbers from 0 to 1 that are the same at every run (Park and Miller's generator). */
function sameDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function words(node: Node, patterns: Patterns, dice: () => number): readonly string[] {
  switch (node.kind) {
    case 'word':
      return [node.word];
    case 'all':
      return node.parts.flatMap((part) => words(part, patterns, dice));
    case 'one': {
      const chosen = node.of[Math.min(node.of.length - 1, Math.floor(dice() * node.of.length))];
      return chosen === undefined ? [] : words(chosen, patterns, dice);
    }
    case 'list': {
      const list = patterns.lists.get(node.name);
      if (list === undefined) throw new Error(`no list is called ${node.name}`);
      return words(list, patterns, dice);
    }
  }
}

/**
 * Sentences drawn from the patterns, the same at every run. Readers say more than one in a breath, so some are joined where a
 * "period" ends the first. `barred`: sentences that must not be among them (the benchmark's).
 */
export function drawSentences(patterns: Patterns, barred: ReadonlySet<string>): readonly string[] {
  const eachPattern = 70;
  const joined = 6_000;
  const dice = sameDice(20_261_129);
  const single: string[] = [];
  for (const sentence of patterns.sentences) {
    const found = new Set<string>();
    for (let tries = 0; tries < eachPattern; tries += 1) found.add(words(sentence, patterns, dice).join(' '));
    // A whole command or a fixed phrase counts more than once, as often as it is said.
    const copies = found.size < 4 ? 4 : 1;
    for (let copy = 0; copy < copies; copy += 1) single.push(...found);
  }
  const among = (): string => single[Math.floor(dice() * single.length)] ?? '';
  const pairs: string[] = [];
  for (let tries = 0; tries < joined; tries += 1) {
    const first = among();
    if (first.endsWith(' period')) pairs.push(`${first} ${among()}`);
  }
  return [...single, ...pairs].filter((sentence) => ![...barred].some((one) => sentence.includes(one)));
}

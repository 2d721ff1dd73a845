/** Code within an answer: the lines between two fences of backticks or tildes, as in Markdown. */

/** What Tab indents a line by. */
const INDENT = '    ';

/** A range of a text to replace, and the selection afterwards. */
export interface Change {
  from: number;
  to: number;
  text: string;
  selection: [from: number, to: number];
}

/** Whether a place in a text is between two fences, or after one that is not closed yet. */
export function isInFence(text: string, at: number): boolean {
  let fence = '';
  const begin = text.slice(0, at).lastIndexOf('\n') + 1;
  const end = text.indexOf('\n', at);
  // The line with the place itself may be unfinished, so it opens nothing.
  for (const line of text.slice(0, begin).split('\n')) {
    const found = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence === '') fence = found;
    else if (found.startsWith(fence) && line.trim() === found) fence = '';
  }
  return fence !== '' && !/^ {0,3}(`{3,}|~{3,})/.test(text.slice(begin, end < 0 ? undefined : end));
}

/** Indents the selected lines, or moves the cursor to the next stop; `back` outdents. */
export function indented(text: string, from: number, to: number, back: boolean): Change {
  const start = text.slice(0, from).lastIndexOf('\n') + 1;
  if (from === to && !back) {
    const spaces = INDENT.slice((from - start) % INDENT.length);
    return { from, to, text: spaces, selection: [from + spaces.length, from + spaces.length] };
  }
  const before = text.slice(start, to).split('\n');
  const after = before.map((line) => (back ? line.replace(/^( {1,4}|\t)/, '') : line === '' ? line : INDENT + line));
  const first = (after[0]?.length ?? 0) - (before[0]?.length ?? 0);
  const all = after.join('\n');
  const begin = Math.max(start, from + first);
  return { from: start, to, text: all, selection: [begin, Math.max(begin, start + all.length)] };
}

/** Puts the selection between two fences on their own lines, and the cursor at its end. */
export function fenced(text: string, from: number, to: number): Change {
  const code = text.slice(from, to).replace(/^\n+|\n+$/g, '');
  const before = from === 0 || text[from - 1] === '\n' ? '' : '\n';
  const after = text[to] === '\n' ? '' : '\n';
  const made = `${before}\`\`\`\n${code}\n\`\`\`${after}`;
  const at = from + before.length + 4 + code.length;
  return { from, to, text: made, selection: [at, at] };
}

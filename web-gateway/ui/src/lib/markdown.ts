/** Feedback as graders write it: paragraphs, headings, lists, quotations, code, bold and italic. The result is a small tree
 * that the page turns into elements. Everything else is plain text: without links, images and HTML, nothing in it can lead
 * anywhere. */

/** Inline text. */
export type Inline = { is: 'text'; text: string } | { is: 'code'; text: string } | { is: 'strong' | 'em'; inlines: Inline[] };

/** A block of text. */
export type Block =
  | { is: 'paragraph'; inlines: Inline[] }
  | { is: 'heading'; inlines: Inline[] }
  | { is: 'list'; ordered: boolean; items: Block[][] }
  | { is: 'quotation'; blocks: Block[] }
  /** `language` is the one that its fence names; empty if it names none. */
  | { is: 'code'; text: string; language: string };

/** Lists and quotations that are nested more deeply than this are shown as text. */
const DEEPEST = 6;

/** Parses a text. Every text has a tree. */
export function parseMarkdown(text: string): Block[] {
  return blocksOf(text.replace(/\r\n?/g, '\n').split('\n'), 0);
}

/** A fence with backticks after it is inline code. */
const FENCE = /^ {0,3}(`{3,}(?!.*`)|~{3,})(.*)$/;
const FENCE_END = /^ {0,3}(`{3,}|~{3,})\s*$/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(?:\s+(.*))?$/;
const QUOTATION = /^ {0,3}> ?(.*)$/;
const RULE = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;

function blocksOf(lines: string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (line.trim() === '' || RULE.test(line)) {
      at += 1;
      continue;
    }
    const [block, next] = blockAt(lines, at, depth);
    blocks.push(block);
    at = next;
  }
  return blocks;
}

function blockAt(lines: string[], at: number, depth: number): [Block, number] {
  const line = lines[at] ?? '';
  const fence = FENCE.exec(line);
  if (fence) return codeAt(lines, at, fence[1] ?? '', (fence[2] ?? '').trim());
  const heading = HEADING.exec(line);
  if (heading) return [{ is: 'heading', inlines: inlinesOf(heading[1] ?? '') }, at + 1];
  if (depth < DEEPEST && QUOTATION.test(line)) return quotationAt(lines, at, depth);
  if (depth < DEEPEST && ITEM.test(line)) return listAt(lines, at, depth);
  return paragraphAt(lines, at);
}

function codeAt(lines: string[], at: number, fence: string, language: string): [Block, number] {
  const isEnd = (line: string) => {
    const end = FENCE_END.exec(line)?.[1];
    return end !== undefined && end[0] === fence[0] && end.length >= fence.length;
  };
  let end = at + 1;
  while (end < lines.length && !isEnd(lines[end] ?? '')) end += 1;
  return [{ is: 'code', text: lines.slice(at + 1, end).join('\n'), language }, end + 1];
}

function quotationAt(lines: string[], at: number, depth: number): [Block, number] {
  const inner: string[] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const match = QUOTATION.exec(lines[end] ?? '');
    if (!match) break;
    inner.push(match[1] ?? '');
  }
  return [{ is: 'quotation', blocks: blocksOf(inner, depth + 1) }, end];
}

/** A list continues while items follow, and an item while lines are indented or blank. */
function listAt(lines: string[], at: number, depth: number): [Block, number] {
  const ordered = /^\s*\d/.test(lines[at] ?? '');
  const items: string[][] = [];
  let indent = 0;
  let end = at;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    const match = RULE.test(line) ? null : ITEM.exec(line);
    const set = line.length - line.trimStart().length;
    if (line.trim() === '') {
      items.at(-1)?.push('');
    } else if (items.length > 0 && set >= indent) {
      items.at(-1)?.push(line.slice(indent));
    } else if (match && /\d/.test(match[2] ?? '') === ordered) {
      indent = (match[1] ?? '').length + (match[2] ?? '').length + 1;
      items.push([match[3] ?? '']);
    } else if (match || lines[end - 1]?.trim() === '' || opensBlock(line)) {
      break;
    } else {
      // A line that continues the item's text without indentation.
      items.at(-1)?.push(line);
    }
  }
  const blocks = items.map((item) => blocksOf(item, depth + 1));
  return [{ is: 'list', ordered, items: blocks }, end];
}

function paragraphAt(lines: string[], at: number): [Block, number] {
  let end = at + 1;
  while (end < lines.length && (lines[end] ?? '').trim() !== '' && !opensBlock(lines[end] ?? '')) {
    end += 1;
  }
  const text = lines
    .slice(at, end)
    .map((line) => line.trim())
    .join('\n');
  return [{ is: 'paragraph', inlines: inlinesOf(text) }, end];
}

function opensBlock(line: string): boolean {
  return [FENCE, HEADING, QUOTATION, ITEM, RULE].some((form) => form.test(line));
}

const ESCAPABLE = /[!-/:-@[-`{-~]/;

/** Bold, italic, code and escapes. An unmatched mark is text. */
export function inlinesOf(text: string): Inline[] {
  return inlinesWithin(text, 0);
}

function inlinesWithin(text: string, depth: number): Inline[] {
  const inlines: Inline[] = [];
  let plain = '';
  const push = (inline: Inline) => {
    if (plain !== '') inlines.push({ is: 'text', text: plain });
    plain = '';
    inlines.push(inline);
  };
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '\\' && ESCAPABLE.test(text.charAt(at + 1))) {
      plain += text.charAt(at + 1);
      at += 2;
      continue;
    }
    const span = char === '`' ? codeSpan(text, at) : depth < DEEPEST ? marked(text, at) : undefined;
    if (span === undefined) {
      plain += char === '\n' ? ' ' : char;
      at += 1;
    } else {
      push(span.is === 'code' ? { is: 'code', text: span.text } : { is: span.is, inlines: inlinesWithin(span.text, depth + 1) });
      at = span.end;
    }
  }
  if (plain !== '') inlines.push({ is: 'text', text: plain });
  return inlines;
}

interface Span {
  is: 'code' | 'strong' | 'em';
  text: string;
  /** Where the text continues after it. */
  end: number;
}

function codeSpan(text: string, at: number): Span | undefined {
  const ticks = /^`+/.exec(text.slice(at))?.[0] ?? '`';
  const from = at + ticks.length;
  let end = text.indexOf(ticks, from);
  // Exactly as many backticks.
  while (end >= 0 && text.charAt(end + ticks.length) === '`') {
    end = text.indexOf(ticks, end + (/^`+/.exec(text.slice(end))?.[0].length ?? 1));
  }
  if (end < 0) return undefined;
  return { is: 'code', text: text.slice(from, end).replaceAll('\n', ' '), end: end + ticks.length };
}

function marked(text: string, at: number): Span | undefined {
  const char = text.charAt(at);
  if (char !== '*' && char !== '_') return undefined;
  const mark = text.charAt(at + 1) === char ? char + char : char;
  const from = at + mark.length;
  // `snake_case` and `2 * 3` contain no marks.
  if (/\s/.test(text.charAt(from)) || from >= text.length) return undefined;
  if (char === '_' && /[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return undefined;
  const end = closing(text, from, mark);
  if (end === undefined || end === from) return undefined;
  return { is: mark.length === 2 ? 'strong' : 'em', text: text.slice(from, end), end: end + mark.length };
}

function closing(text: string, from: number, mark: string): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '`') at = (codeSpan(text, at)?.end ?? at + 1) - 1;
    else if (text.startsWith(mark, at) && !/\s/.test(text.charAt(at - 1))) {
      const after = text.charAt(at + mark.length);
      // Within italic text, a pair of marks is bold and closes nothing.
      if (mark.length === 1 && after === mark) at += 1;
      else if (mark[0] !== '_' || !/[\p{L}\p{N}]/u.test(after)) return at;
    }
  }
  return undefined;
}

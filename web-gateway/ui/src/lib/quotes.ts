/** Where an answer is quoted: its text in runs that are quoted and runs that are not, with the
 * numbers of the points that the words make. */

/** A run of an answer. `numbers` are of the points whose words end with it. */
export interface Run {
  text: string;
  quoted: boolean;
  numbers: number[];
}

/** An answer with its quotes. The numbers begin with 1 and follow the text; `numbers` has them by
 * the index of their point, for the points whose words stand in the answer. */
export interface Quoted {
  runs: Run[];
  numbers: ReadonlyMap<number, number>;
}

/** Finds what is quoted of an answer: the evidence of each point, in the order of the points, and
 * other quotes. Of words that stand there twice, the first; what does not stand there is left out. */
export function quoted(text: string, evidence: string[], others: string[]): Quoted {
  const marks: [from: number, to: number][] = [];
  const find = (quote: string): number | undefined => {
    const trimmed = quote.trim();
    const from = trimmed === '' ? -1 : text.indexOf(trimmed);
    if (from < 0) return undefined;
    marks.push([from, from + trimmed.length]);
    return from + trimmed.length;
  };
  others.forEach(find);
  const made = evidence
    .map((quote, point) => ({ point, end: find(quote) }))
    .filter((found): found is { point: number; end: number } => found.end !== undefined)
    .sort((a, b) => a.end - b.end);
  const numbers = new Map(made.map(({ point }, index) => [point, index + 1]));
  return { runs: runs(text, marks, made), numbers };
}

/** Cuts the text wherever a quote begins or ends. */
function runs(text: string, marks: [number, number][], made: { end: number }[]): Run[] {
  const cuts = new Set([0, text.length, ...marks.flat()]);
  const places = [...cuts].sort((a, b) => a - b);
  const all: Run[] = [];
  for (let at = 0; at + 1 < places.length; at += 1) {
    const from = places[at] ?? 0;
    const to = places[at + 1] ?? from;
    const isQuoted = marks.some(([start, end]) => start <= from && to <= end);
    const numbers = made.flatMap(({ end }, index) => (end === to ? [index + 1] : []));
    const last = all.at(-1);
    // A cut inside a quote that ends no point would split its underline for nothing.
    if (last && last.quoted === isQuoted && last.numbers.length === 0) {
      last.text += text.slice(from, to);
      last.numbers = numbers;
    } else {
      all.push({ text: text.slice(from, to), quoted: isQuoted, numbers });
    }
  }
  return all;
}

/** Splits an answer into quoted and other runs, with the numbers of the points that the quotes make. */

/** A run of an answer. `numbers` are those of the quotes that end with it, `points` the indices of the points whose quotes
 * it is part of. */
export interface Run {
  text: string;
  numbers: number[];
  points: number[];
}

/** An answer with its quotes, numbered from 1 in the order of the text. `numbers` has them by the index of their point, for
 * the points whose quotes are in the answer. */
export interface Quoted {
  runs: Run[];
  numbers: ReadonlyMap<number, number>;
}

/** A quote that was found. */
interface Place {
  point: number;
  from: number;
  to: number;
}

/** Finds the evidence of each point, in the order of the points, in an answer. Words that occur twice are quoted where they
 * first occur, and evidence that is not there is left out. */
export function quoted(text: string, evidence: string[]): Quoted {
  const places = evidence
    .flatMap((quote, point) => {
      const trimmed = quote.trim();
      const from = trimmed === '' ? -1 : text.indexOf(trimmed);
      return from < 0 ? [] : [{ point, from, to: from + trimmed.length }];
    })
    .sort((a, b) => a.to - b.to);
  return { runs: runs(text, places), numbers: new Map(places.map(({ point }, index) => [point, index + 1])) };
}

/** Cuts the text where quotes begin and end. */
function runs(text: string, made: Place[]): Run[] {
  const cuts = [...new Set([0, text.length, ...made.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, at) => {
    const to = cuts[at + 1] ?? from;
    return {
      text: text.slice(from, to),
      numbers: made.flatMap((place, index) => (place.to === to ? [index + 1] : [])),
      points: made.filter((place) => place.from <= from && to <= place.to).map(({ point }) => point),
    };
  });
}

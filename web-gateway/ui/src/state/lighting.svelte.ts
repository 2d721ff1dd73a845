/** The point of an evaluation that is highlighted, with its words in the answer: the one under the pointer, or else the
 * chosen one. */
export class Lighting {
  #touched: number | undefined = $state();
  #chosen: number | undefined = $state();

  /** The index of the point. */
  get point(): number | undefined {
    return this.#touched ?? this.#chosen;
  }

  /** Notes which point is under the pointer; undefined when the pointer leaves. */
  touch(point: number | undefined): void {
    this.#touched = point;
  }

  /** Highlights a point, or stops if it is the chosen one already. */
  choose(point: number): void {
    this.#chosen = this.#chosen === point ? undefined : point;
  }
}

/** Short messages to the reader: seen for a while, and said to a screen reader. */

/** How long news is seen, in milliseconds. Errors stay until they are closed. */
const SEEN_MS = 6_000;
/** The least time between two messages to a screen reader, in milliseconds. */
const BETWEEN_MS = 1_000;

/** A message. */
export interface Notice {
  id: number;
  tone: 'news' | 'error';
  text: string;
}

/** The messages of the page. */
export class Notices {
  /** What is seen now, oldest first. */
  list: Notice[] = $state([]);
  /** What a screen reader is to say now. */
  spoken = $state('');
  #next = 1;
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Tells news. */
  tell(text: string): void {
    const id = this.#add('news', text);
    setTimeout(() => this.close(id), SEEN_MS);
  }

  /** Tells what went wrong. The same again is told once. */
  complain(text: string): void {
    if (!this.list.some((notice) => notice.text === text)) this.#add('error', text);
  }

  /** Takes a message away. */
  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** Takes all away, also what is said and is still to be said. */
  clear(): void {
    this.list = [];
    this.spoken = '';
    this.#waiting = [];
  }

  /** Has a screen reader say something, after what it is saying. */
  say(text: string): void {
    this.#waiting.push(text);
    if (this.#timer === undefined) this.#sayNext();
  }

  #add(tone: Notice['tone'], text: string): number {
    const id = this.#next;
    this.#next += 1;
    this.list = [...this.list, { id, tone, text }].slice(-3);
    this.say(text);
    return id;
  }

  #sayNext(): void {
    const text = this.#waiting.shift();
    if (text === undefined) {
      this.#timer = undefined;
      return;
    }
    this.spoken = text;
    this.#timer = setTimeout(() => this.#sayNext(), BETWEEN_MS);
  }
}

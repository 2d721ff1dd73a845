/** Short messages, shown for a while and spoken by screen readers. */

/** How long news is shown, in milliseconds. Errors stay until they are closed. */
const SEEN_MS = 6_000;
/** The minimum time between two messages to a screen reader, in milliseconds. */
const BETWEEN_MS = 1_000;

/** A message. */
export interface Notice {
  id: number;
  tone: 'news' | 'error';
  text: string;
  /** What the user can do about it while it is shown. */
  offer?: Offer | undefined;
}

/** Something that the user can do, with the words of its button. */
export interface Offer {
  words: string;
  take: () => void;
}

/** The messages of the page. */
export class Notices {
  /** The messages that are shown, oldest first. */
  list: Notice[] = $state([]);
  /** What screen readers speak now. */
  spoken = $state('');
  #next = 1;
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Shows news for a while, or for as long as an offer lasts. */
  tell(text: string, offer?: Offer, seenMs = SEEN_MS): void {
    const id = this.#add('news', text, offer);
    setTimeout(() => this.close(id), seenMs);
  }

  /** Takes the newest offer, if there is one. */
  takeOffer(): void {
    const notice = this.list.findLast(({ offer }) => offer);
    if (!notice) return;
    this.close(notice.id);
    notice.offer?.take();
  }

  /** Shows what went wrong. The same message is shown only once at a time. */
  complain(text: string): void {
    if (!this.list.some((notice) => notice.text === text)) this.#add('error', text);
  }

  /** Removes a message. */
  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** Removes all messages, including those being spoken or waiting to be. */
  clear(): void {
    this.list = [];
    this.spoken = '';
    this.#waiting = [];
  }

  /** Has screen readers speak a text after what they are speaking. */
  say(text: string): void {
    this.#waiting.push(text);
    if (this.#timer === undefined) this.#sayNext();
  }

  #add(tone: Notice['tone'], text: string, offer?: Offer): number {
    const id = this.#next;
    this.#next += 1;
    this.list = [...this.list, { id, tone, text, offer }].slice(-3);
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

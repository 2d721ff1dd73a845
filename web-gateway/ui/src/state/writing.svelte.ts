/** An answer that is being written. It belongs to one question throughout, whatever the page shows meanwhile: saving,
 * submitting and deleting a draft go through it alone. */

import { untrack } from 'svelte';
import type { Draft, Drafts } from '../lib/drafts.js';
import { answerFault } from '../lib/forms.js';
import { Held, keptFor, type Kept } from '../lib/held.js';
import { neutral } from '../lib/neutral.js';
import { Stopwatch } from './stopwatch.svelte.js';

/** How long after the last key, and at the latest after the first unsaved one, a draft is saved, in milliseconds. */
const IDLE_MS = 500;
const BUSY_MS = 4_000;

/** The text of an answer, with its draft. */
export class Writing {
  /** The interview of the question; undefined for a point to review. */
  readonly interview: bigint | undefined;
  readonly question: bigint | string;
  readonly stopwatch: Stopwatch;
  /** The text in this window. */
  text = $state('');
  /** When it was last saved; undefined if it is not. */
  savedAt: number | undefined = $state();
  /** Other drafts for the question, written by other windows. */
  others: Kept[] = $state.raw([]);

  readonly #drafts: Drafts;
  readonly #rule: (text: string) => string | undefined;
  /** Returns the question's current answer, from whichever window. */
  readonly #answer: () => string | undefined;
  /** The answer that the question had when this was opened. */
  readonly #answerBefore: string | undefined;
  #held: Held;
  /** Whether the user has typed here: then the text stays until they want another. */
  #isTyped = $state(false);
  #isDismissed = $state(false);
  #isSaved = true;
  #unsavedSince = 0;
  #isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `rule` says what is wrong with a text. */
  constructor(
    drafts: Drafts,
    interview: bigint | undefined,
    question: bigint | string,
    answer: () => string | undefined,
    rule = answerFault,
  ) {
    this.interview = interview;
    this.question = question;
    this.#drafts = drafts;
    this.#rule = rule;
    this.#answer = answer;
    this.#answerBefore = untrack(answer);
    this.#held = this.#newest();
    const draft = this.#held.draft;
    this.text = draft?.text ?? '';
    this.savedAt = draft?.savedAt;
    this.stopwatch = new Stopwatch(draft?.elapsedMs ?? 0);
    this.#listOthers();
  }

  /** Whether the question was answered elsewhere while something else was being written here. */
  get isOvertaken(): boolean {
    const answer = this.#answer();
    if (answer === undefined || this.#isDismissed || isSame(answer, this.#answerBefore)) return false;
    return (this.#isTyped || this.text.trim() !== '') && !isSame(answer, this.text);
  }

  /** What is wrong with the text; undefined if it can be submitted. */
  get fault(): string | undefined {
    return this.#rule(this.text);
  }

  /** Saves the draft whenever the page may be closed, and follows other windows, until the returned function is called. */
  start(): () => void {
    const save = () => this.save();
    const heard = ({ key }: StorageEvent) => {
      if (key === null || key.startsWith(this.#drafts.name(this.question))) this.look();
    };
    // A sleeping window gets no events.
    const seen = () => (document.hidden ? this.save() : this.look());
    addEventListener('pagehide', save);
    addEventListener('storage', heard);
    document.addEventListener('visibilitychange', seen);
    return () => {
      removeEventListener('pagehide', save);
      removeEventListener('storage', heard);
      document.removeEventListener('visibilitychange', seen);
      this.save();
    };
  }

  /** Takes in the typed text and saves it once nothing has been typed for a moment. */
  type(text: string): void {
    this.text = text;
    this.#isTyped = true;
    if (this.#isSaved) this.#unsavedSince = Date.now();
    this.#isSaved = false;
    clearTimeout(this.#timer);
    // Otherwise nothing would be saved while somebody types without a pause.
    const left = this.#unsavedSince + BUSY_MS - Date.now();
    this.#timer = setTimeout(() => this.save(), Math.max(0, Math.min(IDLE_MS, left)));
  }

  /** Starts with the text of an answer to improve, unless something is written already. */
  beginWith(text: string): void {
    if (this.text === '' && !this.#isTyped && !this.#isOver) this.#begin(text, undefined);
  }

  /** Saves the draft at once if it has changed. */
  save(): void {
    clearTimeout(this.#timer);
    if (this.#isSaved || this.#isOver) return;
    this.#keep();
  }

  /** Saves the draft at once even if it has not changed. */
  saveAgain(): void {
    this.#isSaved = false;
    this.save();
  }

  /** Checks whether another window has replaced the draft. The new one is taken over if nothing is lost by that; otherwise the
   * text here is saved beside it, unless the draft was just deleted. */
  look(): void {
    if (this.#isOver) return;
    if (!this.#held.isCurrent) {
      const there = this.#drafts.read(this.#held.name);
      if (!this.#isTyped || there?.text.includes(this.text.trim())) this.#take();
      else if (there) this.saveAgain();
      else this.savedAt = undefined;
    }
    this.#listOthers();
  }

  /** Counts the text as typed here, because the user is about to submit it. */
  stand(): void {
    this.#isTyped = true;
    this.save();
  }

  /** Whether it was submitted, so that nothing can be done with it any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Deletes the draft of the submitted text, and only that. */
  submitted(): void {
    clearTimeout(this.#timer);
    this.#isOver = true;
    this.#held.drop();
  }

  /** Takes in that the question was answered elsewhere. A text that says the same is no longer a draft. A different one is
   * saved, because the other window may have deleted it. */
  settle(): void {
    const answer = this.#answer();
    untrack(() => {
      if (this.#isOver || answer === undefined || isSame(answer, this.#answerBefore)) return;
      if (this.isOvertaken && !this.#held.isCurrent) this.saveAgain();
      if (this.#isSaved && isSame(answer, this.text)) {
        this.#held.drop();
        this.#begin('', undefined);
      }
      this.#listOthers();
    });
  }

  /** Switches to another draft; this one stays beside it. */
  exchange(other: Kept): void {
    if (this.#isTyped) this.saveAgain();
    this.#held = new Held(this.#drafts, this.question, other.name);
    this.#take();
    this.#listOthers();
  }

  /** Deletes another draft. */
  forget(other: Kept): void {
    const held = new Held(this.#drafts, this.question, other.name);
    if (held.draft?.text === other.text) held.drop();
    this.#listOthers();
  }

  /** Shows the answer that was given elsewhere instead. */
  dismiss(): void {
    this.save();
    this.#isDismissed = true;
  }

  /** Whether the text differs from the question's answer. */
  get isAnother(): boolean {
    const answer = this.#answer();
    return answer !== undefined && this.text.trim() !== '' && !isSame(answer, this.text);
  }

  /** Returns the newest draft. One with the text of the answer is left over from a page that closed too early, and is deleted. */
  #newest(): Held {
    const [newest, ...rest] = keptFor(this.#drafts, this.question);
    const held = new Held(this.#drafts, this.question, newest?.name);
    if (!newest || !isSame(newest.text, this.#answerBefore)) return held;
    held.drop();
    return rest.length > 0 ? this.#newest() : held;
  }

  #keep(): void {
    const draft: Draft = {
      text: this.text,
      elapsedMs: this.stopwatch.ms,
      savedAt: Date.now(),
      ...(this.interview === undefined ? {} : { interview: `${this.interview}` }),
    };
    this.#held.keep(draft);
    this.savedAt = draft.savedAt;
    this.#isSaved = true;
    this.#listOthers();
  }

  /** Takes over the stored draft. */
  #take(): void {
    this.#held.look();
    const draft = this.#held.draft;
    this.#begin(draft?.text ?? '', draft?.savedAt);
  }

  #begin(text: string, savedAt: number | undefined): void {
    clearTimeout(this.#timer);
    this.text = text;
    this.savedAt = savedAt;
    this.#isTyped = false;
    this.#isSaved = true;
  }

  #listOthers(): void {
    const isMine = ({ name, text }: Kept) => text === this.text || (name === this.#held.name && this.#held.isCurrent);
    this.others = keptFor(this.#drafts, this.question).filter((kept) => !isMine(kept));
  }
}

/** Whether two texts are the same answer after the server has trimmed and neutralised them. */
function isSame(one: string, other: string | undefined): boolean {
  return other !== undefined && neutral(one).trim() === neutral(other).trim();
}

/** An answer while it is being written. It is about one question for as long as it lives, whatever the
 * page shows by then: what saves, submits or forgets a draft goes through it and asks nobody else. */

import { untrack } from 'svelte';
import type { Draft, Drafts } from '../lib/drafts.js';
import { answerFault } from '../lib/forms.js';
import { Held, keptFor, type Kept } from '../lib/held.js';
import { neutral } from '../lib/neutral.js';
import { Stopwatch } from './stopwatch.svelte.js';

/** How long after the last key a draft is kept, in milliseconds. */
const IDLE_MS = 500;

/** The text of an answer and what becomes of it. */
export class Writing {
  readonly interview: bigint;
  readonly question: bigint;
  readonly stopwatch: Stopwatch;
  /** What is written in this window. */
  text = $state('');
  /** When it was kept last; none when it is not kept. */
  savedAt: number | undefined = $state();
  /** Other texts that are kept for the question: other windows have written them. */
  others: Kept[] = $state.raw([]);

  readonly #drafts: Drafts;
  /** The answer that the question has by now, whoever gave it. */
  readonly #answer: () => string | undefined;
  /** The one that it had when this was begun. */
  readonly #answerBefore: string | undefined;
  #held: Held;
  /** Whether somebody has typed here: such a text stays until they want another. */
  #isTyped = $state(false);
  #isDismissed = $state(false);
  #isSaved = true;
  #isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(drafts: Drafts, interview: bigint, question: bigint, answer: () => string | undefined) {
    this.interview = interview;
    this.question = question;
    this.#drafts = drafts;
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

  /** What is wrong with the text as it stands; none when it can be submitted. */
  get fault(): string | undefined {
    return answerFault(this.text);
  }

  /** Keeps the draft whenever the page may go away, and hears of other windows, until the returned
   * function is called. */
  start(): () => void {
    const save = () => this.save();
    const heard = ({ key }: StorageEvent) => {
      if (key === null || key.startsWith(this.#drafts.name(this.question))) this.look();
    };
    // A window that sleeps hears of nothing.
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

  /** Takes what was typed; it is kept as soon as nothing is typed for a moment. */
  type(text: string): void {
    this.text = text;
    this.#isTyped = true;
    this.#isSaved = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), IDLE_MS);
  }

  /** Keeps the draft at once, if there is anything new in it. */
  save(): void {
    clearTimeout(this.#timer);
    if (this.#isSaved || this.#isOver) return;
    this.#keep();
  }

  /** Keeps the draft at once, also where it is kept already. */
  saveAgain(): void {
    this.#isSaved = false;
    this.save();
  }

  /** Looks at what other windows have kept in place of what is known here. It comes in where nothing is
   * lost by that; else what was typed here is kept beside it, unless the draft was only forgotten. */
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

  /** Somebody is about to submit the text that they see: it is theirs from now on. */
  stand(): void {
    this.#isTyped = true;
    this.save();
  }

  /** Whether it was submitted, and nothing can be done with it any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** What was written has been submitted: its draft goes, and only its. */
  submitted(): void {
    clearTimeout(this.#timer);
    this.#isOver = true;
    this.#held.drop();
  }

  /** After the question was answered elsewhere: a text that says the same is no draft any more, and
   * another one is kept, for whoever answered may have forgotten it. */
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

  /** Goes on with another text; this one stays beside it. */
  exchange(other: Kept): void {
    if (this.#isTyped) this.saveAgain();
    this.#held = new Held(this.#drafts, this.question, other.name);
    this.#take();
    this.#listOthers();
  }

  /** Forgets another text. */
  forget(other: Kept): void {
    const held = new Held(this.#drafts, this.question, other.name);
    if (held.draft?.text === other.text) held.drop();
    this.#listOthers();
  }

  /** Its author wants to see the answer that was given elsewhere. */
  dismiss(): void {
    this.save();
    this.#isDismissed = true;
  }

  /** Whether what is written here is another answer than the one that was given. */
  get isAnother(): boolean {
    const answer = this.#answer();
    return answer !== undefined && this.text.trim() !== '' && !isSame(answer, this.text);
  }

  /** The newest draft. One that says what was answered is none: the page went before it could go. */
  #newest(): Held {
    const [newest, ...rest] = keptFor(this.#drafts, this.question);
    const held = new Held(this.#drafts, this.question, newest?.name);
    if (!newest || !isSame(newest.text, this.#answerBefore)) return held;
    held.drop();
    return rest.length > 0 ? this.#newest() : held;
  }

  #keep(): void {
    const draft: Draft = { text: this.text, elapsedMs: this.stopwatch.ms, savedAt: Date.now(), interview: `${this.interview}` };
    this.#held.keep(draft);
    this.savedAt = draft.savedAt;
    this.#isSaved = true;
    this.#listOthers();
  }

  /** Takes over what is kept in place of what this window knows. */
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

/** Whether two texts are one answer: as the server keeps and shows it. */
function isSame(one: string, other: string | undefined): boolean {
  return other !== undefined && neutral(one).trim() === neutral(other).trim();
}

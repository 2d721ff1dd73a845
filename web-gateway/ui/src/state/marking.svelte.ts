/** Marking questions. Changes are sent at once, and a note that is being written is stored in this browser until the
 * server has it. */

import type { QuestionMark } from '#gen/viva/v1/interview_pb.js';
import type { Api } from '../lib/api.js';
import type { Drafts } from '../lib/drafts.js';
import { problemOf } from '../lib/errors.js';
import { changeWords, noteFault, setMark, subjectKey, toggled, type MarkChange, type Subject, type Toggle } from '../lib/marks.js';
import type { Notices } from './notices.svelte.js';

/** What marking needs of the page. */
export interface Tools {
  api: Api;
  drafts: Drafts;
  notices: Notices;
  /** Whether the same account is still signed in. */
  isMine: () => boolean;
  /** Takes in a mark as the server returned it. */
  put: (subject: Subject, mark: QuestionMark) => void;
}

/** The mark on one question. */
export class Marking {
  readonly subject: Subject;
  /** The note that is being written; undefined while it is closed. */
  text: string | undefined = $state();
  /** What is wrong with the note. */
  fault: string | undefined = $state();

  readonly #tools: Tools;
  /** Whether a change is being sent: a second one would be about a mark that is not known yet. */
  #isBusy = $state(false);

  constructor(subject: Subject, tools: Tools) {
    this.subject = subject;
    this.#tools = tools;
  }

  /** Whether a change is being sent. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Whether this browser has a note that differs from the server's. */
  hasDraft(mark: QuestionMark | undefined): boolean {
    // Typing changes the stored draft.
    void this.text;
    const draft = this.#draft();
    return draft !== undefined && draft !== (mark?.note ?? '');
  }

  /** Presses a button, or its key. */
  async toggle(toggle: Toggle, mark: QuestionMark | undefined): Promise<void> {
    if (toggle === 'again-soon' && !this.subject.isOfBank) return;
    await this.#change(toggled(toggle, mark), 'Nothing was changed.');
  }

  /** Opens the note: this browser's draft, or else the server's. */
  write(mark: QuestionMark | undefined): void {
    this.text ??= this.#draft() ?? mark?.note ?? '';
  }

  /** Takes in the typed text and stores it in this browser at once. */
  type(text: string): void {
    this.text = text;
    this.fault = undefined;
    const { drafts } = this.#tools;
    drafts.write(this.#name, { text, elapsedMs: 0, savedAt: Date.now(), interview: `${this.subject.interviewId}` });
  }

  /** Closes the note; what was typed stays in this browser. */
  close(): void {
    this.text = undefined;
    this.fault = undefined;
  }

  /** Saves the note on the server, then closes it. */
  async save(): Promise<void> {
    const text = this.text;
    if (text === undefined) return;
    this.fault = noteFault(text);
    if (this.fault !== undefined) return;
    if (!(await this.#change({ note: text }, 'Your note is saved in this browser.'))) return;
    // More may have been typed while it was being saved.
    if (this.text !== text) return;
    this.#forget();
    this.close();
  }

  /** Deletes this browser's draft of the note. */
  discard(): void {
    this.#forget();
    this.close();
  }

  async #change(change: MarkChange, otherwise: string): Promise<boolean> {
    if (this.#isBusy) return false;
    this.#isBusy = true;
    const { api, notices, put, isMine } = this.#tools;
    try {
      const mark = await setMark(api, this.subject, change);
      put(this.subject, mark);
      if (isMine()) notices.say(changeWords(change, mark));
      return true;
    } catch (cause) {
      if (isMine()) notices.complain(`${problemOf(cause).message} ${otherwise}`);
      return false;
    } finally {
      this.#isBusy = false;
    }
  }

  get #name(): string {
    return this.#tools.drafts.name(`note-${subjectKey(this.subject)}`);
  }

  #draft(): string | undefined {
    return this.#tools.drafts.read(this.#name)?.text;
  }

  #forget(): void {
    this.#tools.drafts.write(this.#name, { text: '', elapsedMs: 0, savedAt: 0 });
  }
}

/** The marks on the questions of a screen. */
export class Markings {
  readonly #tools: Tools;
  readonly #all = new Map<string, Marking>();

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /** Returns the mark on a question. */
  of(subject: Subject): Marking {
    const key = subjectKey(subject);
    const known = this.#all.get(key);
    if (known) return known;
    const marking = new Marking(subject, this.#tools);
    this.#all.set(key, marking);
    return marking;
  }
}

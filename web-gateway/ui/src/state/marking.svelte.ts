/** Marking questions: what was pressed is sent at once, and a note that is being written is kept in this
 * browser until the server has it. */

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
  /** Whether whoever has pressed something is still there. */
  isMine: () => boolean;
  /** Takes in a mark as the server has it now. */
  put: (subject: Subject, mark: QuestionMark) => void;
}

/** The mark on one question. */
export class Marking {
  readonly subject: Subject;
  /** The note as it is being written; none while it is not. */
  text: string | undefined = $state();
  /** What is wrong with it. */
  fault: string | undefined = $state();

  readonly #tools: Tools;
  /** Whether a change is on its way: a second one would be about a mark that is not known yet. */
  #isBusy = $state(false);

  constructor(subject: Subject, tools: Tools) {
    this.subject = subject;
    this.#tools = tools;
  }

  /** Whether a change is on its way. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Whether this browser keeps another note than the server has. */
  hasDraft(mark: QuestionMark | undefined): boolean {
    // Typing changes what is kept.
    void this.text;
    const draft = this.#draft();
    return draft !== undefined && draft !== (mark?.note ?? '');
  }

  /** Presses a button, or its key. */
  async toggle(toggle: Toggle, mark: QuestionMark | undefined): Promise<void> {
    if (toggle === 'again-soon' && !this.subject.isOfBank) return;
    await this.#change(toggled(toggle, mark), 'The mark is as it was.');
  }

  /** Begins to write the note: with the one that this browser keeps, else with the server's. */
  write(mark: QuestionMark | undefined): void {
    this.text ??= this.#draft() ?? mark?.note ?? '';
  }

  /** Takes what was typed; it is kept in this browser at once. */
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

  /** Saves the note on the server, and closes it once that is done. */
  async save(): Promise<void> {
    const text = this.text;
    if (text === undefined) return;
    this.fault = noteFault(text);
    if (this.fault !== undefined) return;
    if (!(await this.#change({ note: text }, 'The note is kept in this browser.'))) return;
    // What was typed meanwhile is not what was saved.
    if (this.text !== text) return;
    this.#forget();
    this.close();
  }

  /** Forgets the note that this browser keeps. */
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

  /** That of a question. */
  of(subject: Subject): Marking {
    const key = subjectKey(subject);
    const known = this.#all.get(key);
    if (known) return known;
    const marking = new Marking(subject, this.#tools);
    this.#all.set(key, marking);
    return marking;
  }
}

/** A server with one interview over the page's real wire format; tests control it. */

import { create, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import {
  AnswerSchema,
  EvaluationStatus,
  SubmitAnswerRequestSchema,
  SubmitAnswerResponseSchema,
  WatchInterviewResponseSchema,
  type Answer,
} from '#gen/viva/v1/answer_pb.js';
import { GetMeResponseSchema } from '#gen/viva/v1/auth_pb.js';
import {
  DeleteInterviewResponseSchema,
  InterviewSchema,
  ListInterviewsResponseSchema,
  ListTemplatesResponseSchema,
  PreviewInterviewResponseSchema,
} from '#gen/viva/v1/interview_pb.js';
import { GetReportResponseSchema } from '#gen/viva/v1/report_pb.js';
import App from '../../src/App.svelte';
import type { Viva } from '../../src/state/viva.svelte.js';
import { settled, shown, vivaOver } from './mount.js';
import { json, messageFrame, opened, refusal, replyWith } from './wire.js';

type Reply = (init: RequestInit) => Response | Promise<Response>;

/** The server. */
export class FakeServer {
  /** Answers by the number of their question. */
  readonly answers = new Map<number, Answer>();
  /** The texts that were submitted, in order. */
  readonly submitted: { question: bigint; text: string; key: string; durationMs: bigint }[] = [];
  /** Replies that replace the usual ones, by the name of the call. */
  readonly replies = new Map<string, Reply>();
  role = 'Rust engineer';
  username = 'ada';
  user = 7n;
  #watchers = new Set<ReadableStreamDefaultController<Uint8Array>>();
  #nextId = 100n;

  constructor(readonly questions = 3) {}

  /** Replaces the network. */
  readonly call: typeof fetch = async (input, init = {}) => {
    const path = new URL(String(input), 'http://viva.example').pathname;
    const name = path.split('/').at(-1) ?? '';
    const reply = this.replies.get(name);
    if (reply) return reply(init);
    if (path === '/session/logout') return json(204, undefined);
    if (path.startsWith('/session/')) return opened('a.b.c');
    return this.#rpc(name, init);
  };

  /** Adds an answer to a question: from another device or window, or graded. */
  answer(number: number, text: string, more: Pick<MessageInitShape<typeof AnswerSchema>, 'id' | 'attempt' | 'evaluation'> = {}): Answer {
    const id = (this.#nextId += 1n);
    const evaluation = { status: EvaluationStatus.PENDING };
    const answer = create(AnswerSchema, { id, questionId: BigInt(number), answerText: text, attempt: 1, evaluation, ...more });
    this.answers.set(number, answer);
    for (const watcher of this.#watchers) watcher.enqueue(messageFrame(WatchInterviewResponseSchema, { answer }));
    return answer;
  }

  async #rpc(name: string, init: RequestInit): Promise<Response> {
    switch (name) {
      case 'GetMe':
        return replyWith(GetMeResponseSchema, { user: { id: this.user, username: this.username } });
      case 'PreviewInterview':
        return replyWith(PreviewInterviewResponseSchema, {});
      case 'ListTemplates':
        return replyWith(ListTemplatesResponseSchema, {});
      case 'ListInterviews': {
        const interview = create(InterviewSchema, {
          id: 5n,
          role: this.role,
          level: 2,
          progress: { questions: this.questions, answered: this.answers.size },
        });
        return replyWith(ListInterviewsResponseSchema, { interviews: [interview] });
      }
      case 'DeleteInterview':
        return replyWith(DeleteInterviewResponseSchema, {});
      case 'GetReport': {
        const numbers = Array.from({ length: this.questions }, (_, at) => at + 1);
        const questions = numbers.map((number) => {
          const answer = this.answers.get(number);
          return { question: { id: BigInt(number), order: number, text: `Question number ${number}?` }, ...(answer ? { answer } : {}) };
        });
        return replyWith(GetReportResponseSchema, { report: { interviewId: 5n, role: this.role, level: 2, questions } });
      }
      case 'SubmitAnswer': {
        const body = new Uint8Array(await new Response(init.body).arrayBuffer());
        const asked = fromBinary(SubmitAnswerRequestSchema, body.slice(5));
        const { questionId: question, answerText: text, idempotencyKey: key, durationMs } = asked;
        this.submitted.push({ question, text, key, durationMs });
        return replyWith(SubmitAnswerResponseSchema, { answerId: this.answer(Number(question), text).id });
      }
      case 'WatchInterview':
        return this.#watch(init);
      default:
        return refusal(Code.Unimplemented, '');
    }
  }

  #watch({ signal }: RequestInit): Response {
    let mine: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        mine = controller;
        this.#watchers.add(controller);
        for (const answer of this.answers.values()) controller.enqueue(messageFrame(WatchInterviewResponseSchema, { answer }));
      },
    });
    signal?.addEventListener('abort', () => {
      if (this.#watchers.delete(mine)) mine.error(new DOMException('aborted', 'AbortError'));
    });
    return new Response(body, { headers: { 'content-type': 'application/grpc-web+proto' } });
  }
}

/** Opens the page at a path on that server and waits until it is idle. */
export async function pageOn(server: FakeServer, path: string): Promise<{ page: HTMLElement; viva: Viva }> {
  history.replaceState(null, '', path);
  const viva = vivaOver(server.call);
  await viva.screens.load();
  const page = shown(App, { viva });
  await viva.start(undefined);
  await settled();
  return { page, viva };
}

/** Returns the button or link with these words. */
export function control(page: HTMLElement, words: string | RegExp): HTMLElement {
  const all = [...page.querySelectorAll<HTMLElement>('button, a')];
  const said = (one: HTMLElement) => one.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  const found = all.find((one) => (typeof words === 'string' ? said(one) === words : words.test(said(one))));
  if (!found) throw new Error(`There is no ${String(words)}, only ${all.map(said).join(' | ')}`);
  return found;
}

/** Presses it. */
export async function press(page: HTMLElement, words: string | RegExp): Promise<void> {
  control(page, words).click();
  await settled();
}

/** Returns the answer's text field; undefined if the screen has no editor. */
export function area(page: HTMLElement): HTMLTextAreaElement | undefined {
  return page.querySelector<HTMLTextAreaElement>('#answer') ?? undefined;
}

/** Replaces the text of the field by typing. */
export async function type(page: HTMLElement, text: string): Promise<void> {
  const field = area(page);
  if (!field) throw new Error('There is nowhere to type.');
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await settled(1);
}

/** Submits the text without the time to take it back. */
export async function submit(page: HTMLElement): Promise<void> {
  await press(page, 'Submit');
  dispatchEvent(new Event('pagehide'));
  await settled();
}

/** Another window of this browser changes its storage, and this one gets the events. */
export async function elsewhere(change: () => void): Promise<void> {
  const before = { ...localStorage };
  change();
  const names = new Set([...Object.keys(before), ...Object.keys(localStorage)]);
  for (const key of names) {
    const newValue = localStorage.getItem(key);
    if (newValue !== (before[key] ?? null)) dispatchEvent(new StorageEvent('storage', { key, newValue, oldValue: before[key] ?? null }));
  }
  await settled();
}

/** What one account has loaded, stored for when the server is away: replies to reading calls, in IndexedDB. Signing out or
 * signing in to another account erases it. If the browser stores nothing or is full, the page works without it. */

import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { GetMeResponseSchema, type User } from '#gen/viva/v1/auth_pb.js';
import { InterviewService, ListInterviewsResponseSchema } from '#gen/viva/v1/interview_pb.js';
import { ReportService } from '#gen/viva/v1/report_pb.js';
import { LOADED } from './forgetting.js';

const STORE = 'replies';
/** The record that says whose replies these are. */
const OWNER = 'owner';
/** How long they are shown without the server, in milliseconds. An unused session ends after that time too. */
const LASTS_MS = 30 * 24 * 3_600_000;
/** The calls whose replies are kept. */
const KEPT = new Set(['ListInterviews', 'GetReport', 'GetProgress', 'ListTemplates', 'ListQuestionMarks', 'GetMemory']);

interface Reply {
  bytes: Uint8Array;
  /** When it arrived, in milliseconds since 1970. */
  at: number;
}

/** A kept reply, and when it arrived. */
export interface Found<M> {
  reply: M;
  at: number;
}

/** Returns the account that was last signed in in this browser and has not signed out. */
export async function lastUser(): Promise<User | undefined> {
  const kept = await within<Reply>('readonly', (store, done) => {
    read<Reply>(store, OWNER, done);
  });
  if (!kept || Date.now() - kept.at > LASTS_MS) return undefined;
  return fromBinary(GetMeResponseSchema, kept.bytes).user;
}

/** The replies of one account. */
export class Loaded {
  readonly #account: string;

  private constructor(account: string) {
    this.#account = account;
  }

  /** Opens the replies of the signed-in account and erases another account's. */
  static async of(user: User): Promise<Loaded> {
    const bytes = toBinary(GetMeResponseSchema, create(GetMeResponseSchema, { user }));
    await within('readwrite', (store) => {
      read<Reply>(store, OWNER, (owner) => {
        if (owner && fromBinary(GetMeResponseSchema, owner.bytes).user?.id !== user.id) store.clear();
        store.put({ bytes, at: Date.now() }, OWNER);
      });
    });
    return new Loaded(`${user.id}`);
  }

  /** Stores a reply to a call. */
  async keep<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    reply: MessageShape<O>,
  ): Promise<void> {
    const { interviewId } = request as { interviewId?: bigint };
    if (method.name === 'DeleteInterview' && interviewId !== undefined) return this.#drop(interviewId);
    if (!KEPT.has(method.name)) return;
    const kept: Reply = { bytes: toBinary(method.output, reply), at: Date.now() };
    await this.#mine('readwrite', (store) => void store.put(kept, this.#key(method, request)));
  }

  /** Returns the last reply to a call, if it is stored. */
  async find<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<Found<MessageShape<O>> | undefined> {
    const kept = await this.#mine<Reply>('readonly', (store, done) => read(store, this.#key(method, request), done));
    return kept && { reply: fromBinary(method.output, kept.bytes), at: kept.at };
  }

  /** Removes a deleted interview. */
  async #drop(interviewId: bigint): Promise<void> {
    const lists = this.#name(InterviewService.method.listInterviews);
    await this.#mine('readwrite', (store) => {
      store.delete(this.#key(ReportService.method.getReport, { interviewId }));
      const looking = store.openCursor(IDBKeyRange.bound(lists, `${lists}~`));
      looking.onsuccess = () => {
        const at = looking.result;
        if (!at) return;
        const { bytes, ...rest } = at.value as Reply;
        const list = fromBinary(ListInterviewsResponseSchema, bytes);
        list.interviews = list.interviews.filter(({ id }) => id !== interviewId);
        at.update({ ...rest, bytes: toBinary(ListInterviewsResponseSchema, list) });
        at.continue();
      };
    });
  }

  /** Works on the replies only if they are still this account's: another window may have signed out. */
  #mine<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore, done: (value: T | undefined) => void) => void): Promise<T | undefined> {
    return within<T>(mode, (store, done) => {
      read<Reply>(store, OWNER, (owner) => {
        const isMine = owner && `${fromBinary(GetMeResponseSchema, owner.bytes).user?.id}` === this.#account;
        if (isMine) work(store, done);
      });
    });
  }

  #name({ name }: DescMethodUnary): string {
    return `${this.#account} ${name} `;
  }

  #key<I extends DescMessage>(method: DescMethodUnary<I>, request: MessageInitShape<I>): string {
    return this.#name(method) + toBinary(method.input, create(method.input, request)).join();
  }
}

function read<T>(store: IDBObjectStore, key: string, then: (value: T | undefined) => void): void {
  const reading: IDBRequest<T | undefined> = store.get(key);
  reading.onsuccess = () => then(reading.result);
}

/** Runs a transaction and returns its result once it is committed; undefined if the browser refuses. */
async function within<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore, done: (value: T | undefined) => void) => void,
): Promise<T | undefined> {
  let database: IDBDatabase | undefined;
  try {
    const place = await opened();
    database = place;
    return await new Promise<T | undefined>((done, fail) => {
      let value: T | undefined;
      const transaction = place.transaction(STORE, mode);
      transaction.oncomplete = () => done(value);
      transaction.onabort = () => fail(transaction.error);
      work(transaction.objectStore(STORE), (found) => (value = found));
    });
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const opening = indexedDB.open(LOADED, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => fail(opening.error);
  });
}

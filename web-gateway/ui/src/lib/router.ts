/** Paths and what they show. Pure: going there is `state/navigation`'s. */

/** What a path shows. `question` is its place in the interview, from 1 on. */
export type Route =
  | { name: 'dashboard' }
  | { name: 'sign-in'; next: string }
  | { name: 'register'; next: string }
  | { name: 'new' }
  | { name: 'interview'; id: bigint; question: number | undefined }
  | { name: 'report'; id: bigint }
  | { name: 'progress' }
  | { name: 'starred' }
  | { name: 'account' }
  | { name: 'unknown' };

/** What the path, with its query, shows. */
export function parse(url: string): Route {
  const [path = '', query = ''] = url.split('?', 2);
  const parts = path.split('/').filter((part) => part !== '');
  const [first, second, third] = parts;
  if (parts.length === 0) return { name: 'dashboard' };
  if (parts.length === 1) return parseOne(first ?? '', query);
  const id = first === 'interviews' ? idOf(second) : undefined;
  if (id === undefined || parts.length > 3) return { name: 'unknown' };
  if (third === 'report') return { name: 'report', id };
  if (third === undefined) return { name: 'interview', id, question: undefined };
  const question = /^[1-9]\d{0,3}$/.test(third) ? Number(third) : undefined;
  return question === undefined ? { name: 'unknown' } : { name: 'interview', id, question };
}

function parseOne(part: string, query: string): Route {
  switch (part) {
    case 'new':
    case 'progress':
    case 'starred':
    case 'account':
      return { name: part };
    case 'sign-in':
    case 'register':
      return { name: part, next: nextOf(query) };
    default:
      return { name: 'unknown' };
  }
}

/** An id of the database: a positive 64-bit integer. */
function idOf(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[1-9]\d{0,18}$/.test(text)) return undefined;
  const id = BigInt(text);
  return id <= 9_223_372_036_854_775_807n ? id : undefined;
}

/** Where to go after signing in: only to a path of this page's own. */
function nextOf(query: string): string {
  const next = new URLSearchParams(query).get('next') ?? '/';
  // Two slashes, or a backslash, would be another host's.
  if (!/^\/(?![/\\])/.test(next)) return '/';
  const route = parse(next);
  return route.name === 'unknown' || isOpen(route) ? '/' : next;
}

/** Whether a route is shown to somebody who has not signed in. */
export function isOpen(route: Route): boolean {
  return route.name === 'sign-in' || route.name === 'register';
}

/** The path of signing in, coming back to `from`. */
export function signInPath(from: string): string {
  return from === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(from)}`;
}

/** The path of an interview, at a question from 1 on. */
export function interviewPath(id: bigint, question?: number): string {
  return question === undefined ? `/interviews/${id}` : `/interviews/${id}/${question}`;
}

/** The path of an interview's report. */
export function reportPath(id: bigint): string {
  return `/interviews/${id}/report`;
}

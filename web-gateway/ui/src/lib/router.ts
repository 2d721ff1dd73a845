/** Paths and what they show. `state/navigation` does the navigating. */

/** What a path shows. `question` is a question's number in the interview, from 1; `again` means that it is answered again;
 * `drill` means ten minutes of review, whatever is due. */
export type Route =
  | { name: 'dashboard' }
  | { name: 'sign-in'; next: string }
  | { name: 'register'; next: string }
  | { name: 'new' }
  | { name: 'interview'; id: bigint; question: number | undefined; again?: true }
  | { name: 'report'; id: bigint }
  | { name: 'progress' }
  | { name: 'starred' }
  | { name: 'review'; drill?: true }
  | { name: 'sample' }
  | { name: 'account' }
  | { name: 'unknown' };

/** Returns what a path, with its query, shows. */
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
  if (question === undefined) return { name: 'unknown' };
  return { name: 'interview', id, question, ...(query === 'again' && { again: true }) };
}

function parseOne(part: string, query: string): Route {
  switch (part) {
    case 'new':
    case 'progress':
    case 'starred':
    case 'sample':
    case 'account':
      return { name: part };
    case 'review':
      return { name: part, ...(query === 'drill' && { drill: true }) };
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

/** Where to go after signing in: only to a path of this page. */
function nextOf(query: string): string {
  const next = new URLSearchParams(query).get('next') ?? '/';
  // Two slashes, or a slash and a backslash, would lead to another host.
  if (!/^\/(?![/\\])/.test(next)) return '/';
  const route = parse(next);
  return route.name === 'unknown' || isOpen(route) ? '/' : next;
}

/** Whether a route is shown without a session. */
export function isOpen(route: Route): boolean {
  return route.name === 'sign-in' || route.name === 'register';
}

/** The path of signing in, returning to `from`. */
export function signInPath(from: string): string {
  return from === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(from)}`;
}

/** The path of an interview, at a question if one is given. */
export function interviewPath(id: bigint, question?: number): string {
  return question === undefined ? `/interviews/${id}` : `/interviews/${id}/${question}`;
}

/** The path of answering a question of an interview again. */
export function againPath(id: bigint, question: number): string {
  return `${interviewPath(id, question)}?again`;
}

/** The path of an interview's report. */
export function reportPath(id: bigint): string {
  return `/interviews/${id}/report`;
}

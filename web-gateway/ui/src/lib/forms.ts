/** What can be said about a form before it is sent. The server checks all of it again. */

import { characterCount } from './words.js';

/** The faults of a form by field; empty when there are none. */
export type Faults = Record<string, string>;

/** Signing in needs both fields. */
export function signInFaults(username: string, password: string): Faults {
  return {
    ...(username.trim() === '' ? { username: 'Please enter your username' } : {}),
    ...(password === '' ? { password: 'Please enter your password' } : {}),
  };
}

/** An account's rules. */
export function registrationFaults(username: string, email: string, password: string): Faults {
  const name = characterCount(username.normalize('NFC'));
  return {
    ...(name < 3 || name > 50 ? { username: 'Username must be 3 to 50 characters' } : {}),
    ...(isEmail(email) ? {} : { email: 'Please enter a valid email address' }),
    ...passwordFault('password', password),
  };
}

/** A new password's rules. */
export function passwordFault(field: string, password: string): Faults {
  // As the server counts: an accent that is typed apart from its letter is no character of its own.
  const length = Array.from(password.normalize('NFC')).length;
  if (length < 8) return { [field]: 'Password must be at least 8 characters' };
  return length > 128 ? { [field]: 'Password must be at most 128 characters' } : {};
}

/** What the form for an interview holds of texts. */
export function planFaults(plan: { role: string; templateId: string; jobDescription: string }): Faults {
  const role = characterCount(plan.role);
  const advert = characterCount(plan.jobDescription);
  return {
    ...(role === 0 && plan.templateId === '' ? { role: 'Please enter a role, or choose an interview above' } : {}),
    ...(role > 100 ? { role: 'Role must be at most 100 characters' } : {}),
    ...(advert > 20_000 ? { job_description: 'Job advert must be at most 20,000 characters' } : {}),
  };
}

/** What is wrong with an answer as it stands; none when it can be sent. */
export function answerFault(text: string): string | undefined {
  const length = characterCount(text);
  if (length < 10) return 'Answer must be at least 10 characters';
  return length > 20_000 ? 'Answer must be at most 20,000 characters' : undefined;
}

/** As much as can be told of an address without writing to it. */
function isEmail(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length <= 100 && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(trimmed);
}

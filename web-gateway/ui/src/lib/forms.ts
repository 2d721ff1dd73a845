/** Checks of forms before they are sent. The server checks everything again. */

import { characterCount } from './words.js';

/** The faults of a form by field; empty if it has none. */
export type Faults = Record<string, string>;

/** Signing in needs both fields. */
export function signInFaults(username: string, password: string): Faults {
  return {
    ...(username.trim() === '' ? { username: 'Please enter your username' } : {}),
    ...(password === '' ? { password: 'Please enter your password' } : {}),
  };
}

/** The rules for a new account. */
export function registrationFaults(username: string, email: string, password: string): Faults {
  const name = characterCount(username.normalize('NFC'));
  return {
    ...(name < 3 || name > 50 ? { username: 'Username must be 3 to 50 characters' } : {}),
    ...(isEmail(email) ? {} : { email: 'Please enter a valid email address' }),
    ...passwordFault('password', password),
  };
}

/** The rules for a new password. */
export function passwordFault(field: string, password: string): Faults {
  // As the server counts: an accent that is typed separately does not count as a character.
  const length = Array.from(password.normalize('NFC')).length;
  if (length < 8) return { [field]: 'Password must be at least 8 characters' };
  return length > 128 ? { [field]: 'Password must be at most 128 characters' } : {};
}

/** The rules for the texts of a new interview. */
export function planFaults(plan: { role: string; templateId: string; jobDescription: string }): Faults {
  const role = characterCount(plan.role);
  const advert = characterCount(plan.jobDescription);
  return {
    ...(role === 0 && plan.templateId === '' ? { role: 'Please enter a role, or choose a ready-made interview' } : {}),
    ...(role > 100 ? { role: 'Role must be at most 100 characters' } : {}),
    ...(advert > 20_000 ? { job_description: 'Job advert must be at most 20,000 characters' } : {}),
  };
}

/** What is wrong with an answer; undefined if it can be sent. */
export function answerFault(text: string): string | undefined {
  const length = characterCount(text);
  if (length < 10) return 'Answer must be at least 10 characters';
  return length > 20_000 ? 'Answer must be at most 20,000 characters' : undefined;
}

/** Whether a text looks like an email address. */
function isEmail(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length <= 100 && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(trimmed);
}

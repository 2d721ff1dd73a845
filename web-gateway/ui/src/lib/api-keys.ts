/** API keys: the account screen's calls and words. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AuthService, Scope, type ApiKey, type CreateApiKeyResponse } from '#gen/viva/v1/auth_pb.js';
import type { Api } from './api.js';
import { day, millis } from './time.js';

/** The scopes that a key may have, each with its word and meaning. */
export const SCOPES = [
  [Scope.READ, 'read', 'interviews, answers and reports'],
  [Scope.PRACTISE, 'practise', 'create, answer and delete interviews, and read them'],
  [Scope.GRADE, 'grade', 'answers that belong to no interview'],
] as const;

/** How long a key may last, in days and in words; 0 means forever. */
export const LIFETIMES = [
  [30, 'in 30 days'],
  [90, 'in 90 days'],
  [365, 'in 1 year'],
  [0, 'never'],
] as const;

const DAY_MS = 86_400_000;

/** A key to create. */
export interface NewKey {
  name: string;
  scopes: Scope[];
  /** 0 means forever. */
  days: number;
}

/** The account's keys, newest first. */
export async function apiKeysOf(api: Api): Promise<ApiKey[]> {
  return (await api.call(AuthService.method.listApiKeys, {})).apiKeys;
}

/** Creates a key. Only this reply contains its secret. */
export function createApiKey(api: Api, { name, scopes, days }: NewKey, now: number): Promise<CreateApiKeyResponse> {
  const end = days > 0 ? { expiresAt: timestampFromMs(now + days * DAY_MS) } : {};
  return api.call(AuthService.method.createApiKey, { name: name.trim(), scopes, ...end });
}

/** Revokes a key; it stops working at once. */
export async function revokeApiKey(api: Api, apiKeyId: bigint): Promise<void> {
  await api.call(AuthService.method.revokeApiKey, { apiKeyId });
}

/** What is wrong with a key to create, by field. */
export function keyFaults({ name, scopes }: NewKey): Record<string, string> {
  return {
    ...(name.trim() === '' ? { name: 'Please enter a name' } : {}),
    ...(scopes.length === 0 ? { scopes: 'Choose at least one' } : {}),
  };
}

/** What a key may do, how long it works and when it was last used. */
export function keyWords(key: ApiKey, now: number): string {
  const words = SCOPES.filter(([scope]) => key.scopes.includes(scope)).map(([, word]) => word);
  const [end, used] = [millis(key.expiresAt), millis(key.lastUsedAt)];
  const lasts = end === undefined ? 'does not expire' : end <= now ? `expired ${day(end, now)}` : `works until ${day(end, now)}`;
  return [words.join(', '), lasts, used === undefined ? 'never used' : `used ${day(used, now)}`].join(' · ');
}

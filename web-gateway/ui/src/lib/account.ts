/** Calls that only the account screen makes. */

import { AuthService } from '#gen/viva/v1/auth_pb.js';
import { EXPORT_DEADLINE_MS, type Api } from './api.js';
import { problemOf } from './errors.js';

/** Changes the account's password and ends its sessions on other devices. */
export async function changePassword(api: Api, currentPassword: string, newPassword: string): Promise<void> {
  await api.call(AuthService.method.changePassword, { currentPassword, newPassword });
}

/** Changes the account's time zone and returns it as the server spells it. */
export async function setTimeZone(api: Api, timeZone: string): Promise<string> {
  return (await api.call(AuthService.method.setTimeZone, { timeZone })).user?.timeZone ?? timeZone;
}

/** Everything that is stored about the account, as one JSON document. */
export async function exportAccount(api: Api): Promise<Blob> {
  // A stream cannot be repeated with a fresh token, so make a call first that can.
  await api.me();
  const chunks: BlobPart[] = [];
  try {
    for await (const { chunk } of api.stream(AuthService.method.exportAccount, {}, EXPORT_DEADLINE_MS)) chunks.push(chunk.slice());
  } catch (cause) {
    throw problemOf(cause);
  }
  return new Blob(chunks, { type: 'application/json' });
}
